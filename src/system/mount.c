/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "system/mount.h"

#include <string.h>

#include "entry/ground/disk.h"
#include "machine/hibernation.h"
#include "machine/strict.h"
#include "sys/partitions.h"

/* In an order in which the next one may lie in the one before. */
static const struct partition_row {
	enum partition_use use;
	const char *name;
	const char *points[3];
} wanted[] = {
	{ PARTITION_XBOOTLDR, "XBOOTLDR", { "/boot" } },
	{ PARTITION_ESP, "EFI system partition", { "/efi", "/boot", "/boot/efi" } },
};

/* What one pass over a look knows. */
struct pass {
	const struct mounting *m;
	const struct source *source;
	struct arena *arena;
	struct places places;
	bool has_mounted;
};

static bool begin(const struct mounting *m, struct pass *ret, struct error *err)
{
	*ret = (struct pass){ .m = m, .source = &m->look->memory.source, .arena = &m->look->arena };
	return places_read(ret->source, ret->arena, &ret->places) || fail_no_memory(err);
}

/* What was mounted changes what is found: all is looked at anew. */
static bool end(const struct pass *p, struct error *err)
{
	if (!p->has_mounted)
		return true;
	look_close(p->m->look);
	return look_open(p->m->root, p->m->look, err);
}

/* A file system that a hibernated system has in use is not as it is on the disk. */
static bool part(const struct pass *p, struct error *err)
{
	const struct hibernation seen = hibernation_look(p->source, p->arena);
	const struct mounting *m = p->m;

	if (seen.where)
		return fail(err, FAULT_NOT_MOUNTED,
			"a hibernated system lies on %s and may have it in use", seen.where);
	if (seen.unreadable)
		return fail(err, FAULT_NOT_MOUNTED,
			"whether a hibernated system has it in use is not known: %s",
			seen.unreadable->reason);
	return m->mounts->is_apart || m->calls->part(m->mounts, err);
}

/* What lies there may say anything. */
static void leave_unseen(const struct mounting *m, const char *what)
{
	notes_add(m->notes, "%s", what ? what : "out of memory");
	if (!*m->unseen)
		*m->unseen = what ? what : "out of memory";
}

static void mount_line(struct pass *p, const struct fstab_line *line)
{
	const struct mounting *m = p->m;
	struct error err;

	if (part(p, &err) && m->calls->add(line->what, line->point, &err)) {
		notes_add(m->notes,
			"%s is not mounted: it is looked into all the same, read-only (/etc/fstab, "
			"line %u)",
			line->point, line->line);
		p->has_mounted = true;
	} else {
		leave_unseen(m,
			arena_printf(m->notes->arena, "%s could not be mounted for a look: %s",
				line->point, err.reason));
	}
}

static bool is_free(struct pass *p, const char *point)
{
	const struct place *place = places_of(&p->places, point);
	const char *const *names;

	if (place && strcmp(place->point, point) == 0)
		return places_is_automount(&p->places, point);
	return source_list(p->source, point + 1, p->arena, &names) && !names[0];
}

static void mount_partition(struct pass *p, const char *device, const struct partition_row *row)
{
	const struct mounting *m = p->m;
	const char *path = arena_printf(p->arena, "/dev/%s", device);
	struct error err;

	for (size_t i = 0; path && i < 3 && row->points[i]; i++) {
		if (!is_free(p, row->points[i]))
			continue;
		if (part(p, &err) && m->calls->add_device(path, row->points[i], &err)) {
			notes_add(m->notes,
				"%s, the %s, is not mounted: it is looked into all the same, "
				"read-only at %s",
				path, row->name, row->points[i]);
			p->has_mounted = true;
		} else {
			leave_unseen(m,
				arena_printf(m->notes->arena,
					"%s, the %s, could not be mounted for a look: %s", path,
					row->name, err.reason));
		}
		return;
	}
	notes_add(
		m->notes, "the %s is not mounted, and there is no empty folder for it", row->name);
}

/* Firmware that is no EFI has not read the partition that EFI reads. */
static bool is_of_use(struct pass *p, enum partition_use use)
{
	const char *const *ignored;

	return use == PARTITION_XBOOTLDR ||
		source_list(p->source, "sys/firmware/efi", p->arena, &ignored);
}

/* What the table of the disk that the root file system lies on has: that disk stays the same one. */
struct table {
	bool is_read;
	unsigned numbers[PARTITION_USES]; /* 0: none */
};

static void read_table(struct pass *p, const char *disk, struct table *table)
{
	const char *path = table->is_read ? NULL : arena_printf(p->arena, "/dev/%s", disk);

	if (!path)
		return;
	partitions_find(path, table->numbers);
	table->is_read = true;
}

static void mount_by_type(
	struct pass *p, const char *disk, const struct partition_row *row, struct table *table)
{
	const char *device;

	if (!is_of_use(p, row->use))
		return;
	read_table(p, disk, table);
	if (!table->numbers[row->use])
		return;
	device = disk_partition(disk, table->numbers[row->use], p->arena);
	if (device && !disk_is_mounted(p->source, p->arena, &p->places, device))
		mount_partition(p, device, row);
}

/*
 * What is mounted when somebody looks into it, before all is looked at. Where that fails, as systemd has it fail once
 * it goes down, nothing is mounted there, and it is treated like that.
 */
static bool by_automount(const struct mounting *m, struct error *err)
{
	static const char *const points[] = { "/boot", "/efi", "/boot/efi" };
	struct pass p;

	if (!begin(m, &p, err))
		return false;
	for (size_t i = 0; i < sizeof points / sizeof *points; i++) {
		const char *const *ignored;

		if (!places_is_automount(&p.places, points[i]))
			continue;
		(void)source_list(p.source, points[i] + 1, p.arena, &ignored);
		p.has_mounted = true;
	}
	return end(&p, err);
}

static bool by_fstab(const struct mounting *m, struct error *err)
{
	const struct fstab_line *line;
	struct pass p;

	if (!begin(m, &p, err))
		return false;
	if (p.places.unreadable)
		notes_add(m->notes, "%s: what is not mounted is not known", p.places.unreadable);
	for (size_t at = 0; (line = places_next_missing(&p.places, &at));)
		mount_line(&p, line);
	return end(&p, err);
}

static bool by_type(const struct mounting *m, const struct partition_row *row, struct table *table,
	struct error *err)
{
	const char *disk;
	struct strict strict;
	struct error unknown;
	struct pass p;

	if (!begin(m, &p, err))
		return false;
	strict = strict_make(p.source);
	disk = disk_of_root(&strict.source, p.arena, &p.places);
	if (!strict_check(&strict, &unknown))
		notes_add(m->notes, "%s: whether the %s is mounted is not known", unknown.reason,
			row->name);
	else if (disk)
		mount_by_type(&p, disk, row, table);
	return end(&p, err);
}

bool mount_missing(const struct mounting *m, struct error *err)
{
	bool done = by_automount(m, err) && by_fstab(m, err);
	struct table table = { 0 };

	for (size_t i = 0; done && i < sizeof wanted / sizeof *wanted; i++)
		done = by_type(m, &wanted[i], &table, err);
	return done;
}

bool mount_point_missing(const struct mounting *m, const char *point, struct error *err)
{
	const struct fstab_line *line;
	struct pass p;

	if (!begin(m, &p, err))
		return false;
	line = places_missing(&p.places, point);
	if (line)
		mount_line(&p, line);
	return end(&p, err);
}
