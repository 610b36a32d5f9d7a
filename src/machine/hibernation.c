/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "machine/hibernation.h"

#include "machine/text.h"

#define UDEV "run/udev/data"

static const char location[] =
	"sys/firmware/efi/efivars/HibernateLocation-8cf2644b-4b0b-428f-9387-6d876050dc67";

static bool keep(struct arena *arena, struct hibernation *trace, const struct error *err)
{
	struct error *kept = arena_alloc(arena, sizeof *kept);

	if (kept)
		*kept = *err;
	trace->unreadable = kept;
	return false;
}

/* b8:2 is a block device. False: it cannot be read. */
static bool look_at(const struct source *source, struct arena *arena, const char *name,
	struct hibernation *trace)
{
	const char *path = arena_printf(arena, UDEV "/%s", name), *node;
	struct view text, value;
	struct error err;

	if (!path)
		return true;
	if (!source_take(source, path, arena, &text, &err))
		return keep(arena, trace, &err);
	if (!text.p || !text_value(text, "E:ID_FS_TYPE", '=', &value) ||
		!text_is(value, "swsuspend"))
		return true;
	node = text_value(text, "E:ID_FS_UUID", '=', &value)
		? arena_printf(
			  arena, "the swap with the UUID %.*s", (int)value.n, (const char *)value.p)
		: NULL;
	trace->where = node ? node : arena_printf(arena, "the block device %s", name + 1);
	return true;
}

struct hibernation hibernation_look(const struct source *source, struct arena *arena)
{
	struct hibernation trace = { 0 };
	const char *const *names;
	struct error err;
	struct view bytes;

	if (!source_take_names(source, UDEV, arena, &names, &err)) {
		keep(arena, &trace, &err);
		return trace;
	}
	trace.is_blind = !names;
	for (; names && *names && !trace.where; names++)
		if (**names == 'b' && !look_at(source, arena, *names, &trace))
			return trace;
	if (!trace.where && source_read(source, location, arena, &bytes))
		trace.where = "where the EFI variable HibernateLocation says";
	return trace;
}
