/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "sys/kexec.h"

#include <errno.h>
#include <string.h>

#include "sys/refusal.h"

/* <linux/kexec.h>; older headers do not have all of them. */
enum {
	ON_CRASH = 1,
	UPDATE_ELFCOREHDR = 4,
	FILE_UNLOAD = 1,
	FILE_ON_CRASH = 2,
	FILE_NO_INITRAMFS = 4,
	FILE_NO_CMA = 0x10,
	FILE_FORCE_DTB = 0x20,
};

struct range kexec_reach(void)
{
	return range_between(0, UINTPTR_MAX < PHYS_MAX ? (phys_t)UINTPTR_MAX + 1 : PHYS_MAX);
}

static bool fail_no_calls(struct error *err)
{
	return fail(err, FAULT_NO_KEXEC,
		"the running kernel has neither kexec_load nor kexec_file_load");
}

static bool check_xen(const struct xen_pv *xen, struct error *err)
{
	switch (xen->kind) {
	case XEN_PV_NONE:
		return true;
	case XEN_PV_DOM0:
		if (!xen->why)
			return true;
		return fail(err, FAULT_XEN_SILENT,
			"Xen has the machine (this is a PV dom0), and cannot be asked: %s",
			xen->why);
	case XEN_PV_GUEST:
		return fail(err, FAULT_XEN_PV,
			"the running kernel is paravirtualised by Xen (PV), and would crash");
	case XEN_PV_UNKNOWN:
		break;
	}
	return fail(err, FAULT_XEN_PV,
		"whether the running kernel is paravirtualised by Xen (PV), and would crash, is not "
		"known: %s",
		xen->why);
}

bool kexec_require(const struct kexec_ability *ability, struct error *err)
{
	if (!check_xen(&ability->xen, err))
		return false;
	return ability->xen.kind == XEN_PV_DOM0 || ability->load != ANSWER_NO ||
		ability->file_load != ANSWER_NO || fail_no_calls(err);
}

/* Who does it. */
static const struct kexec_calls *calls_for(
	const struct kexec_calls *calls, const struct kexec_ability *ability)
{
	return ability->xen.kind == XEN_PV_DOM0 && calls->xen ? calls->xen : calls;
}

/* Whether to try once more after a refusal because somebody else is loading. */
static bool again(const struct kexec_calls *calls, unsigned *tries)
{
	return errno == EBUSY && calls->wait && calls->wait((*tries)++);
}

static long try_load(const struct kexec_calls *calls, unsigned long entry, unsigned long count,
	const struct kexec_segment *segments, unsigned long flags)
{
	unsigned tries = 0;
	long done;

	do
		done = calls->load(entry, count, segments, flags);
	while (done != 0 && again(calls, &tries));
	return done;
}

static long try_file_load(const struct kexec_calls *calls, int kernel_fd, int initrd_fd,
	const char *command_line, unsigned long flags)
{
	unsigned long size = command_line ? strlen(command_line) + 1 : 0;
	unsigned tries = 0;
	long done;

	do
		done = calls->file_load(kernel_fd, initrd_fd, size, command_line, flags);
	while (done != 0 && again(calls, &tries));
	return done;
}

/*
 * Since 6.6 by UPDATE_ELFCOREHDR, which is one of two flags for the same on x86 since 6.10 (Documentation/admin-guide/
 * kdump/kdump.rst; CRASH_HOTPLUG_SUPPORT is the other).
 */
static unsigned long flags_of(const struct plan *plan)
{
	return plan->kexec_arch | (plan->request->crash ? ON_CRASH : 0) |
		(plan->updates_core ? UPDATE_ELFCOREHDR : 0);
}

static bool load_segments(const struct kexec_calls *calls, const struct plan *plan,
	const struct kexec_ability *ability, struct error *err)
{
	struct kexec_segment segments[PLAN_SEGMENTS_MAX];

	for (size_t i = 0; i < plan->segment_count; i++) {
		const struct segment *s = &plan->segments[i];

		if (range_end(s->mem) > UINTPTR_MAX)
			return fail(err, FAULT_FIT_MEMORY,
				"%s lies at %#llx, past what this program's pointers hold", s->name,
				(unsigned long long)s->mem.start);
		segments[i] = (struct kexec_segment){ s->data.p, s->data.n,
			(void *)(uintptr_t)s->mem.start, (size_t)s->mem.size };
	}
	if (try_load(calls, (unsigned long)plan->entry, plan->segment_count, segments,
		    flags_of(plan)) == 0)
		return true;
	return refusal(errno, (struct attempt){ CALL_LOAD, plan->request->crash }, ability, err);
}

