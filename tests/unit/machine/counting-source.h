/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A source that passes all on to another one and counts how often it was asked. */
#pragma once

#include "machine/source.h"

struct counting_source {
	struct source source; /* first in here */
	const struct source *from;
	unsigned calls;
};

static inline const struct source *counted(const struct source *source)
{
	struct counting_source *c = (struct counting_source *)(uintptr_t)source;

	c->calls++;
	return c->from;
}

static inline enum presence counting_read(const struct source *source, const char *path,
	struct arena *arena, struct view *ret, struct error *err)
{
	const struct source *from = counted(source);

	return from->read(from, path, arena, ret, err);
}

static inline enum presence counting_look(const struct source *source, const char *path,
	size_t limit, struct arena *arena, struct view *ret, struct error *err)
{
	const struct source *from = counted(source);

	return from->look(from, path, limit, arena, ret, err);
}

static inline enum presence counting_list(const struct source *source, const char *path,
	struct arena *arena, const char *const **ret, struct error *err)
{
	const struct source *from = counted(source);

	return from->list(from, path, arena, ret, err);
}

static inline struct counting_source counting_source_make(const struct source *from)
{
	return (struct counting_source){ .source = { counting_read, counting_look, counting_list },
		.from = from };
}
