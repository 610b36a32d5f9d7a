/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The boot entries of the running system, or of a captured one, for the verbs. */
#pragma once

#include "entry/entry.h"
#include "sys/file.h"
#include "sys/mounts.h"
#include "sys/snapshot.h"

enum { SYSTEM_IMAGES_MAX = 64 };

struct system_entries {
	struct source source; /* the snapshot's, with large images mapped; first in here */
	struct snapshot snapshot;
	struct arena arena;
	struct file images[SYSTEM_IMAGES_MAX];
	size_t image_count;
	struct mounts mounts; /* the entries' files are there as long as these are */
	struct entries entries;
};

/*
 * Of the running system for root NULL, in which, if we may, what is not mounted is for the time being.
 * It is at one address from now on; free it even after a failure, which leaves notes as well.
 */
bool system_entries_find(const char *root, bool may_mount, struct system_entries *ret,
	struct error *err) __attribute__((warn_unused_result));
void system_entries_free(struct system_entries *entries);
