/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The boot entries of the running system, for the verbs. */
#pragma once

#include "entry/entry.h"
#include "sys/snapshot.h"

struct system_entries {
	struct snapshot snapshot;
	struct arena arena;
	struct entries entries;
};

/* Free it even after a failure. */
bool system_entries_find(const char *root, struct system_entries *ret, struct error *err)
	__attribute__((warn_unused_result));
void system_entries_free(struct system_entries *entries);
