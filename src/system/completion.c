/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "system/completion.h"

#include "machine/unit.h"
#include "sys/process.h"

bool completion_is_reached(const struct source *source, enum init init, struct arena *arena)
{
	static const char *const argv[] = { "systemctl", "--quiet", "is-active", COMPLETION_TARGET,
		NULL };
	struct error ignored;

	return init == INIT_SYSTEMD && unit_look(source, COMPLETION_TARGET, arena) == UNIT_THERE &&
		process_run(argv, &ignored);
}
