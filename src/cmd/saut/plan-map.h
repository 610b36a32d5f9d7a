/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What both drawings of the memory say alike. */
#pragma once

#include "preview/map.h"

enum { PLAN_BAR = 20 };

/* How a row's bar is divided among the uses: cells that make length together, each use that is there at least one. */
void plan_bar(const struct preview_row *row, unsigned length, unsigned ret[static PREVIEW_USES]);

/* What a row is, in the user's language and without its size: "initrd", "31 pieces"; NULL when memory is out. */
const char *plan_row_text(const struct preview_row *row, struct arena *arena);

/* What the uses are called under a drawing. */
extern const char *const plan_use_texts[PREVIEW_USES];

/* On standard output. */
void plan_map_show(const struct preview *preview);
