/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* GRUB's names of files, (DEVICE)/PATH, as paths of the running system. */
#include <string.h>

#include "entry/ground/disk.h"
#include "entry/grub/grub.h"
#include "machine/text.h"

const char *grub_path_in(const char *name)
{
	const char *end = name[0] == '(' ? strchr(name, ')') : NULL;

	return end ? end + 1 : name;
}

/* Without parentheses; NULL with an obstacle. */
static const char *device_in(struct grub *g, struct entry *entry, const char *name)
{
	const char *path = grub_path_in(name);
	struct grub_value root;

	if (path != name)
		return arena_string(g->f->arena,
			(struct view){ (const uint8_t *)name + 1, (size_t)(path - name - 2) });
	root = grub_value_of(g, "root");
	if (root.doubt)
		finder_obstacle(g->f, entry, "%s", root.doubt);
	return root.doubt ? NULL : root.text;
}

/* What stands for a device known to GRUB only: "uuid/…"; NULL: it is none, or a part of one. */
static const char *known_by(struct grub *g, const char *device)
{
	size_t n = strlen(device);

	if (n < 2 || device[0] != GRUB_DEVICE_OPEN || device[n - 1] != GRUB_DEVICE_CLOSE ||
		strchr(device + 1, GRUB_DEVICE_OPEN))
		return NULL;
	return arena_string(g->f->arena, (struct view){ (const uint8_t *)device + 1, n - 2 });
}

static bool not_mounted(struct grub *g, struct entry *entry, const char *uuid, const char *label)
{
	const struct fstab_line *line = places_in_fstab(&g->f->places, uuid, label);
	const char *name = uuid ? uuid : label;

	if (line && g->f->places.count)
		finder_obstacle(g->f, entry,
			"its file system %s is not mounted: /etc/fstab, line %u, has it for %s "
			"(mount %s)",
			name, line->line, line->point, line->point);
	else if (g->f->places.has_uuids)
		finder_obstacle(g->f, entry, "its file system %s is not mounted", name);
	else if (g->f->places.count)
		finder_obstacle(g->f, entry, "nothing tells which file system is %s", name);
	else
		finder_remark(g->f, entry,
			"nothing tells which file system is %s; that of %s was taken", name,
			g->folder);
	return g->f->places.count == 0;
}

static const struct place *by_source(struct grub *g, const char *source)
{
	const struct places *places = &g->f->places;

	for (size_t i = 0; source && i < places->count; i++) {
		const char *name = strchr(places->items[i].device, ' ');

		if (name && strcmp(name + 1, source) == 0)
			return &places->items[i];
	}
	return NULL;
}

/* "hd0,gpt2", "hd0,2": of the one disk that there is. */
static const struct place *by_partition(struct grub *g, const char *device)
{
	const char *number = strchr(device, ','), *disk, *end;
	uint64_t partition;

	if (strncmp(device, "hd0,", 4) != 0)
		return NULL;
	number++;
	if (strncmp(number, "gpt", 3) == 0)
		number += 3;
	else if (strncmp(number, "msdos", 5) == 0)
		number += 5;
	if (!grub_number(number, 10, &partition, &end) || *end || partition > 1024)
		return NULL;
	disk = disk_only(g->f->source, g->f->arena);
	disk = disk ? disk_partition(disk, (unsigned)partition, g->f->arena) : NULL;
	return disk ? by_source(g, arena_printf(g->f->arena, "/dev/%s", disk)) : NULL;
}

/* Names that stand in the file: only such as can mean one thing here. */
static bool by_name(
	struct grub *g, struct entry *entry, const char *device, const struct place **ret)
{
	if (strncmp(device, "lvm/", 4) == 0)
		*ret = by_source(g, arena_printf(g->f->arena, "/dev/mapper/%s", device + 4));
	else
		*ret = by_partition(g, device);
	if (!*ret)
		finder_obstacle(g->f, entry,
			"%s, line %u: which device is (%.80s) is only known to GRUB", g->file,
			g->line, device);
	return *ret;
}

bool grub_place_of(struct grub *g, struct entry *entry, const char *device,
	const struct place **ret, bool *ret_is_system)
{
	const char *name = known_by(g, device);
	bool is_uuid = name && strncmp(name, "uuid/", 5) == 0;

	*ret = g->place;
	*ret_is_system = strcmp(device, GRUB_SYSTEM) == 0;
	if (*ret_is_system || strcmp(device, GRUB_HOME) == 0)
		return true;
	if (!is_uuid && (!name || strncmp(name, "label/", 6) != 0))
		return by_name(g, entry, device, ret);
	name = strchr(name, '/') + 1;
	*ret = places_find(&g->f->places, is_uuid ? name : NULL, is_uuid ? NULL : name);
	if (*ret)
		return true;
	*ret = g->place;
	return not_mounted(g, entry, is_uuid ? name : NULL, is_uuid ? NULL : name);
}

