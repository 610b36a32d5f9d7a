/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "sys/refusal.h"

#include <errno.h>

#include "plan/meaning.h"

bool refusal_permission(
	struct attempt attempt, const struct kexec_ability *ability, struct error *err)
{
	const char *what = attempt.call == CALL_AUTO ? "reboot" : kexec_call_name(attempt.call);

	if (ability->may_boot == ANSWER_NO)
		return fail_errno(err, FAULT_NO_CAPABILITY, EPERM,
			"%s: this process does not have CAP_SYS_BOOT", what);
	if (ability->disabled == ANSWER_YES)
		return fail_errno(err, FAULT_LOAD_DISABLED, EPERM,
			"%s: the sysctl kernel.kexec_load_disabled is 1", what);
	if ((attempt.crash ? ability->load_limit_panic : ability->load_limit_reboot) == 0)
		return fail_errno(err, FAULT_LOAD_LIMIT, EPERM,
			"%s: the sysctl kernel.kexec_load_limit_%s has come to 0", what,
			attempt.crash ? "panic" : "reboot");
	if (kexec_is_locked_down(ability))
		return fail_errno(err, FAULT_LOCKDOWN, EPERM,
			"%s: the running kernel is locked down (%s)%s%s", what,
			ability->lockdown == LOCKDOWN_INTEGRITY ? "integrity" : "confidentiality",
			ability->secure_boot == ANSWER_YES ? " by Secure Boot" : "",
			attempt.call == CALL_FILE_LOAD
				? ", and the image has no signature that it trusts"
				: "");
	if (ability->may_boot == ANSWER_UNKNOWN)
		return fail_errno(err, FAULT_NO_CAPABILITY, EPERM,
			"%s: this process does not have CAP_SYS_BOOT, or a policy forbids it",
			what);
	if (ability->lockdown == LOCKDOWN_UNKNOWN)
		return fail_errno(err, FAULT_LOCKDOWN_UNSEEN, EPERM,
			"%s: the running kernel forbids it, probably by lockdown", what);
	return fail_errno(err, FAULT_SECURITY_MODULE, EPERM,
		"%s: a policy of the running kernel (a security module) forbids it", what);
}

/* Of KEXEC_CMD_kexec_load and KEXEC_CMD_kexec_unload, and of the devices that lead there. */
static bool refusal_by_xen(int errnum, struct error *err)
{
	static const struct {
		int errnum;
		enum fault fault;
		const char *text;
	} rows[] = {
		{ ENOMEM, FAULT_XEN_MEMORY,
			"Xen, or this domain, has not enough free memory to hold it" },
		{ ENOSYS, FAULT_XEN_PV, "this Xen was built without kexec" },
		{ EOPNOTSUPP, FAULT_XEN_PV, "this Xen is too old for it (before 4.4)" },
		{ EINVAL, FAULT_KERNEL_INVALID, "Xen rejects the segments" },
		{ EBUSY, FAULT_KERNEL_BUSY, "Xen is already jumping into another kernel" },
		{ ENOENT, FAULT_XEN_SILENT, "there is no device to ask Xen by" },
		{ ENODEV, FAULT_XEN_SILENT, "there is no device to ask Xen by" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (rows[i].errnum == errnum)
			return fail_errno(err, rows[i].fault, errnum, "KEXEC_CMD_kexec_load: %s",
				rows[i].text);
	return fail_errno(err, FAULT_KERNEL_OTHER, errnum, "KEXEC_CMD_kexec_load");
}

bool refusal(
	int errnum, struct attempt attempt, const struct kexec_ability *ability, struct error *err)
{
	const char *name = kexec_call_name(attempt.call);
	struct kexec_ability asked = meaning_ability(ability, attempt.crash);
	const struct meaning *meaning;
	enum fault fault;

	if (errnum == EPERM || errnum == EACCES) {
		refusal_permission(attempt, ability, err);
		err->errnum = errnum;
		return false;
	}
	if (ability->xen.kind == XEN_PV_DOM0)
		return refusal_by_xen(errnum, err);
	meaning = meaning_of(errnum, attempt.call, &asked);
	if (!meaning || !meaning->text)
		return fail_errno(err, FAULT_KERNEL_OTHER, errnum, "%s", name);
	fault = attempt.crash && meaning->fault == FAULT_ADDRESS_UNAVAILABLE
		? FAULT_FIT_CRASH_MEMORY
		: meaning->fault;
	return fail_errno(err, fault, errnum, "%s: %s", name, meaning->text);
}
