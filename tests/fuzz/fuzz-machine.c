/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Feeds every parser of a Machine at once: the input is a folder, written as records of
 *
 *	PATH NUL TEXT NUL
 *
 * A folder with /proc/iomem alone is one record. Whatever the text says, the ranges that come out
 * must be what range.h promises of normalised ones.
 */
#include <stdlib.h>
#include <string.h>

#include "machine/machine.h"

enum { FILES_MAX = 256 };

struct folder {
	struct source source;
	struct {
		struct view path, text;
	} files[FILES_MAX];
	size_t count;
};

static bool cut(struct view *data, struct view *ret)
{
	const uint8_t *end = data->n ? memchr(data->p, 0, data->n) : NULL;

	*ret = view_first(*data, end ? (uint64_t)(end - data->p) : data->n);
	*data = view_from(*data, ret->n + 1);
	return ret->n != 0;
}

static bool folder_read(
	const struct source *source, const char *path, struct arena *arena, struct view *ret)
{
	const struct folder *f = (const struct folder *)(const void *)source;

	for (size_t i = 0; i < f->count; i++) {
		if (!view_equal(f->files[i].path, view_of_string(path)))
			continue;
		*ret = f->files[i].text;
		ret->p = (const uint8_t *)arena_string(arena, *ret);
		return ret->p != NULL;
	}
	return false;
}

static bool folder_list(
	const struct source *source, const char *path, struct arena *arena, const char *const **ret)
{
	const struct folder *f = (const struct folder *)(const void *)source;
	const char **names = arena_alloc_array(arena, FILES_MAX + 1, sizeof *names);
	struct view folder = view_of_string(path);
	size_t count = 0;

	for (size_t i = 0; i < f->count; i++) {
		struct view name = view_from(f->files[i].path, folder.n + 1), part;
		size_t n = 0;

		if (!view_starts_with(f->files[i].path, folder) ||
			!view_has_at(f->files[i].path, folder.n, "/"))
			continue;
		while (n < name.n && name.p[n] != '/')
			n++;
		part = view_first(name, n);
		if (!count || !view_equal(part, view_of_string(names[count - 1])))
			names[count++] = arena_string(arena, part);
	}
	*ret = names;
	return count != 0;
}

static void check(const struct ranges *set)
{
	for (size_t i = 0; i < set->count; i++)
		if (set->items[i].size == 0 || range_end(set->items[i]) < set->items[i].start ||
			(i && set->items[i].start <= range_end(set->items[i - 1])))
			abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct folder f = { .source = { folder_read, folder_list } };
	struct view rest = { data, size };
	struct arena arena = { 0 };
	struct error err = { 0 };
	struct machine m;

	while (f.count < FILES_MAX && cut(&rest, &f.files[f.count].path)) {
		(void)cut(&rest, &f.files[f.count].text);
		f.count++;
	}
	if (machine_capture(&f.source, &arena, &m, &err)) {
		check(&m.ram);
		check(&m.reserved);
		for (size_t i = 0; i < m.reserved.count; i++)
			if (!ranges_contain(&m.ram, m.reserved.items[i]))
				abort();
	} else if (!err.reason[0]) {
		abort();
	}
	(void)machine_kexec_ability(&f.source, &arena);
	arena_free(&arena);
	return 0;
}
