/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What all sources share: the ways to ask them, and the order of names. */
#include "machine/source.h"

#include <string.h>

bool source_read(
	const struct source *source, const char *path, struct arena *arena, struct view *ret)
{
	struct error ignored;

	return source->read(source, path, arena, ret, &ignored) == IS_THERE;
}

bool source_list(
	const struct source *source, const char *path, struct arena *arena, const char *const **ret)
{
	struct error ignored;

	return source->list(source, path, arena, ret, &ignored) == IS_THERE;
}

bool source_take(const struct source *source, const char *path, struct arena *arena,
	struct view *ret, struct error *err)
{
	struct view none = { 0 };
	enum presence presence = source->read(source, path, arena, ret, err);

	if (presence == IS_ABSENT)
		*ret = none;
	return presence != IS_UNREADABLE;
}

bool source_take_names(const struct source *source, const char *path, struct arena *arena,
	const char *const **ret, struct error *err)
{
	enum presence presence = source->list(source, path, arena, ret, err);

	if (presence == IS_ABSENT)
		*ret = NULL;
	return presence != IS_UNREADABLE;
}

enum presence source_look_by_read(const struct source *source, const char *path, size_t limit,
	struct arena *arena, struct view *ret, struct error *err)
{
	enum presence presence = source->read(source, path, arena, ret, err);

	if (presence == IS_THERE)
		*ret = view_first(*ret, limit);
	return presence;
}

static bool is_number(const char *name)
{
	return *name && name[strspn(name, "0123456789")] == '\0';
}

bool source_names_have(const char *const *names, const char *name)
{
	for (size_t i = 0; names && names[i]; i++)
		if (strcmp(names[i], name) == 0)
			return true;
	return false;
}

int source_compare_names(const void *x, const void *y)
{
	const char *a = *(const char *const *)x, *b = *(const char *const *)y;
	bool a_counts = is_number(a), b_counts = is_number(b);

	if (a_counts != b_counts)
		return a_counts ? -1 : 1;
	if (a_counts) {
		size_t n, m;

		a += strspn(a, "0");
		b += strspn(b, "0");
		n = strlen(a);
		m = strlen(b);
		if (n != m)
			return n < m ? -1 : 1;
	}
	return strcmp(a, b);
}
