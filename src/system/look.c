/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "system/look.h"

bool look_open(const char *root, struct look *ret, struct error *err)
{
	*ret = (struct look){ 0 };
	if (!snapshot_open(root, &ret->snapshot, err)) {
		ret->snapshot.root_fd = -1;
		return false;
	}
	ret->memory = remembering_make(&ret->snapshot.source, &ret->arena);
	return true;
}

void look_close(struct look *look)
{
	if (!look->memory.from)
		return;
	snapshot_close(&look->snapshot);
	arena_free(&look->arena);
	look->memory.from = NULL;
}
