/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "system/look.h"

#include <stddef.h>
#include <string.h>

#include "base/whole.h"

/* It is not const, though a source is. */
static struct look *look_of(const struct source *below)
{
	return WHOLE_OF(below, struct look, below);
}

/* A unified kernel image is larger than any file that a snapshot reads: it is mapped instead. */
static bool map_image(struct look *look, const char *path, struct view *ret)
{
	const char *absolute = arena_printf(&look->arena, "/%s", path);
	size_t n = strlen(path);
	struct error ignored;

	if (!look->snapshot.live || !absolute || n < 4 || strcmp(path + n - 4, ".efi") != 0 ||
		look->image_count == LOOK_IMAGES_MAX ||
		!file_open(absolute, &look->images[look->image_count], &ignored))
		return false;
	*ret = look->images[look->image_count++].bytes;
	return true;
}

static enum presence read_file(const struct source *source, const char *path, struct arena *arena,
	struct view *ret, struct error *err)
{
	struct look *look = look_of(source);
	const struct source *snapshot = &look->snapshot.source;

	return map_image(look, path, ret) ? IS_THERE
					  : snapshot->read(snapshot, path, arena, ret, err);
}

static enum presence look_at_file(const struct source *source, const char *path, size_t limit,
	struct arena *arena, struct view *ret, struct error *err)
{
	const struct source *snapshot = &look_of(source)->snapshot.source;

	return snapshot->look(snapshot, path, limit, arena, ret, err);
}

static enum presence list_folder(const struct source *source, const char *path, struct arena *arena,
	const char *const **ret, struct error *err)
{
	const struct source *snapshot = &look_of(source)->snapshot.source;

	return snapshot->list(snapshot, path, arena, ret, err);
}

static enum presence read_link(const struct source *source, const char *path, struct arena *arena,
	const char **ret, struct error *err)
{
	const struct source *snapshot = &look_of(source)->snapshot.source;

	return snapshot->link ? snapshot->link(snapshot, path, arena, ret, err) : IS_ABSENT;
}

bool look_open(const char *root, struct look *ret, struct error *err)
{
	*ret = (struct look){ .below = { read_file, look_at_file, list_folder, read_link } };
	if (!snapshot_open(root, &ret->snapshot, err)) {
		ret->snapshot.root_fd = -1;
		return false;
	}
	ret->memory = remembering_make(&ret->below, &ret->arena);
	return true;
}

void look_close(struct look *look)
{
	if (!look->memory.from)
		return;
	for (size_t i = 0; i < look->image_count; i++)
		file_close(&look->images[i]);
	snapshot_close(&look->snapshot);
	arena_free(&look->arena);
	look->memory.from = NULL;
}
