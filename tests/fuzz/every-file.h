/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A source whose every file is the fuzzer's input. */
#pragma once

#include "fuzz.h"
#include "machine/source.h"

struct every_file {
	struct source source;
	struct view bytes;
};

static inline enum presence read_input(const struct source *source, const char *path,
	struct arena *arena, struct view *ret, struct error *err)
{
	const struct every_file *file = (const struct every_file *)(const void *)source;
	const char *copy = arena_string(arena, file->bytes);

	(void)path;
	(void)err;
	expect(copy != NULL);
	*ret = (struct view){ (const uint8_t *)copy, file->bytes.n };
	return IS_THERE;
}
