/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "service/loading.h"

#include <stddef.h>
#include <string.h>

#include "machine/boot-id.h"
#include "entry/ground/places.h"
#include "machine/text.h"
#include "service/quoted.h"

enum { INITRDS_MAX = 256 }; /* more than can be loaded */

static const char *const loaders[LOADERS] = {
	[LOADER_UNKNOWN] = "unknown",
	[LOADER_SERVICE] = "service",
	[LOADER_SAUT] = "saut",
	[LOADER_KEXEC] = "kexec",
	[LOADER_LIBRARY] = "libsaut",
};

/* The same table for both ways, so that what is written is what is read. */
static const struct text_row {
	const char *name;
	size_t offset;
	bool may_be_null;
} texts[] = {
	{ "TITLE", offsetof(struct loading, title), false },
	{ "KERNEL", offsetof(struct loading, kernel), false },
	{ "RELEASE", offsetof(struct loading, release), false },
	{ "COMMAND_LINE", offsetof(struct loading, command_line), true },
	{ "CALL", offsetof(struct loading, call), true },
};

enum { TEXTS = sizeof texts / sizeof *texts };

static const char **text_at(struct loading *l, const struct text_row *row)
{
	return (const char **)(void *)((char *)l + row->offset);
}

const char *loader_name(enum loader loader)
{
	return loaders[loader];
}

static const char *with_line(
	const char *s, const char *name, const char *value, struct arena *arena)
{
	const char *q = s ? quoted(value, arena) : NULL;

	return q ? arena_printf(arena, "%s%s=%s\n", s, name, q) : NULL;
}

/* INITRDS says how many there are, so that none at all is not unknown. */
static const char *with_initrds(const char *s, const char *const *initrds, struct arena *arena)
{
	size_t n = 0;

	if (!initrds)
		return s;
	for (; s && initrds[n]; n++) {
		const char *name = arena_printf(arena, "INITRD_%zu", n);

		s = name ? with_line(s, name, initrds[n], arena) : NULL;
	}
	return s ? arena_printf(arena, "%sINITRDS=%zu\n", s, n) : NULL;
}

const char *loading_text(const struct loading *loading, struct arena *arena)
{
	struct loading l = *loading;
	const char *s = arena_printf(
		arena, "LOADED=%llu\nLOADED_BY=%s\n", (unsigned long long)l.when, loaders[l.by]);

	for (size_t i = 0; i < TEXTS; i++) {
		const char *value = *text_at(&l, &texts[i]);

		if (value || !texts[i].may_be_null)
			s = with_line(s, texts[i].name, value, arena);
	}
	return with_initrds(s, l.initrds, arena);
}

static const char *value_of(const struct assignments *all, const char *name)
{
	const struct assignment *a = assignments_find(all, name);

	return a ? a->value : NULL;
}

static enum loader loader_of(const char *value)
{
	for (size_t i = 0; value && i < LOADERS; i++)
		if (strcmp(value, loaders[i]) == 0)
			return (enum loader)i;
	return LOADER_UNKNOWN;
}

/* One that is missing makes all of them unknown. */
static bool take_initrds(
	const struct assignments *all, struct arena *arena, const char *const **ret)
{
	const char *count = value_of(all, "INITRDS");
	const char **items;
	uint64_t n;

	*ret = NULL;
	if (!count || !text_decimal(view_of_string(count), &n) || n > INITRDS_MAX)
		return true;
	items = arena_alloc_array(arena, (size_t)n + 1, sizeof *items);
	for (size_t i = 0; items && i < n; i++) {
		const char *name = arena_printf(arena, "INITRD_%zu", i);

		if (!name)
			return false;
		items[i] = value_of(all, name);
		if (!items[i])
			return true;
	}
	*ret = items;
	return items != NULL;
}

bool loading_parse(const struct assignments *all, struct arena *arena, struct loading *ret)
{
	const char *when = value_of(all, "LOADED");
	struct loading l = { .by = loader_of(value_of(all, "LOADED_BY")) };

	if (!when || !text_decimal(view_of_string(when), &l.when))
		l.when = 0;
	for (size_t i = 0; i < TEXTS; i++) {
		const char *value = value_of(all, texts[i].name);

		*text_at(&l, &texts[i]) = value || texts[i].may_be_null ? value : "";
	}
	if (!take_initrds(all, arena, &l.initrds))
		return false;
	*ret = l;
	return true;
}

