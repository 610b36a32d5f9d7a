/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Whether somebody keeps files in memory for the next kernel (Documentation/userspace-api/liveupdate.rst).
 * The kernel lists no sessions: a session is an open file, whose link below /proc/PID/fd begins with
 * its kind.
 */
#include "machine/facts.h"

#include <string.h>

static const char session[] = "anon_inode:[luo_session]";

static bool is_process(const char *name)
{
	uint64_t number;

	return text_decimal(view_of_string(name), &number);
}

/* False: some file could not be looked at. */
static bool look_at_files(
	const struct source *source, struct arena *arena, const char *process, const char **holder)
{
	const char *folder = arena_printf(arena, "proc/%s/fd", process);
	const char *const *names;
	struct error ignored;

	if (!folder || !source_take_names(source, folder, arena, &names, &ignored))
		return false;
	for (; names && *names; names++) {
		const char *path = arena_printf(arena, "%s/%s", folder, *names), *target;
		enum presence presence =
			path ? source->link(source, path, arena, &target, &ignored) : IS_UNREADABLE;

		if (presence == IS_UNREADABLE)
			return false;
		/* What is absent was closed, or its process has ended, in the meantime. */
		if (!*holder && presence == IS_THERE &&
			strncmp(target, session, sizeof session - 1) == 0)
			*holder = process;
	}
	return true;
}

struct live_update_facts live_update_capture(const struct source *source, struct arena *arena)
{
	struct live_update_facts facts = { .state = LIVE_UPDATE_NONE };
	const char *const *processes;
	struct error ignored;
	struct view device;

	if (source_take(source, "sys/class/misc/liveupdate/dev", arena, &device, &ignored) &&
		!device.p)
		return facts;
	if (!source->link || !source_list(source, "proc", arena, &processes)) {
		facts.state = LIVE_UPDATE_UNSEEN;
		return facts;
	}
	for (; *processes; processes++)
		if (is_process(*processes) &&
			!look_at_files(source, arena, *processes, &facts.holder))
			facts.state = LIVE_UPDATE_UNSEEN;
	if (facts.holder)
		facts.state = LIVE_UPDATE_OPEN;
	return facts;
}
