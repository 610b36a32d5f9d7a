/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A source whose files are a table: what one test wants to be there, and nothing else. */
#pragma once

#include <stdlib.h>
#include <string.h>

#include "machine/source.h"

struct table_file {
	const char *path;
	const char *text;
	size_t size;        /* of text; 0: up to its terminating zero */
	bool is_unreadable; /* it is there, as a file and as a folder, and cannot be read */
};

struct table_source {
	struct source source;
	const struct table_file *files;
	size_t count;
};

static inline enum presence table_failure(const char *path, struct error *err)
{
	fail(err, FAULT_FILE_UNREADABLE, "/%s cannot be read: Input/output error", path);
	return IS_UNREADABLE;
}

static inline enum presence table_read(const struct source *source, const char *path,
	struct arena *arena, struct view *ret, struct error *err)
{
	const struct table_source *t = (const struct table_source *)(const void *)source;

	for (size_t i = 0; i < t->count; i++) {
		const struct table_file *f = &t->files[i];
		size_t size = f->size || !f->text ? f->size : strlen(f->text);

		if (strcmp(f->path, path) != 0)
			continue;
		if (f->is_unreadable)
			return table_failure(path, err);
		if (!f->text)
			continue;
		*ret = (struct view){ (const uint8_t *)f->text, size };
		ret->p = (const uint8_t *)arena_string(arena, *ret);
		return ret->p ? IS_THERE : IS_UNREADABLE;
	}
	return IS_ABSENT;
}

/* Names in the order of the table, which a test writes as a folder would be listed. */
static inline enum presence table_list(const struct source *source, const char *path,
	struct arena *arena, const char *const **ret, struct error *err)
{
	const struct table_source *t = (const struct table_source *)(const void *)source;
	const char **names = arena_alloc_array(arena, t->count + 1, sizeof *names);
	size_t n = strlen(path), count = 0;

	for (size_t i = 0; i < t->count; i++) {
		const char *name = t->files[i].path + n + 1;
		const char *entry;

		if (t->files[i].is_unreadable && strcmp(t->files[i].path, path) == 0)
			return table_failure(path, err);
		if (strncmp(t->files[i].path, path, n) != 0 || t->files[i].path[n] != '/')
			continue;
		entry = arena_string(
			arena, (struct view){ (const uint8_t *)name, strcspn(name, "/") });
		if (!count || strcmp(names[count - 1], entry) != 0)
			names[count++] = entry;
	}
	if (count == 0)
		return IS_ABSENT;
	*ret = names;
	return IS_THERE;
}

/* For what reads open files, which are links: where one leads is the table's text. */
static inline enum presence table_link(const struct source *source, const char *path,
	struct arena *arena, const char **ret, struct error *err)
{
	struct view text;
	enum presence presence = table_read(source, path, arena, &text, err);

	if (presence == IS_THERE)
		*ret = (const char *)text.p;
	return presence;
}

#define TABLE_SOURCE(...)                                                     \
	((struct table_source){                                               \
		.source = { table_read, source_look_by_read, table_list },    \
		.files = (const struct table_file[]){ __VA_ARGS__ },          \
		.count = sizeof((const struct table_file[]){ __VA_ARGS__ }) / \
			sizeof(struct table_file),                            \
	})
