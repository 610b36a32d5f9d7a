/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The record of the last reboot: how this system meant to go down, and why not by kexec where it
 * did not. Written while it goes down, shown by the next boot's `saut status`. The file is of the
 * kind that assignments.h reads.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "machine/source.h"
#include "service/assignments.h"

#define REBOOT_RECORD_FILE "/var/lib/saut/last-reboot"

enum reboot_way { REBOOT_BY_FIRMWARE, REBOOT_BY_KEXEC };

struct reboot_record {
	uint64_t when;       /* seconds since 1970 */
	const char *boot_id; /* of the boot that ended: /proc/sys/kernel/random/boot_id */
	enum reboot_way way;
	const char *kernel; /* that was loaded, as it is called; "": unknown or none */
	const char *reason; /* why through the firmware, or who decided */
};

/* As text for the file; control characters become '?'. NULL when memory is out. */
const char *reboot_record_text(const struct reboot_record *record, struct arena *arena);

/* Of the settings of such a file; false where they make none. Its strings are theirs. */
bool reboot_record_parse(const struct assignments *all, struct reboot_record *ret);

/* False where there is none, or none that can be read: it is shown, and decides nothing. */
bool reboot_record_read(
	const struct source *source, struct arena *arena, struct reboot_record *ret);
