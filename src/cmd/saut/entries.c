/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cmd/saut/entries.h"

bool system_entries_find(const char *root, struct system_entries *ret, struct error *err)
{
	*ret = (struct system_entries){ .snapshot.root_fd = -1 };
	return snapshot_open(root, &ret->snapshot, err) &&
		entry_find(&ret->snapshot.source, &ret->arena, &ret->entries, err);
}

void system_entries_free(struct system_entries *entries)
{
	snapshot_close(&entries->snapshot);
	arena_free(&entries->arena);
}
