/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The boot entries of the running system, or of a captured one, for the verbs. */
#pragma once

#include "entry/entry.h"
#include "sys/file.h"
#include "sys/snapshot.h"

enum { SYSTEM_IMAGES_MAX = 64 };

struct system_entries {
	struct source source; /* the snapshot's, with large images mapped; first in here */
	struct snapshot snapshot;
	struct arena arena;
	struct file images[SYSTEM_IMAGES_MAX];
	size_t image_count;
	struct entries entries;
};

/* It is at one address from now on; free it even after a failure. */
bool system_entries_find(const char *root, struct system_entries *ret, struct error *err)
	__attribute__((warn_unused_result));
void system_entries_free(struct system_entries *entries);
