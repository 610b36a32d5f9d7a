/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A core's log: whatever the core says, only bytes of it are read, and only what steers no terminal is put out. */
#include "fuzz.h"

#include <string.h>

#include "crash/core-log.h"

struct input {
	struct big_file file;
	struct view bytes;
};

static bool read_bytes(
	const struct big_file *file, uint64_t offset, struct block *to, struct error *err)
{
	const struct input *input = (const void *)file;
	struct view v;

	(void)err;
	expect(view_sub(input->bytes, offset, to->n, &v));
	if (to->n)
		memcpy(to->p, v.p, to->n);
	return true;
}

static void put(void *context, struct view text)
{
	(void)context;
	for (size_t i = 0; i < text.n; i++)
		expect((text.p[i] >= ' ' && text.p[i] <= '~') || text.p[i] == '\n' ||
			text.p[i] == '\t');
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct input input = { { read_bytes, size }, { data, size } };
	struct log_sink sink = { .put = put };
	struct arena arena = { 0 };
	struct error err = { 0 };
	struct core core;

	if (!core_open(&input.file, &arena, &core, &err) || !core_log_read(&core, &sink, &err))
		expect_bad_file(&err);
	arena_free(&arena);
	return 0;
}
