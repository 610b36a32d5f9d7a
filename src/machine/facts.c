/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reads files of one value through a source. */
#include "machine/facts.h"

struct view fact_text(const struct source *source, struct arena *arena, const char *path)
{
	struct view v;

	/* A path is NULL when there was no memory to build it. */
	if (!path || !source_read(source, path, arena, &v))
		return (struct view){ 0 };
	return text_trim(v);
}

bool fact_hex(const struct source *source, struct arena *arena, const char *path, uint64_t *ret)
{
	return text_hex(fact_text(source, arena, path), ret);
}

bool fact_decimal(const struct source *source, struct arena *arena, const char *path, uint64_t *ret)
{
	return text_decimal(fact_text(source, arena, path), ret);
}

enum answer fact_answer(const struct source *source, struct arena *arena, const char *path)
{
	struct view v = fact_text(source, arena, path);

	if (text_is(v, "1"))
		return ANSWER_YES;
	return text_is(v, "0") ? ANSWER_NO : ANSWER_UNKNOWN;
}

bool fact_unreadable(struct error *err)
{
	if (err->fault != FAULT_NO_MEMORY)
		err->fault = FAULT_MACHINE_UNREADABLE;
	return false;
}
