/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The areas of a preview as rows of a map that a person can take in, whether the machine has five pieces of memory or
 * five hundred: what is loaded has a row each, a crowd of other pieces a few together.
 */
#pragma once

#include "preview/preview.h"

struct preview_row {
	struct range span;                 /* from the first piece to the end of the last */
	const struct preview_area *single; /* the one that it is; NULL: there are several */
	size_t count;
	uint64_t sizes[PREVIEW_USES]; /* bytes of each use in it */
	uint64_t size;                /* of all of them: less than the span where there are holes */
};

/* By address. False when memory is out. */
bool preview_map(const struct preview *preview, struct arena *arena, const struct preview_row **ret,
	size_t *ret_count) __attribute__((warn_unused_result));

/* How long a bar for so many bytes is, of at most so many units: by the number of binary digits. */
unsigned preview_length(uint64_t bytes, unsigned longest);
