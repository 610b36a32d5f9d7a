/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The record of a reboot, of the kind of file that assignments.h reads. The last one: how this system
 * meant to go down, and why not by kexec where it did not; written while it goes down, shown by the next
 * boot's `saut status`. The planned one: why the boot service has nothing loaded for the next reboot, as
 * long as that is so.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "machine/source.h"
#include "report/moment.h"
#include "service/loading.h"

#define REBOOT_RECORD_FILE  "/var/lib/saut/last-reboot"
#define PLANNED_RECORD_FILE "/run/saut/planned"

enum reboot_way { REBOOT_BY_FIRMWARE, REBOOT_BY_KEXEC };

struct reboot_record {
	uint64_t when;       /* seconds since 1970 */
	const char *boot_id; /* of the boot that ended: /proc/sys/kernel/random/boot_id */
	enum reboot_way way;
	struct loading of;  /* the kernel that was loaded, or was to be; "": unknown, or none */
	const char *reason; /* why through the firmware, or who decided */
	struct stamp at[MOMENTS_RECORDED]; /* when what of it has happened */
	/*
	 * By an earlier version, which wrote it when a kernel was loaded already: of the boot that reads it,
	 * it tells of no reboot.
	 */
	bool is_old;
};

/* As text for the file; control characters become '?'. NULL when memory is out. */
const char *reboot_record_text(const struct reboot_record *record, struct arena *arena);

/* Of the settings of such a file; false where they make none. Its strings are theirs. */
bool reboot_record_parse(
	const struct assignments *all, struct arena *arena, struct reboot_record *ret);

/*
 * file: one of the two. False where there is none, or none that can be read: it is shown, and decides
 * nothing.
 */
bool reboot_record_read(const struct source *source, const char *file, struct arena *arena,
	struct reboot_record *ret);
