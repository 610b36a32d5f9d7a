/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "system/situation.h"

bool situation_look(struct situation *ret, struct error *err)
{
	const struct source *source = &ret->snapshot.source;

	*ret = (struct situation){ 0 };
	if (!snapshot_open(NULL, &ret->snapshot, err))
		return false;
	ret->ability = machine_kexec_ability(source, &ret->arena);
	ret->init = init_capture(source, &ret->arena);
	ret->off = off_switch_find(source, &ret->arena, &ret->ability);
	return true;
}

void situation_free(struct situation *situation)
{
	snapshot_close(&situation->snapshot);
	arena_free(&situation->arena);
}