static unsigned long file_flags(const struct plan *plan)
{
	const struct request *request = plan->request;

	return (request->crash ? FILE_ON_CRASH : 0) |
		(request->initrd_count ? 0 : FILE_NO_INITRAMFS) | (plan->no_cma ? FILE_NO_CMA : 0) |
		(request->quirks.device_tree ? FILE_FORCE_DTB : 0);
}

static long load_file(
	const struct kexec_calls *calls, const struct request *request, unsigned long flags)
{
	return try_file_load(calls, request->kernel.fd,
		request->initrd_count ? request->initrds[0].fd : -1, request->command_line, flags);
}

static bool load_files(const struct kexec_calls *calls, const struct plan *plan,
	const struct kexec_ability *ability, struct error *err)
{
	const struct request *request = plan->request;
	const unsigned long flags = file_flags(plan);
	const struct attempt attempt = { CALL_FILE_LOAD, request->crash };

	if (request->initrd_count > 1)
		return fail(err, FAULT_INTERNAL, "kexec_file_load takes one initrd, not %zu",
			request->initrd_count);
	if (load_file(calls, request, flags) == 0)
		return true;
	/* A kernel that does not know the flag does not take such memory anyway. */
	if (errno == EINVAL && flags & FILE_NO_CMA &&
		load_file(calls, request, flags & ~(unsigned long)FILE_NO_CMA) == 0)
		return true;
	return refusal(errno, attempt, ability, err);
}

bool kexec_load_plan(const struct kexec_calls *given, const struct plan *plan,
	const struct kexec_ability *ability, struct error *err)
{
	const struct kexec_calls *calls = calls_for(given, ability);

	switch (plan->call) {
	case CALL_LOAD:
		return load_segments(calls, plan, ability, err);
	case CALL_FILE_LOAD:
		return load_files(calls, plan, ability, err);
	case CALL_AUTO:
		break;
	}
	return fail(err, FAULT_INTERNAL, "the plan names no system call");
}

/* No hint tells to load in another way where nothing was to be loaded. Always false. */
static bool without_loading(struct error *err)
{
	err->closed[WAY_LOAD] = err->closed[WAY_FILE_LOAD] = true;
	return false;
}

static bool refuse_unload(
	struct attempt attempt, const struct kexec_ability *ability, struct error *err)
{
	refusal(errno, attempt, ability, err);
	return without_loading(err);
}

bool kexec_unload(const struct kexec_calls *given, bool crash, const struct kexec_ability *ability,
	struct error *err)
{
	const struct kexec_calls *calls = calls_for(given, ability);

	if (try_file_load(calls, -1, -1, NULL, FILE_UNLOAD | (crash ? FILE_ON_CRASH : 0)) == 0)
		return true;
	if (errno != ENOSYS)
		return refuse_unload((struct attempt){ CALL_FILE_LOAD, crash }, ability, err);
	if (try_load(calls, 0, 0, NULL, crash ? ON_CRASH : 0) == 0)
		return true;
	if (errno == ENOSYS)
		return fail_no_calls(err);
	return refuse_unload((struct attempt){ CALL_LOAD, crash }, ability, err);
}

bool kexec_jump(
	const struct kexec_calls *given, const struct kexec_ability *ability, struct error *err)
{
	const struct kexec_calls *calls = calls_for(given, ability);
	const char *name = calls == given ? "reboot(LINUX_REBOOT_CMD_KEXEC)" : "KEXEC_CMD_kexec";
	unsigned tries = 0;

	do
		calls->jump();
	while (again(calls, &tries));
	switch (errno) {
	case EBUSY:
		return fail_errno(err, FAULT_KERNEL_BUSY, EBUSY,
			"%s: kexec is in use by another program", name);
	case EINVAL:
		return fail_errno(
			err, FAULT_NOTHING_LOADED, EINVAL, "%s: no kernel is loaded", name);
	case EPERM:
		refusal_permission((struct attempt){ CALL_AUTO, false }, ability, err);
		return without_loading(err);
	}
	return fail_errno(err, FAULT_KERNEL_OTHER, errno, "%s", name);
}
