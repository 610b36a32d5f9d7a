/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Documentation/ABI/stable/sysfs-block, and testing/sysfs-block-dm: folders, links, one value a file. */
#include "entry/ground/disk.h"

#include <string.h>

#include "machine/text.h"

enum { LAYERS_MAX = 16 }; /* of devices on top of one another */

/*
 * What cannot be read is passed over: no disk is known then, so that GRUB's names of disks are refused. Who
 * would go on without one hands in a strict source (machine/strict.h).
 */
struct looking {
	const struct source *source;
	struct arena *arena;
};

static const char *read_word(const struct looking *l, const char *path)
{
	struct view text;

	return path && source_read(l->source, path, l->arena, &text)
		? arena_string(l->arena, text_trim(text))
		: NULL;
}

static const char *block_file(const struct looking *l, const char *device, const char *file)
{
	return read_word(l, arena_printf(l->arena, "sys/class/block/%s/%s", device, file));
}

/* A device of the device mapper by the name that it has in /dev/mapper. */
static const char *mapped(const struct looking *l, const char *name)
{
	const char *const *names;

	if (!source_list(l->source, "sys/class/block", l->arena, &names))
		return NULL;
	for (size_t i = 0; names[i]; i++) {
		const char *given = strncmp(names[i], "dm-", 3) == 0
			? block_file(l, names[i], "dm/name")
			: NULL;

		if (given && strcmp(given, name) == 0)
			return names[i];
	}
	return NULL;
}

/* place->device is "8:2 /dev/sda2"; the number is nobody's where the file system has none (btrfs). */
static const char *device_of(const struct looking *l, const struct place *place)
{
	static const char mapper[] = "/dev/mapper/", dev[] = "/dev/";
	const char *source = strchr(place->device, ' ');
	int number = (int)(source ? source - place->device : 0);
	const char *events = read_word(
		l, arena_printf(l->arena, "sys/dev/block/%.*s/uevent", number, place->device));
	struct view name;

	if (events && text_value(view_of_string(events), "DEVNAME", '=', &name))
		return arena_string(l->arena, name);
	if (!source)
		return NULL;
	source++;
	if (strncmp(source, mapper, sizeof mapper - 1) == 0)
		return mapped(l, source + sizeof mapper - 1);
	return strncmp(source, dev, sizeof dev - 1) == 0 ? source + sizeof dev - 1 : NULL;
}

/* What it lies on; NULL where it lies on nothing. */
static const char *below(const struct looking *l, const char *device)
{
	const char *slaves = arena_printf(l->arena, "sys/class/block/%s/slaves", device);
	const char *events;
	const char *const *names;
	struct view name;

	if (block_file(l, device, "partition")) {
		events = block_file(l, device, "../uevent");
		return events && text_value(view_of_string(events), "DEVNAME", '=', &name)
			? arena_string(l->arena, name)
			: NULL;
	}
	return slaves && source_list(l->source, slaves, l->arena, &names) ? names[0] : NULL;
}

const char *disk_of_root(
	const struct source *source, struct arena *arena, const struct places *places)
{
	const struct looking l = { source, arena };
	const struct place *root = places_of(places, "/");
	const char *device = root ? device_of(&l, root) : NULL;
	const char *next;

	if (!device || !block_file(&l, device, "dev"))
		return NULL;
	for (unsigned i = 0; i < LAYERS_MAX && (next = below(&l, device)); i++)
		device = next;
	return strchr(device, '/') ? NULL : device;
}

/* What is made of other devices, or of memory, or holds no disk. */
static bool is_disk(const char *name)
{
	static const char *const others[] = { "dm-", "fd", "loop", "md", "nbd", "ram", "sr",
		"zram" };

	for (size_t i = 0; i < sizeof others / sizeof *others; i++)
		if (strncmp(name, others[i], strlen(others[i])) == 0)
			return false;
	return true;
}

const char *disk_only(const struct source *source, struct arena *arena)
{
	const char *const *names;
	const char *disk = NULL;

	if (!source_list(source, "sys/block", arena, &names))
		return NULL;
	for (size_t i = 0; names[i]; i++) {
		if (!is_disk(names[i]))
			continue;
		if (disk)
			return NULL;
		disk = names[i];
	}
	return disk;
}

/* disk_name() of the kernel puts a p behind a digit. */
const char *disk_partition(const char *disk, unsigned number, struct arena *arena)
{
	size_t n = strlen(disk);
	bool ends_in_digit = n && disk[n - 1] >= '0' && disk[n - 1] <= '9';

	return arena_printf(arena, "%s%s%u", disk, ends_in_digit ? "p" : "", number);
}

bool disk_is_mounted(const struct source *source, struct arena *arena, const struct places *places,
	const char *device)
{
	const struct looking l = { source, arena };
	const char *number = block_file(&l, device, "dev");
	size_t n = number ? strlen(number) : 0;

	for (size_t i = 0; number && i < places->count; i++)
		if (strncmp(places->items[i].device, number, n) == 0 &&
			places->items[i].device[n] == ' ')
			return true;
	return false;
}
