/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A reboot that was asked for and has not begun, and who waits for its time: a process, or a unit that a
 * timer of systemd starts. It is there as long as that is; whoever removes the file has cancelled the
 * reboot. The file is of the kind that assignments.h reads.
 */
#pragma once

#include "service/record.h"

#define SCHEDULE_FILE "/run/saut/reboot"

struct schedule {
	struct reboot_record record; /* when: it begins */
	const char *unit;            /* its name without .service; NULL: it is a process */
	uint64_t process, started;   /* its number, and when it began by /proc/PID/stat */
	const char *switches; /* files that were made for it, with blanks between; "": none */
};

/* When a process began, in ticks since the boot; IS_ABSENT where there is none. */
enum presence schedule_process_started(const struct source *source, uint64_t process,
	struct arena *arena, uint64_t *ret, struct error *err);

/* NULL when memory is out. */
const char *schedule_text(const struct schedule *schedule, struct arena *arena);

/* The name of a unit that the process asks systemd for; NULL when memory is out. */
const char *schedule_unit(uint64_t process, struct arena *arena);

/*
 * IS_ABSENT where its process or unit is gone as well; IS_UNREADABLE where it cannot be understood as
 * well.
 */
enum presence schedule_read(
	const struct source *source, struct arena *arena, struct schedule *ret, struct error *err);
