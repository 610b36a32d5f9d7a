/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Parameters that make a next kernel end where it would hang: a panic that resets the machine, an initrd
 * that does not wait in a shell. They are marked as ours (marked-parameters.h), and none is added where the
 * line says otherwise already.
 */
#pragma once

#include <stdbool.h>

#include "base/arena.h"
#include "base/notes.h"

/* Seconds from a panic to the reset: its words can still be read, and kdump is not in its way. */
enum { COME_BACK_PANIC_S = 10 };

struct come_back_parameters {
	const char *id;        /* of the trial (service/trial.h); NULL: nothing is added */
	bool on_lockups;       /* a CPU or a task that hangs panics */
	unsigned open_timeout; /* of the watchdog that is running when the kernel starts; 0: none */
};

/* The line with these parameters; NULL when memory is out. What of the line keeps one out is noted. */
const char *come_back_parameters_add(const char *line, const struct come_back_parameters *wanted,
	struct arena *arena, struct notes *notes);

/*
 * The first word by which a line leads somewhere else than to the usual system, as to a shell for a person,
 * and that the running kernel was not told; NULL: there is none. "" where memory is out.
 */
const char *come_back_unusual(const char *line, const char *running, struct arena *arena);

/* Whether both lines lead to the same root file system, as far as their parameters tell. */
bool come_back_is_same_root(const char *line, const char *running, struct arena *arena);
