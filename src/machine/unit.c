/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "machine/unit.h"

#include <string.h>

static const char *const folders[] = { "etc/systemd/system", "run/systemd/system",
	"usr/local/lib/systemd/system", "usr/lib/systemd/system", "lib/systemd/system" };

static bool is_link_to_null(const struct source *source, const char *path, struct arena *arena)
{
	const char *target;
	struct error ignored;

	return source->link && source->link(source, path, arena, &target, &ignored) == IS_THERE &&
		strcmp(target, "/dev/null") == 0;
}

static enum unit_file look_at(const struct source *source, const char *path, struct arena *arena)
{
	struct error ignored;
	struct view text;

	if (!path || is_link_to_null(source, path, arena))
		return UNIT_MASKED;
	switch (source->read(source, path, arena, &text, &ignored)) {
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
