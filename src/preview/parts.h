/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The parts of a preview, a file each. Not for other rooms. */
#pragma once

#include "preview/preview.h"

/* Each fills what its file is about; false when memory is out. */
bool preview_line(struct preview *preview, struct arena *arena) __attribute__((warn_unused_result));
bool preview_areas(struct preview *preview, struct arena *arena)
	__attribute__((warn_unused_result));

void preview_costs(struct preview *preview);
