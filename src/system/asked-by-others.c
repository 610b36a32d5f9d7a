/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "system/asked-by-others.h"

#include <string.h>

#include "base/whole.h"
#include "machine/text.h"
#include "service/grub-block.h"
#include "service/loader-entry.h"

static const struct asked_by_others *whole_of(const struct source *source)
{
	return WHOLE_OF(source, struct asked_by_others, source);
}

static bool ends_with_grubenv(const char *path)
{
	const char *slash = strrchr(path, '/');

	return strcmp(slash ? slash + 1 : path, "grubenv") == 0;
}

static bool is_variable(const char *path)
{
	return strcmp(path, &LOADER_ENTRY_ONE_SHOT[1]) == 0;
}

/* There is one grubenv where there is something of ours in it, by whatever path it is read. */
static bool may_have_own(const struct asked_by_others *o, const char *path)
{
	return o->own.file &&
		(is_variable(path) ? strcmp(o->own.file, LOADER_ENTRY_ONE_SHOT) == 0
				   : ends_with_grubenv(path) && ends_with_grubenv(o->own.file));
}

/* What cannot be changed by us was not. */
static enum presence without_own(const struct asked_by_others *o, const char *path,
	struct arena *arena, struct view *bytes, struct error *err)
{
	uint8_t *block;
	struct view value;
	struct error ignored;

	if (is_variable(path))
		return loader_entry_is(*bytes, o->own.value) ? IS_ABSENT : IS_THERE;
	if (!text_value(*bytes, "next_entry", '=', &value) || !text_is(value, o->own.value))
		return IS_THERE;
	block = arena_alloc(arena, GRUB_BLOCK_SIZE + 1);
	if (!block) {
		fail_no_memory(err);
		return IS_UNREADABLE;
	}
	block[GRUB_BLOCK_SIZE] = 0;
	if (grub_block_set(*bytes, "next_entry", NULL, block, &ignored))
		*bytes = (struct view){ block, GRUB_BLOCK_SIZE };
	return IS_THERE;
}

static enum presence read_others(const struct source *source, const char *path, struct arena *arena,
	struct view *ret, struct error *err)
{
	const struct asked_by_others *o = whole_of(source);
	struct view bytes;
	enum presence presence = o->from->read(o->from, path, arena, &bytes, err);

	if (presence == IS_THERE && may_have_own(o, path))
		presence = without_own(o, path, arena, &bytes, err);
	if (presence == IS_THERE)
		*ret = bytes;
	return presence;
}

static enum presence look_at_others(const struct source *source, const char *path, size_t limit,
	struct arena *arena, struct view *ret, struct error *err)
{
	const struct asked_by_others *o = whole_of(source);

	return may_have_own(o, path) ? source_look_by_read(source, path, limit, arena, ret, err)
				     : o->from->look(o->from, path, limit, arena, ret, err);
}

static enum presence list_others(const struct source *source, const char *path, struct arena *arena,
	const char *const **ret, struct error *err)
{
	const struct source *from = whole_of(source)->from;

	return from->list(from, path, arena, ret, err);
}

static enum presence link_others(const struct source *source, const char *path, struct arena *arena,
	const char **ret, struct error *err)
{
	const struct source *from = whole_of(source)->from;

	return from->link(from, path, arena, ret, err);
}

struct asked_by_others asked_by_others(const struct source *from, struct arena *arena)
{
	struct asked_by_others o = {
		.source = { read_others, look_at_others, list_others,
			from->link ? link_others : NULL },
		.from = from,
	};

	if (!one_time_own_find(from, arena, &o.own))
		o.own = (struct one_time_own){ 0 };
	return o;
}
