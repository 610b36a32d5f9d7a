/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "sys/kexec.h"

#include <errno.h>
#include <string.h>

#include "sys/refusal.h"

/* <linux/kexec.h>; older headers do not have all of them. */
enum { FILE_UNLOAD = 1, FILE_NO_INITRAMFS = 4 };

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
	if (calls->load((unsigned long)plan->entry, plan->segment_count, segments,
		    plan->kexec_arch) == 0)
		return true;
	return refusal(errno, CALL_LOAD, ability, err);
}

static bool load_files(const struct kexec_calls *calls, const struct plan *plan,
	const struct kexec_ability *ability, struct error *err)
{
	const struct request *request = plan->request;
	bool has_initrd = request->initrd_count > 0;

	if (request->initrd_count > 1)
		return fail(err, FAULT_INTERNAL, "kexec_file_load takes one initrd, not %zu",
			request->initrd_count);
	if (calls->file_load(request->kernel.fd, has_initrd ? request->initrds[0].fd : -1,
		    strlen(request->command_line) + 1, request->command_line,
		    has_initrd ? 0 : FILE_NO_INITRAMFS) == 0)
		return true;
	return refusal(errno, CALL_FILE_LOAD, ability, err);
}

bool kexec_load_plan(const struct kexec_calls *calls, const struct plan *plan,
	const struct kexec_ability *ability, struct error *err)
{
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

bool kexec_unload(
	const struct kexec_calls *calls, const struct kexec_ability *ability, struct error *err)
{
	if (calls->file_load(-1, -1, 0, NULL, FILE_UNLOAD) == 0)
		return true;
	if (errno != ENOSYS)
		return refusal(errno, CALL_FILE_LOAD, ability, err);
	if (calls->load(0, 0, NULL, 0) == 0)
		return true;
	return refusal(errno, CALL_LOAD, ability, err);
}

bool kexec_jump(
	const struct kexec_calls *calls, const struct kexec_ability *ability, struct error *err)
{
	calls->jump();
	switch (errno) {
	case EINVAL:
		return fail(err, FAULT_NOTHING_LOADED, "no kernel is loaded");
	case EPERM:
		return refusal_permission(ability, "reboot", err);
	}
	return fail_errno(err, FAULT_KERNEL_OTHER, errno, "reboot(LINUX_REBOOT_CMD_KEXEC)");
}
