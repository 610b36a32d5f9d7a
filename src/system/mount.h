/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Mounts what the boot loader reads and nobody has mounted, read-only and for us alone: what fstab
 * has for /boot, /efi and /boot/efi, and the partitions that say by their type what they are for,
 * where systemd-gpt-auto-generator(8) would mount them.
 */
#pragma once

#include "base/notes.h"
#include "sys/mounts.h"
#include "system/look.h"

struct mounting {
	const char *root;  /* what look is opened by */
	struct look *look; /* open; it is opened again whenever something was mounted */
	const struct mount_calls *calls;
	struct mounts *mounts; /* calls->rejoin is due in the end */
	struct notes *notes;   /* what was mounted, or why it could not be */
	const char **unseen;   /* the first note on what could not be; NULL: all is there */
};

/* False only where the system cannot be looked at any more; the look is closed then. */
bool mount_missing(const struct mounting *m, struct error *err) __attribute__((warn_unused_result));

/* The same for one more folder that fstab may have. */
bool mount_point_missing(const struct mounting *m, const char *point, struct error *err)
	__attribute__((warn_unused_result));