const char *loaded_text(const struct loading *loading, const char *boot_id, struct arena *arena)
{
	return with_line(loading_text(loading, arena), "BOOT_ID", boot_id, arena);
}

struct record {
	const char *name;
	struct view text;
};

/* Where /run outlives a boot, what an earlier one has loaded is gone. */
static bool parse(const struct source *source, struct record record, struct arena *arena,
	struct loading *ret, const char **ret_unread)
{
	struct assignments all = { 0 };
	const char *boot_id;
	struct loading l;

	if (!assignments_read(&all, record.name, record.text, arena) ||
		!loading_parse(&all, arena, &l)) {
		*ret_unread = "out of memory";
		return false;
	}
	boot_id = value_of(&all, "BOOT_ID");
	if (!boot_id || !l.kernel[0]) {
		*ret_unread = arena_printf(arena, "%s is not understood", record.name);
		*ret_unread = *ret_unread ? *ret_unread : "out of memory";
		return false;
	}
	if (strcmp(boot_id, boot_id_read(source, arena)) != 0)
		return false;
	*ret = l;
	return true;
}

static bool take_old(const struct source *source, struct arena *arena, struct loading *ret)
{
	struct view text, line;
	const char *kernel;

	if (!source_read(source, &LOADED_OLD_FILE[1], arena, &text) || !text_line(&text, &line) ||
		!line.n)
		return false;
	kernel = arena_string(arena, line);
	if (!kernel)
		return false;
	*ret = (struct loading){
		.by = LOADER_SERVICE, .title = "", .kernel = kernel, .release = ""
	};
	return true;
}

/*
 * By the first folder on the way up that is there: it has other names and not this one. An empty one may be
 * where nothing is mounted, as one that fstab knows is.
 */
static bool is_gone(const struct source *source, const char *path, struct arena *arena)
{
	const char *const *names = NULL;
	struct places places;
	const char *slash;

	if (path[0] != '/' || !places_read(source, arena, &places) || places.unreadable)
		return false;
	for (; path && (slash = strrchr(path, '/')) && slash != path;) {
		const char *name = slash + 1;
		struct error ignored;

		path = arena_printf(arena, "%.*s", (int)(slash - path), path);
		if (!path || places_missing(&places, path) ||
			!source_take_names(source, path + 1, arena, &names, &ignored))
			return false;
		if (names)
			return names[0] && !source_names_have(names, name);
	}
	return false;
}

static struct loaded find(
	const struct source *source, const char *file, enum answer is, struct arena *arena)
{
	struct loaded loaded = { .is = is };
	struct record record = { .name = file };
	struct error err;
	enum presence presence = source->read(source, &file[1], arena, &record.text, &err);
	bool found = false;

	if (presence == IS_UNREADABLE) {
		loaded.unread = arena_string(arena, view_of_string(err.reason));
		loaded.unread = loaded.unread ? loaded.unread : "out of memory";
	} else if (presence == IS_THERE) {
		found = parse(source, record, arena, &loaded.of, &loaded.unread);
	} else if (strcmp(file, LOADED_FILE) == 0) {
		found = take_old(source, arena, &loaded.of);
	}
	loaded.has_record = found && is != ANSWER_NO;
	loaded.is_stale = found && is == ANSWER_NO;
	loaded.is_gone = loaded.has_record && is_gone(source, loaded.of.kernel, arena);
	return loaded;
}

struct loaded loaded_find(const struct source *source, enum answer is, struct arena *arena)
{
	return find(source, LOADED_FILE, is, arena);
}

struct loaded loaded_crash_find(const struct source *source, enum answer is, struct arena *arena)
{
	return find(source, LOADED_CRASH_FILE, is, arena);
}

bool loaded_is_services(const struct loaded *loaded)
{
	return loaded->has_record && loaded->of.by == LOADER_SERVICE;
}

bool loaded_is_kept(const struct loaded *loaded)
{
	return loaded->is == ANSWER_YES && !loaded_is_services(loaded) && !loaded->is_gone;
}
