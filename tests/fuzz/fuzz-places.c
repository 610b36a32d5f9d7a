/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The input is the table of mounts and, behind its first zero byte, /etc/fstab. */
#include <string.h>

#include "entry/ground/disk.h"
#include "fuzz.h"

struct fuzz_tables {
	struct source source;
	struct view mounts, fstab;
};

static enum presence read_table(const struct source *source, const char *path, struct arena *arena,
	struct view *ret, struct error *err)
{
	const struct fuzz_tables *t = (const struct fuzz_tables *)(const void *)source;
	struct view v;

	if (strcmp(path, "proc/self/mountinfo") == 0)
		v = t->mounts;
	else if (strcmp(path, "etc/fstab") == 0)
		v = t->fstab;
	else if (strstr(path, "sda1/dev"))
		v = view_of_string("8:1\n");
	else if (strstr(path, "uevent"))
		v = view_of_string("DEVNAME=sda1\n");
	else
		return IS_ABSENT;
	(void)err;
	ret->p = (const uint8_t *)arena_string(arena, v);
	ret->n = v.n;
	return ret->p ? IS_THERE : IS_UNREADABLE;
}

static enum presence list_nothing(const struct source *source, const char *path,
	struct arena *arena, const char *const **ret, struct error *err)
{
	(void)source;
	(void)path;
	(void)arena;
	(void)ret;
	(void)err;
	return IS_ABSENT;
}

static void expect_place(const struct places *places, const struct place *place)
{
	struct way ways[4];
	struct arena arena = { 0 };
	size_t count;

	expect(place->point && place->point[0] == '/' && place->root && place->device);
	expect(place->uuid && place->label);
	expect(places_of(places, place->point) != NULL);
	count = places_paths(places, place, "/boot/vmlinuz", &arena, ways, 4);
	expect(count <= 4);
	for (size_t i = 0; i < count; i++)
		expect(ways[i].path[0] == '/' && ways[i].place);
	arena_free(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct view all = { data, size };
	size_t cut = 0;
	struct fuzz_tables t = { .source = { read_table, source_look_by_read, list_nothing } };
	struct arena arena = { 0 };
	struct places places;
	const struct fstab_line *line;
	const char *disk;

	while (cut < size && data[cut])
		cut++;
	t.mounts = view_first(all, cut);
	t.fstab = view_from(all, cut + 1);
	expect(places_read(&t.source, &arena, &places));
	for (size_t i = 0; i < places.count && i < 64; i++)
		expect_place(&places, &places.items[i]);
	for (size_t at = 0; (line = places_next_missing(&places, &at));)
		expect(strcmp(line->point, "/boot") == 0 || strcmp(line->point, "/efi") == 0 ||
			strcmp(line->point, "/boot/efi") == 0);
	disk = disk_of_root(&t.source, &arena, &places);
	expect(!disk || !strchr(disk, '/'));
	arena_free(&arena);
	return 0;
}
