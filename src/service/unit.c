/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "service/unit.h"

static const char *const folders[] = { "etc/systemd/system", "run/systemd/system",
	"usr/local/lib/systemd/system", "usr/lib/systemd/system", "lib/systemd/system" };

/* The link to /dev/null is no regular file, and as such cannot be read. */
static enum unit_file look_at(const struct source *source, const char *path, struct arena *arena)
{
	struct error ignored;
	struct view text;

	switch (path ? source->read(source, path, arena, &text, &ignored) : IS_UNREADABLE) {
	case IS_THERE:
		return text.n > 0 ? UNIT_THERE : UNIT_MASKED;
	case IS_UNREADABLE:
		return UNIT_MASKED;
	case IS_ABSENT:
		break;
	}
	return UNIT_ABSENT;
}

enum unit_file unit_look(const struct source *source, const char *unit, struct arena *arena)
{
	enum unit_file file = UNIT_ABSENT;

	for (size_t i = 0; file == UNIT_ABSENT && i < sizeof folders / sizeof *folders; i++)
		file = look_at(source, arena_printf(arena, "%s/%s", folders[i], unit), arena);
	return file;
}

bool unit_is_wanted(
	const struct source *source, const char *unit, const char *target, struct arena *arena)
{
	for (size_t i = 0; i < sizeof folders / sizeof *folders; i++)
		if (look_at(source, arena_printf(arena, "%s/%s.wants/%s", folders[i], target, unit),
			    arena) == UNIT_THERE)
			return true;
	return false;
}
