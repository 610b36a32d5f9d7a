/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * proc(5), /proc/self/mountinfo; Documentation/admin-guide/sysfs-rules.rst. A driver that is built into
 * the running kernel has no link to a module: its name is not known from here.
 */
#include "check/root-drivers.h"

#include <string.h>

#include "machine/text.h"

enum { DEVICES_MAX = 16 };

struct search {
	const struct source *source;
	struct arena *arena;
	struct root_drivers *found;
	const char *paths[DEVICES_MAX]; /* of block devices below sys, some yet to be looked at */
	size_t path_count;
};

struct mount {
	struct view device, type, source;
};

/* The last one on "/" is what is seen there. */
static bool find_root(struct view text, struct mount *ret)
{
	struct view line;
	bool found = false;

	while (text_line(&text, &line)) {
		struct view words[5], word;
		struct mount mount;
		size_t n = 0;

		while (n < 5 && text_word(&line, &words[n]))
			n++;
		if (n < 5 || !text_is(words[4], "/"))
			continue;
		while (text_word(&line, &word) && !text_is(word, "-"))
			;
		if (!text_word(&line, &mount.type) || !text_word(&line, &mount.source))
			continue;
		mount.device = words[2];
		*ret = mount;
		found = true;
	}
	return found;
}

static bool add(struct search *s, const char *name, struct error *err)
{
	if (!name)
		return fail_no_memory(err);
	for (size_t i = 0; i < s->found->count; i++)
		if (strcmp(s->found->names[i], name) == 0)
			return true;
	if (s->found->count < ROOT_DRIVERS_MAX)
		s->found->names[s->found->count++] = name;
	return true;
}

static bool take_link(const struct search *s, const char *path, const char **ret, struct error *err)
{
	*ret = NULL;
	return path ? !s->source->link ||
			s->source->link(s->source, path, s->arena, ret, err) != IS_UNREADABLE
		    : fail_no_memory(err);
}

static const char *last_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/* Each device on the way from sys/devices has its driver, and that its module. */
static bool add_bus(struct search *s, const char *path, struct error *err)
{
	size_t first = strlen("sys/devices/");

	for (size_t n = first; path[n]; n++) {
		const char *link;

		if (path[n] != '/')
			continue;
		if (!take_link(s, arena_printf(s->arena, "%.*s/driver/module", (int)n, path), &link,
			    err))
			return false;
		if (link && !add(s, last_name(link), err))
			return false;
	}
	return true;
}

static bool push(struct search *s, const char *link, struct error *err)
{
	const char *devices = link ? strstr(link, "devices/") : NULL;

	if (!devices || s->path_count == DEVICES_MAX) {
		s->found->is_whole = false;
		return true;
	}
	s->paths[s->path_count] = arena_printf(s->arena, "sys/%s", devices);
	return s->paths[s->path_count++] ? true : fail_no_memory(err);
}

/* dm_crypt by the beginning of the name that cryptsetup gives; the target of LVM is built into dm_mod. */
static bool add_mapping(struct search *s, const char *path, struct error *err)
{
	struct view uuid = { 0 }, level = { 0 };
	const char *name = arena_printf(s->arena, "%s/dm/uuid", path);
	const char *raid = arena_printf(s->arena, "%s/md/level", path);

	if (!name || !raid)
		return fail_no_memory(err);
	if (!source_take(s->source, name, s->arena, &uuid, err) ||
		!source_take(s->source, raid, s->arena, &level, err))
		return false;
	level = text_trim(level);
	if (uuid.p && !add(s, "dm_mod", err))
		return false;
	if (uuid.p && view_has_at(uuid, 0, "CRYPT-") && !add(s, "dm_crypt", err))
		return false;
	if (text_is(level, "raid4") || text_is(level, "raid5") || text_is(level, "raid6"))
		return add(s, "raid456", err);
	return !level.n || add(s, arena_string(s->arena, level), err);
}

static bool follow(struct search *s, const char *path, struct error *err)
{
	const char *slaves = arena_printf(s->arena, "%s/slaves", path);
	const char *const *names;

	if (!slaves)
		return fail_no_memory(err);
	if (!strstr(path, "/virtual/"))
		return add_bus(s, path, err);
	if (!add_mapping(s, path, err) ||
		!source_take_names(s->source, slaves, s->arena, &names, err))
		return false;
	if (!names || !names[0])
		s->found->is_whole = false;
	for (size_t i = 0; names && names[i]; i++) {
		const char *link;

		if (!take_link(s, arena_printf(s->arena, "sys/class/block/%s", names[i]), &link,
			    err) ||
			!push(s, link, err))
			return false;
	}
	return true;
}

/* Of file systems that have a number of their own (btrfs) the source tells the device. */
static bool begin(struct search *s, const struct mount *mount, struct error *err)
{
	const char *device = arena_string(s->arena, mount->device), *link = NULL;
	const char *source = arena_string(s->arena, mount->source);
	const char *path;

	if (!device || !source)
		return fail_no_memory(err);
	path = strncmp(device, "0:", 2) != 0
		? arena_printf(s->arena, "sys/dev/block/%s", device)
		: arena_printf(s->arena, "sys/class/block/%s", last_name(source));
	return take_link(s, path, &link, err) && push(s, link, err);
}

/* Where the module has another name than the type. */
static const char *module_of_type(struct view type, struct arena *arena)
{
	static const char *const names[][2] = {
		{ "ext2", "ext4" },
		{ "ext3", "ext4" },
		{ "iso9660", "isofs" },
		{ "nfs4", "nfs" },
	};

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (text_is(type, names[i][0]))
			return names[i][1];
	return arena_string(arena, type);
}

bool root_drivers_find(const struct source *source, struct arena *arena, struct root_drivers *ret,
	struct error *err)
{
	struct root_drivers found = { .is_whole = true };
	struct search search = { .source = source, .arena = arena, .found = &found };
	struct mount mount = { 0 };
	struct view text;

	if (!source_take(source, "proc/self/mountinfo", arena, &text, err))
		return false;
	*ret = (struct root_drivers){ 0 };
	if (!find_root(text, &mount))
		return true;
	found.file_system = arena_string(arena, mount.type);
	if (!found.file_system || !add(&search, module_of_type(mount.type, arena), err) ||
		!begin(&search, &mount, err))
		return false;
	for (size_t i = 0; i < search.path_count; i++)
		if (!follow(&search, search.paths[i], err))
			return false;
	*ret = found;
	return true;
}
