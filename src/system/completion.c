/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "system/completion.h"

#include "sys/process.h"

#define UNIT "usr/lib/systemd/system/" COMPLETION_TARGET

/* A unit that is masked is a link to /dev/null, which is no regular file, or an empty file. */
static bool is_masked(const struct source *source, struct arena *arena)
{
	static const char *const units[] = { "etc/systemd/system/" COMPLETION_TARGET,
		"run/systemd/system/" COMPLETION_TARGET };

	for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
		struct error ignored;
		struct view text;

		switch (source->read(source, units[i], arena, &text, &ignored)) {
		case IS_THERE:
			return text.n == 0;
		case IS_UNREADABLE:
			return true;
		case IS_ABSENT:
			break;
		}
	}
	return false;
}

bool completion_is_reached(const struct source *source, enum init init, struct arena *arena)
{
	static const char *const argv[] = { "systemctl", "--quiet", "is-active", COMPLETION_TARGET,
		NULL };
	struct error ignored;
	struct view text;

	return init == INIT_SYSTEMD && !is_masked(source, arena) &&
		(source_read(source, UNIT, arena, &text) ||
			source_read(source, &UNIT[sizeof "usr"], arena, &text)) &&
		process_run(argv, &ignored);
}
