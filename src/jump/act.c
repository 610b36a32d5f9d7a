/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "jump/act.h"

#include "machine/iomem.h"
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

bool act_unload(const struct kexec_calls *calls, bool crash, struct error *err)
{
	struct kexec_ability ability;

	if (act_ability(&ability, err) && kexec_unload(calls, crash, &ability, err))
		return true;
	return error_attempting(err, crash ? "unload the crash kernel" : "unload the kernel");
}

/* Of two ranges, the first is only for devices that reach no further. */
static bool crash_memory(
	const struct source *source, struct arena *arena, uint64_t *ret, struct error *err)
{
	struct ranges crash;
	struct iomem iomem;
	struct view text;

	if (!source_read(source, "proc/iomem", arena, &text))
		return fail(err, FAULT_MACHINE_UNREADABLE, "/proc/iomem cannot be read");
	if (!iomem_parse(text, arena, &iomem, err))
		return false;
	if (!iomem_crash(&iomem, arena, &crash))
		return fail_no_memory(err);
	*ret = crash.count ? crash.items[crash.count - 1].size : 0;
	return true;
}

bool act_crash_memory(uint64_t *ret, struct error *err)
{
	struct arena arena = { 0 };
	struct snapshot snapshot;
	bool done = false;

	if (snapshot_open(NULL, &snapshot, err)) {
		done = crash_memory(&snapshot.source, &arena, ret, err);
		snapshot_close(&snapshot);
		arena_free(&arena);
	}
	return done || error_attempting(err, "tell the size of the memory for a crash kernel");
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
