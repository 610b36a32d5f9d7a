/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A kernel's file that ends too early. */
#pragma once

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "image/image.h"

/* Each beginning of it is refused: as unknown before so many bytes, behind them as cut. */
static inline void assert_cut_is_told(struct arena *arena, struct view file, size_t recognised)
{
	for (size_t n = 0; n < file.n; n++) {
		uint8_t *copy = malloc(n ? n : 1);
		struct error err = { 0 };
		struct image image;

		assert_non_null(copy);
		memcpy(copy, file.p, n);
		assert_false(image_parse((struct view){ copy, n }, arena, &image, &err));
		assert_int_equal(
			err.fault, n < recognised ? FAULT_IMAGE_UNKNOWN : FAULT_IMAGE_TRUNCATED);
		free(copy);
	}
}
