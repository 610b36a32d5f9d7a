/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "system/mark.h"

#include "sys/store.h"

bool mark_leave(const char *kernel, struct error *err)
{
	struct arena arena = { 0 };
	const char *text = arena_printf(&arena, "%s\n", kernel);
	bool done = text ? store_file(MARK_FILE, text, err) : fail_no_memory(err);

	arena_free(&arena);
	return done;
}

void mark_forget(void)
{
	struct error ignored;

	(void)!store_remove(MARK_FILE, &ignored);
}

bool mark_is_there(const struct source *source, struct arena *arena)
{
	struct view text;

	/* What cannot be read is no mark: what is loaded is taken for somebody's wish, and stays. */
	return source_read(source, &MARK_FILE[1], arena, &text);
}