/* What is mounted there now hides what GRUB sees. */
static bool is_hidden(struct grub *g, const struct place *place, const char *path)
{
	const struct place *now = place ? places_of(&g->f->places, path) : NULL;

	return now && strcmp(now->device, place->device) != 0;
}

/* A file that is looked for: what it is to be, and its path on its file system. */
struct wanted {
	const char *what, *path;
};

static const char *locate_on(
	struct grub *g, struct entry *entry, const struct place *place, struct wanted wanted)
{
	const char *found = finder_locate(g->f, entry, place, "/boot", wanted.what, wanted.path);

	/* Names there are the same in either case. */
	g->is_unsure_file |= !found && place && strcmp(place->type, "vfat") == 0;
	if (!found || !is_hidden(g, place, found))
		return found;
	g->is_unsure_file = true;
	finder_obstacle(g->f, entry, "its %s %s lies below another file system, mounted over it",
		wanted.what, wanted.path);
	return NULL;
}

/* POOL/DATASET is mounted as a file system of its own; "/DATASET@/FILE" is a file in it. */
static bool on_zfs(struct grub *g, struct entry *entry, struct wanted wanted, const char **ret)
{
	const char *path = wanted.path, *at = strstr(path, "@/");
	const struct place *place = NULL;
	size_t count = 0;

	*ret = NULL;
	if (!at || path[0] != '/')
		return false;
	for (size_t i = 0; i < g->f->places.count; i++) {
		const struct place *p = &g->f->places.items[i];
		const char *source = strchr(p->device, ' ');
		const char *dataset = source ? strchr(source + 1, '/') : NULL;

		if (!dataset || strcmp(p->type, "zfs") != 0 ||
			strlen(dataset) != (size_t)(at - path) ||
			memcmp(dataset, path, (size_t)(at - path)) != 0)
			continue;
		place = p;
		count++;
	}
	if (count == 1)
		*ret = locate_on(g, entry, place, (struct wanted){ wanted.what, at + 1 });
	g->is_unsure_file |= count > 1;
	if (count > 1)
		finder_obstacle(
			g->f, entry, "its %s %s is in a data set of two pools", wanted.what, path);
	return count > 0;
}

static const char *locate(struct grub *g, struct entry *entry, const char *what, const char *name)
{
	const char *path = grub_path_in(name), *device = device_in(g, entry, name), *text, *found;
	const struct place *place;
	bool is_system;

	if (!device || !finder_text(g->f, entry, what, view_of_string(path), &text))
		return NULL;
	if (text[0] != '/') {
		finder_obstacle(g->f, entry, "%s, line %u: its %s is no file by its path: %.80s",
			g->file, g->line, what, text);
		return NULL;
	}
	if (strcmp(device, GRUB_SYSTEM) != 0 &&
		on_zfs(g, entry, (struct wanted){ what, text }, &found))
		return found;
	if (!grub_place_of(g, entry, device, &place, &is_system))
		return NULL;
	if (is_system)
		return finder_exists(g->f, text) ? text : NULL;
	return locate_on(g, entry, place, (struct wanted){ what, text });
}

const char *grub_locate(struct grub *g, struct entry *entry, const char *what, const char *name)
{
	const char *path = locate(g, entry, what, name);
	const char *const *names;

	if (!path || !finder_list(g->f, path, &names))
		return path;
	finder_obstacle(g->f, entry, "its %s %s is a folder", what, path);
	return NULL;
}

/* Slashes at the end do not matter; "" is the root of the device. */
static const char *without_slashes(struct grub *g, const char *name)
{
	size_t n = strlen(name);

	while (n && name[n - 1] == '/')
		n--;
	return arena_string(g->f->arena, view_first(view_of_string(name), n));
}

enum grub_kind grub_look(
	struct grub *g, const char *name, const char **ret_path, const char **ret_doubt)
{
	struct entry unsure = { 0 };
	const char *device = device_in(g, &unsure, name), *path = without_slashes(g, name);
	const char *const *names;
	const struct place *place;
	bool is_system;

	*ret_path = NULL;
	if (device && path && !unsure.obstacle &&
		grub_place_of(g, &unsure, device, &place, &is_system)) {
		if (!grub_path_in(path)[0])
			return GRUB_IS_FOLDER;
		g->is_unsure_file = strstr(path, "..") != NULL;
		*ret_path = locate(g, &unsure, "file", path);
		if (*ret_path)
			return finder_list(g->f, *ret_path, &names) ? GRUB_IS_FOLDER : GRUB_IS_FILE;
		/* Another obstacle than that may be none for GRUB. */
		if (!g->is_unsure_file &&
			(!unsure.obstacle || strstr(unsure.obstacle, " is not there")))
			return GRUB_IS_ABSENT;
	}
	*ret_doubt = unsure.obstacle
		? grub_reason(g, "%s", unsure.obstacle)
		: grub_reason(g, "which device is meant is only known to GRUB");
	return GRUB_IS_UNKNOWN;
}
