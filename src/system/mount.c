/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "system/mount.h"

#include <string.h>

#include "entry/ground/disk.h"
#include "sys/partitions.h"
#include "sys/snapshot.h"

struct mounting {
	struct mounts *mounts;
	struct notes *notes;
	struct snapshot snapshot;
	struct arena arena;
	struct places places;
};

/* In an order in which the next one may lie in the one before. */
static const struct {
	enum partition_use use;
	const char *name;
	const char *points[3];
} wanted[] = {
	{ PARTITION_XBOOTLDR, "XBOOTLDR", { "/boot" } },
	{ PARTITION_ESP, "EFI system partition", { "/efi", "/boot", "/boot/efi" } },
};

static bool look(struct mounting *m)
{
	struct error ignored;

	*m = (struct mounting){
		.mounts = m->mounts, .notes = m->notes, .snapshot.root_fd = -1
	};
	if (!snapshot_open(NULL, &m->snapshot, &ignored))
		return false;
	return places_read(&m->snapshot.source, &m->arena, &m->places);
}

static void stop_looking(struct mounting *m)
{
	snapshot_close(&m->snapshot);
	arena_free(&m->arena);
}

static bool part(struct mounting *m, struct error *err)
{
	return m->mounts->is_apart || mounts_part(m->mounts, err);
}

static void mount_line(struct mounting *m, const struct fstab_line *line)
{
	struct error err;

	if (part(m, &err) && mounts_add(line->point, &err))
		notes_add(m->notes,
			"%s is not mounted: it is looked into all the same, read-only (/etc/fstab, "
			"line %u)",
			line->point, line->line);
	else
		notes_add(m->notes, "%s could not be mounted for a look: %s", line->point,
			err.reason);
}

static void mount_by_fstab(struct mounting *m)
{
	const struct fstab_line *line;

	for (size_t at = 0; (line = places_next_missing(&m->places, &at));)
		mount_line(m, line);
}

static bool is_free(struct mounting *m, const char *point)
{
	const struct source *source = &m->snapshot.source;
	const struct place *place = places_of(&m->places, point);
	const char *const *names;

	return source_list(source, point + 1, &m->arena, &names) && !names[0] &&
		!(place && strcmp(place->point, point) == 0);
}

static void mount_partition(struct mounting *m, const char *device, const char *name,
	const char *const points[static 3])
{
	const char *path = arena_printf(&m->arena, "/dev/%s", device);
	struct error err;

	for (size_t i = 0; path && i < 3 && points[i]; i++) {
		if (!is_free(m, points[i]))
			continue;
		if (part(m, &err) && mounts_add_device(path, points[i], &err))
			notes_add(m->notes,
				"%s, the %s, is not mounted: it is looked into all the same, "
				"read-only at %s",
				path, name, points[i]);
		else
			notes_add(m->notes, "%s, the %s, could not be mounted for a look: %s", path,
				name, err.reason);
		return;
	}
	notes_add(m->notes, "the %s is not mounted, and there is no empty folder for it", name);
}

/* Firmware that is no EFI has not read the partition that EFI reads. */
static bool is_of_use(struct mounting *m, enum partition_use use)
{
	const struct source *source = &m->snapshot.source;
	const char *const *ignored;

	return use == PARTITION_XBOOTLDR ||
		source_list(source, "sys/firmware/efi", &m->arena, &ignored);
}

static void mount_by_type(struct mounting *m, size_t which)
{
	const struct source *source = &m->snapshot.source;
	const char *disk = disk_of_root(source, &m->arena, &m->places);
	const char *path = disk ? arena_printf(&m->arena, "/dev/%s", disk) : NULL;
	const char *device;
	unsigned number;

	if (!path || !is_of_use(m, wanted[which].use) ||
		!partition_find(path, wanted[which].use, &number))
		return;
	device = disk_partition(disk, number, &m->arena);
	if (device && !disk_is_mounted(source, &m->arena, &m->places, device))
		mount_partition(m, device, wanted[which].name, wanted[which].points);
}

void mount_boot(struct mounts *mounts, struct notes *notes)
{
	struct mounting m = { .mounts = mounts, .notes = notes };

	if (look(&m))
		mount_by_fstab(&m);
	stop_looking(&m);
	/* Each looks anew: what was mounted before it changes what it finds. */
	for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
		if (look(&m))
			mount_by_type(&m, i);
		stop_looking(&m);
	}
}
