/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Other programs: those of the system, which are looked for in its folders alone, whatever PATH
 * says. No shell is involved.
 */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

#include "base/arena.h"
#include "base/error.h"

/* Whether there is such a program in the system's folders. */
bool process_exists(const char *name);

/* Its path, or that of the running program where that has this name; NULL: there is none, or no memory. */
const char *process_find(const char *name, struct arena *arena);

/* How long a program may take that nobody waits for: one that asks the init, or loads a driver. */
enum { PROCESS_SECONDS = 90 };

/*
 * Runs a program with its arguments, NULL-terminated, to its end; what it said last is the reason
 * where it failed. After these seconds it is ended, with all of its process group.
 */
bool process_run_within(const char *const *argv, unsigned seconds, struct error *err)
	__attribute__((warn_unused_result));

/* The same with PROCESS_SECONDS. */
bool process_run(const char *const *argv, struct error *err) __attribute__((warn_unused_result));

/* The same; what it prints is *ret, up to 16 MiB of it. */
bool process_read(const char *const *argv, struct arena *arena, struct view *ret, struct error *err)
	__attribute__((warn_unused_result));

/* On our terminal, with our environment, for as long as it takes: for a program that asks the user. */
bool process_talk(const char *const *argv, struct error *err) __attribute__((warn_unused_result));

/* Something to run later. All functions get context. */
struct process_later {
	const char *const *argv;
	unsigned seconds;
	bool (*forked)(
		void *context, pid_t child); /* in the caller, while the child waits for it */
	/* In the child, when the time has come, with what forked returned; false: argv is not run. */
	bool (*begin)(void *context, bool forked, struct error *err);
	void (*failed)(void *context); /* in the child, where argv has failed */
	void *context;
};

/*
 * Runs it in a session of its own, without a terminal, without any of our files and without us: the
 * caller may end. What fails then is only written to the kernel log, unless its reason is empty.
 */
bool process_run_later(const struct process_later *later, struct error *err)
	__attribute__((warn_unused_result));

/*
 * Ends this program for another one, which gets our environment and all that we have open. Returns,
 * always false, only where it could not be.
 */
bool process_become(const char *const *argv, struct error *err);
