/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What was true before a jump against what is true now. */
#pragma once

#include "confirm/witness.h"

/* What is missing now, each in words, NULL at the end; NULL itself: memory is out. */
const char *const *compare_witnesses(
	const struct witness *before, const struct witness *now, struct arena *arena);
