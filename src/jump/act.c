/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "jump/act.h"

#include <unistd.h>

#include "machine/iomem.h"
#include "sys/kexec.h"
#include "sys/drivers.h"
#include "sys/network.h"
#include "sys/refusal.h"
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

bool act_tell_loss(const struct kexec_ability *before, const struct kexec_ability *after,
	bool crash, struct error *err)
{
	enum answer was = crash ? before->crash_loaded : before->loaded;
	enum answer is = crash ? after->crash_loaded : after->loaded;

	if (was != ANSWER_YES || is != ANSWER_NO)
		return false;
	return error_append(
		err, "; the %s that was loaded before is gone", crash ? "crash kernel" : "kernel");
}

bool act_load_in_turn(struct job *job, const struct kexec_calls *calls,
	const struct kexec_ability *before, struct error *err)
{
	struct kexec_ability after;
	struct error ignored;

	if (job_load(job, calls, err))
		return true;
	return act_ability(&after, &ignored) &&
		act_tell_loss(before, &after, job->wanted.crash, err);
}

bool act_unload_in_turn(const struct kexec_calls *calls, const struct kexec_ability *ability,
	bool crash, struct error *err)
{
	if (kexec_unload(calls, crash, ability, err))
		return true;
	return error_attempting(err, crash ? "unload the crash kernel" : "unload the kernel");
}

/* Where there are two ranges, the first is only for devices that reach no further. */
static bool crash_memory(
	const struct source *source, struct arena *arena, uint64_t *ret, struct error *err)
{
	struct ranges crash;
	struct iomem iomem;
	struct view text;

	if (!source_read(source, "proc/iomem", arena, &text))
		return fail(err, FAULT_NO_PROC, "/proc/iomem cannot be read");
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

static bool may_jump(const struct kexec_ability *ability, struct error *err)
{
	if (!kexec_require(ability, err))
		return false;
	if (ability->loaded == ANSWER_NO)
		return fail(err, FAULT_NOTHING_LOADED, "no kernel is loaded");
	if (ability->may_boot == ANSWER_NO)
		return refusal_permission((struct attempt){ CALL_AUTO, false }, ability, err);
	return true;
}

bool act_may_jump(struct error *err)
{
	struct kexec_ability ability;

	return (act_ability(&ability, err) && may_jump(&ability, err)) ||
		error_attempting(err, "jump into the loaded kernel");
}

/* What was changed for a jump. */
struct left {
	struct drivers drivers;
	struct network network;
};

/* In the other order. Always false. */
static bool come_back(struct left *left, struct error *err)
{
	const size_t unbound = left->drivers.count;
	struct error lost;

	if (!drivers_bind(&drivers_live, &left->drivers, &lost))
		error_append(err, "; not all drivers are as they were: %s", lost.reason);
	else if (unbound)
		error_append(err, "; the drivers have their devices again");
	if (!network_up(&left->network, &lost))
		error_append(err, "; the network was taken down for it, and is not as it was: %s",
			lost.reason);
	else if (left->network.down)
		error_append(err, "; the network was taken down for it, and is up again as it was");
	drivers_forget(&left->drivers);
	network_forget(&left->network);
	return false;
}

static bool unbind(const struct act_leave *leave, struct drivers *drivers, struct error *err)
{
	if (leave->unbind && !drivers_unbind(&drivers_live, leave->unbind, drivers, err))
		return false;
	for (size_t i = 0; leave->tell && i < drivers->notes.count; i++)
		leave->tell(drivers->notes.items[i]);
	return true;
}

static bool jump(const struct kexec_calls *calls, const struct act_leave *leave, struct error *err)
{
	struct left left = { 0 };
	struct kexec_ability ability;

	if (!act_ability(&ability, err) || !may_jump(&ability, err))
		return false;
	if (leave->sync)
		sync();
	if (leave->network_down)
		network_down(&left.network);
	return (unbind(leave, &left.drivers, err) && kexec_jump(calls, &ability, err)) ||
		come_back(&left, err);
}

bool act_jump(const struct kexec_calls *calls, struct act_leave leave, struct error *err)
{
	return jump(calls, &leave, err) || error_attempting(err, "jump into the loaded kernel");
}
