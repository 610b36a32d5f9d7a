/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "system/next.h"

#include "system/reboot.h"

static struct next_reboot because(enum next_way way, const char *reason)
{
	return (struct next_reboot){ .way = way, .reason = reason };
}

static struct next_reboot because_of_kernel(const char *reason)
{
	return (struct next_reboot){ .way = NEXT_FIRMWARE, .reason = reason, .is_kernels = true };
}

const char *next_switched_off(const struct system *s)
{
	/* Where the kernel loads nothing any more, the boot service has not been told anything. */
	return s->off.kind != OFF_NONE && s->off.kind != OFF_KERNEL ? s->off.what : NULL;
}

/* Nothing is loaded, and nothing will be. */
static struct next_reboot without_kernel(const struct system *s)
{
	struct next_reboot next = {
		.way = NEXT_FIRMWARE, .reason = "no kernel is loaded", .is_unloaded = true
	};

	if (s->off.kind == OFF_KERNEL)
		return because_of_kernel(s->off.what);
	if (s->settings.off_by)
		next.reason = s->settings.off_by;
	else if (s->has_plan && s->plan.reason[0])
		return because(NEXT_FIRMWARE, s->plan.reason);
	return next;
}

/* The service that comes by in the shutdown, and what it finds. */
static struct next_reboot with_service(const struct system *s)
{
	/* It has nothing against what somebody else loaded, and keeps what it cannot do without. */
	const bool is_kept = s->settings.wrong.fault != FAULT_NONE || s->settings.off_by ||
		!service_loads_at_shutdown(&s->settings) || loaded_is_kept(&s->loaded);

	if (s->ability.loaded == ANSWER_YES && is_kept)
		return because(NEXT_JUMP, NULL);
	if (!s->settings.off_by && s->settings.wrong.fault != FAULT_NONE)
		return because(NEXT_FIRMWARE, s->settings.wrong.reason);
	if (s->settings.off_by || !service_loads_at_shutdown(&s->settings))
		return without_kernel(s);
	if (s->off.kind == OFF_KERNEL)
		return because_of_kernel(s->off.what);
	return because(NEXT_LOAD, NULL);
}

struct next_reboot next_decide(const struct system *s, bool comes_by)
{
	const char *off = next_switched_off(s);

	if (off)
		return because(NEXT_FIRMWARE, off);
	if (comes_by)
		return with_service(s);
	return s->ability.loaded == ANSWER_YES ? because(NEXT_JUMP, NULL) : without_kernel(s);
}

/* `saut reboot` asks the init for a jump, where there are words for it. */
static bool waits_for_kexec(const struct system *s)
{
	return s->has_schedule && s->schedule.record.way == REBOOT_BY_KEXEC;
}

/* What speaks against the jump at the end; NULL: nothing. */
static const char *obstacle_of(struct system *s, const struct next_reboot *next)
{
	struct error err;
	const char *reason;

	/* Those that look for a loaded kernel by themselves do so before the shutdown. */
	if (s->init.init == INIT_SYSTEMD && next->way == NEXT_LOAD && !s->init.jumper)
		return "nothing jumps into what is loaded during the shutdown: the drop-in "
		       "reboot-by-kexec.conf is not installed";

	if (s->init.init == INIT_OPENRC_INIT && !s->init.jumper && !waits_for_kexec(s))
		return "openrc-init jumps only when openrc-shutdown --kexec asks it to, since the "
		       "service kexec-jump is not in the runlevel shutdown";
	if (reboot_init_jumps(s, &err))
		return NULL;
	reason = arena_string(&s->arena, view_of_string(err.reason));
	return reason ? reason : "out of memory";
}

/*
 * What is not known of the shutdown; NULL: all that matters is. A switch holds for all of ours, whatever
 * the init does; one that this user cannot read may be none for root.
 */
static const char *unknown_of(const struct system *s, const struct next_reboot *next)
{
	const bool is_loaded = s->ability.loaded == ANSWER_YES;

	if (s->off.kind == OFF_UNKNOWN && s->ability.may_boot == ANSWER_NO)
		return s->off.what;
	if (next_switched_off(s))
		return NULL;
	if (s->init.init == INIT_UNKNOWN)
		return s->init.unread ? s->init.unread : "process 1 is no init that saut knows";
	if (s->ability.loaded == ANSWER_UNKNOWN && next->way == NEXT_FIRMWARE)
		return "the kernel does not tell whether one is loaded";
	if (s->init.unread)
		return s->init.unread;
	if (s->init.loader_is_foreign && !is_loaded)
		return "a script of another package decides in the shutdown whether to load";
	if (s->init.init == INIT_SYSTEMD && is_loaded && next->way == NEXT_JUMP &&
		!s->init.jumper && !waits_for_kexec(s))
		return "reboot and shutdown jump into it, systemctl reboot does so from systemd 255 "
		       "on: the drop-in reboot-by-kexec.conf is not installed";
	return NULL;
}

/* Xen loads by itself. */
static bool has_no_system_call(const struct kexec_ability *a)
{
	return a->load == ANSWER_NO && a->file_load == ANSWER_NO && a->xen.kind == XEN_PV_NONE &&
		a->loaded != ANSWER_YES;
}

struct next_reboot next_find(struct system *s)
{
	const bool comes_by = s->init.loader && !s->init.loader_is_foreign;
	struct next_reboot next = next_decide(s, comes_by);
	const char *reason;

	if (!next_switched_off(s) && has_no_system_call(&s->ability))
		return because_of_kernel("this kernel has neither kexec_load nor kexec_file_load");
	reason = unknown_of(s, &next);
	if (reason)
		return because(NEXT_UNKNOWN, reason);
	reason = next.way == NEXT_FIRMWARE ? NULL : obstacle_of(s, &next);
	return reason ? because(NEXT_FIRMWARE, reason) : next;
}
