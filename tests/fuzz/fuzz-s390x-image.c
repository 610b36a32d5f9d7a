/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Kernels of s390x. The input is the first 8 bytes and what begins with the entry; what lies between
 * them, which nothing reads, is not part of it: inputs are at most as long as that alone.
 */
#include "fuzz.h"

#include "image/s390x-image.h"

#include <stdlib.h>
#include <string.h>

enum { START_SIZE = 8 };

static struct view whole_file(const uint8_t *data, size_t size)
{
	const size_t start = size < START_SIZE ? size : START_SIZE;
	const size_t n = size < START_SIZE ? size : S390X_ENTRY + size - START_SIZE;
	uint8_t *p = calloc(1, n ? n : 1);

	if (!p)
		abort();
	memcpy(p, data, start);
	if (size > START_SIZE)
		memcpy(p + S390X_ENTRY, data + START_SIZE, size - START_SIZE);
	return (struct view){ p, n };
}

static void parse(struct view file)
{
	struct arena arena = { 0 };
	struct error err = { 0 };
	struct s390x_image image;

	if (!s390x_image_parse(file, &arena, &image, &err)) {
		expect_bad_file(&err);
		arena_free(&arena);
		return;
	}
	expect(image.command_line_size >= 16 && image.command_line_size < file.n);
	expect(S390X_COMMAND_LINE + image.command_line_size <= file.n);
	expect(strlen(image.version) < file.n);
	arena_free(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct view file = whole_file(data, size);

	if (s390x_image_probe(file))
		parse(file);
	free((void *)(uintptr_t)file.p);
	return 0;
}
