/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "system/entries.h"

#include <string.h>

#include "system/mount.h"

/* A unified kernel image is larger than any file that a snapshot reads: it is mapped instead. */
static bool map_image(struct system_entries *s, const char *path, struct view *ret)
{
	const char *absolute = arena_printf(&s->arena, "/%s", path);
	size_t n = strlen(path);
	struct error ignored;

	if (!s->snapshot.live || !absolute || n < 4 || strcmp(path + n - 4, ".efi") != 0 ||
		s->image_count == SYSTEM_IMAGES_MAX ||
		!file_open(absolute, &s->images[s->image_count], &ignored))
		return false;
	*ret = s->images[s->image_count++].bytes;
	return true;
}

/* The source is the first member, so that a pointer to it is one to the whole; it is not const. */
static enum presence read_file(const struct source *source, const char *path,
	struct arena *arena, struct view *ret, struct error *err)
{
	struct system_entries *s = (struct system_entries *)(uintptr_t)source;
	const struct source *snapshot = &s->snapshot.source;

	return map_image(s, path, ret) ? IS_THERE
				       : snapshot->read(snapshot, path, arena, ret, err);
}

static enum presence look_at_file(const struct source *source, const char *path, size_t limit,
	struct arena *arena, struct view *ret, struct error *err)
{
	const struct source *snapshot =
		&((const struct system_entries *)(const void *)source)->snapshot.source;

	return snapshot->look(snapshot, path, limit, arena, ret, err);
}

static enum presence list_folder(const struct source *source, const char *path,
	struct arena *arena, const char *const **ret, struct error *err)
{
	const struct source *snapshot =
		&((const struct system_entries *)(const void *)source)->snapshot.source;

	return snapshot->list(snapshot, path, arena, ret, err);
}

static enum presence read_link(const struct source *source, const char *path, struct arena *arena,
	const char **ret, struct error *err)
{
	const struct source *snapshot =
		&((const struct system_entries *)(const void *)source)->snapshot.source;

	return snapshot->link ? snapshot->link(snapshot, path, arena, ret, err) : IS_ABSENT;
}

bool system_entries_find(
	const char *root, bool may_mount, struct system_entries *ret, struct error *err)
{
	struct notes notes = { .arena = &ret->arena };
	bool found;

	*ret = (struct system_entries){ .source = { read_file, look_at_file, list_folder, read_link },
		.snapshot.root_fd = -1 };
	if (!root && may_mount)
		mount_boot(&ret->mounts, &notes);
	found = snapshot_open(root, &ret->snapshot, err) &&
		entry_find(&ret->source, &ret->arena, &ret->entries, err);
	if (!found)
		ret->entries.notes = notes;
	for (size_t i = 0; found && i < notes.count; i++)
		notes_add(&ret->entries.notes, "%s", notes.items[i]);
	return found;
}

void system_entries_free(struct system_entries *entries)
{
	for (size_t i = 0; i < entries->image_count; i++)
		file_close(&entries->images[i]);
	snapshot_close(&entries->snapshot);
	mounts_rejoin(&entries->mounts);
	arena_free(&entries->arena);
}
