/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "machine/strict.h"

#include "base/whole.h"
#include "machine/facts.h"

/* It is not const, though a source is. */
static struct strict *whole_of(const struct source *source)
{
	return WHOLE_OF(source, struct strict, source);
}

static enum presence keep(
	const struct source *source, enum presence presence, const struct error *err)
{
	struct strict *strict = whole_of(source);

	if (presence == IS_UNREADABLE && strict->first.fault == FAULT_NONE)
		strict->first = *err;
	return presence;
}

static enum presence read_file(const struct source *source, const char *path, struct arena *arena,
	struct view *ret, struct error *err)
{
	const struct source *from = whole_of(source)->from;

	return keep(source, from->read(from, path, arena, ret, err), err);
}

static enum presence look_at_file(const struct source *source, const char *path, size_t limit,
	struct arena *arena, struct view *ret, struct error *err)
{
	const struct source *from = whole_of(source)->from;

	return keep(source, from->look(from, path, limit, arena, ret, err), err);
}

static enum presence list_folder(const struct source *source, const char *path, struct arena *arena,
	const char *const **ret, struct error *err)
{
	const struct source *from = whole_of(source)->from;

	return keep(source, from->list(from, path, arena, ret, err), err);
}

static enum presence read_link(const struct source *source, const char *path, struct arena *arena,
	const char **ret, struct error *err)
{
	const struct source *from = whole_of(source)->from;

	return from->link ? keep(source, from->link(from, path, arena, ret, err), err) : IS_ABSENT;
}

struct strict strict_make(const struct source *from)
{
	return (struct strict){ .source = { read_file, look_at_file, list_folder, read_link },
		.from = from };
}

bool strict_check(const struct strict *strict, struct error *err)
{
	if (strict->first.fault == FAULT_NONE)
		return true;
	*err = strict->first;
	return fact_unreadable(err);
}
