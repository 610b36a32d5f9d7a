/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Machines whose files are a table: what entry_find makes of them. */
#pragma once

#include "test.h"

#include "../machine/table-source.h"
#include "entry/entry.h"

struct fixture {
	struct table_source source;
	struct arena arena;
	struct entries entries;
	struct error err;
};

static inline void fixture_find(struct fixture *x, struct table_source source)
{
	*x = (struct fixture){ .source = source };
	if (!entry_find(&x->source.source, &x->arena, &x->entries, &x->err))
		fail_msg("%s", x->err.reason);
}

static inline void fixture_end(struct fixture *x)
{
	arena_free(&x->arena);
}

/* By id; the test ends where there is none. */
static inline const struct entry *fixture_entry(const struct fixture *x, const char *id)
{
	for (size_t i = 0; i < x->entries.count; i++)
		if (strcmp(x->entries.items[i].id, id) == 0)
			return &x->entries.items[i];
	for (size_t i = 0; i < x->entries.count; i++)
		print_error("there is \"%s\"\n", x->entries.items[i].id);
	fail_msg("no entry \"%s\"", id);
	return NULL;
}

/* once: what an entry is told once by, "" where it cannot be; by: who reads it then. */
static inline void fixture_expect_once(struct table_source source, const char *id, const char *once,
	enum boot_once_by by, int line)
{
	const struct entry *e;
	struct fixture x;

	fixture_find(&x, source);
	e = fixture_entry(&x, id);
	if (strcmp(e->boot_once ? e->boot_once : "", once) != 0)
		fail_msg("line %d: it is \"%s\"", line, e->boot_once ? e->boot_once : "");
	if (e->boot_once_by != (once[0] ? by : ONCE_BY_NOTHING))
		fail_msg("line %d: by %d", line, e->boot_once_by);
	fixture_end(&x);
}

/* The id of the default, "" for none. */
static inline const char *fixture_default(const struct fixture *x)
{
	const char *id = "";

	for (size_t i = 0; i < x->entries.count; i++) {
		if (!x->entries.items[i].is_default)
			continue;
		assert_string_equal(id, "");
		id = x->entries.items[i].id;
	}
	return id;
}

static inline void assert_obstacle(const struct entry *entry, const char *text)
{
	if (!entry->obstacle || !strstr(entry->obstacle, text))
		fail_msg("obstacle is \"%s\", not with \"%s\"",
			entry->obstacle ? entry->obstacle : "", text);
}

static inline void assert_loadable(const struct entry *entry)
{
	if (entry->obstacle)
		fail_msg("%s: %s", entry->id, entry->obstacle);
}

#define UNAME(release) { "saut/uname", release " x86_64\n" }
#define EMPTY(path)    { path, "x" }
