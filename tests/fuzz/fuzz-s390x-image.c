/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Kernels of s390x. */
#include "fuzz.h"

#include "image/s390x-image.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct view file = { data, size };
	struct arena arena = { 0 };
	struct error err = { 0 };
	struct s390x_image image;

	if (!s390x_image_probe(file))
		return 0;
	if (!s390x_image_parse(file, &arena, &image, &err)) {
		expect_bad_file(&err);
		arena_free(&arena);
		return 0;
	}
	expect(image.command_line_size >= 16 && image.command_line_size < size);
	expect(S390X_COMMAND_LINE + image.command_line_size <= size);
	expect(strlen(image.version) < size);
	arena_free(&arena);
	return 0;
}
