/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "jump/act.h"

#include "sys/kexec.h"
#include "sys/snapshot.h"

bool act_ability(struct kexec_ability *ret, struct error *err)
{
	struct arena arena = { 0 };
	struct snapshot snapshot;

	if (!snapshot_open(NULL, &snapshot, err))
		return false;
	*ret = machine_kexec_ability(&snapshot.source, &arena);
	snapshot_close(&snapshot);
	arena_free(&arena);
	return true;
}

bool act_unload(const struct kexec_calls *calls, struct error *err)
{
	struct kexec_ability ability;

	if (act_ability(&ability, err) && kexec_unload(calls, &ability, err))
		return true;
	return error_attempting(err, "unload the kernel");
}

bool act_require_loaded(struct error *err)
{
	struct kexec_ability ability;

	if (act_ability(&ability, err)) {
		if (ability.loaded != ANSWER_NO)
			return true;
		fail(err, FAULT_NOTHING_LOADED, "no kernel is loaded");
	}
	return error_attempting(err, "jump");
}

bool act_jump(const struct kexec_calls *calls, struct error *err)
{
	struct kexec_ability ability;

	if (act_ability(&ability, err) && kexec_jump(calls, &ability, err))
		return true;
	return error_attempting(err, "jump");
}
