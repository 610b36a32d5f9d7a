/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Mounts that nobody else sees: in a mount namespace of our own, private, so that there is nothing to
 * undo whichever way we end. mount(8) does the mounting, since fstab's words (UUID=, LABEL=, options)
 * are its business.
 */
#pragma once

#include <stdbool.h>

#include "base/error.h"

struct mounts {
	bool is_apart;             /* we are in a namespace of our own */
	int outside, root, folder; /* what to go back to */
};

/* What mounts, as a table, so that a test can stand in for it. */
struct mount_calls {
	/* From now on what is mounted is only for us, and what others mount is not for us. */
	bool (*part)(struct mounts *ret, struct error *err);

	/* What fstab has for this point, read-only, and without a byte of it being written: see sys/journal.h. */
	bool (*add)(const char *what, const char *point, struct error *err);

	/* A device that fstab does not have, likewise. */
	bool (*add_device)(const char *device, const char *point, struct error *err);

	/* Back to where everybody is; what was mounted is gone with the last open file on it. */
	void (*rejoin)(struct mounts *mounts);
};

extern const struct mount_calls mounts_live;
