/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * How long a boot of this system may go on before its boot service runs, during which nobody keeps a
 * watchdog: what the last boot took, and what may make one wait for longer.
 */
#pragma once

#include <stdint.h>

#include "base/arena.h"
#include "machine/source.h"
#include "report/moment.h"

/*
 * "SECONDS BOOT_ID BEFORE WALL BOOT TICKS": from the kernel's start to the boot service, the boot that it was measured
 * in, the last one before that was, or "-", and the moment of it (report/moment.h). Earlier versions wrote the first two.
 */
#define BOOT_TIME_FILE "/var/lib/saut/boot-time"

struct boot_time {
	uint64_t seconds;
	const char *boot_id;
	const char *before; /* "": not known */
	struct stamp stamp;
};

/* False where none was measured, or it is not understood. */
bool boot_time_read(const struct source *source, struct arena *arena, struct boot_time *ret);

/* As text for the file; NULL when memory is out. */
const char *boot_time_text(const struct boot_time *time, struct arena *arena);

/*
 * What makes it wait, in words: for a person, where something is encrypted whose key is not on the machine, or for a
 * long check of a file system. NULL: nothing.
 */
const char *boot_waits_for(const struct source *source, struct arena *arena);
