/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "sys/refusal.h"

#include <errno.h>

struct meaning {
	int errnum;
	enum kexec_call call; /* CALL_AUTO: of both */
	enum fault fault;
	const char *text;
};

static const struct meaning meanings[] = {
	{ ENOSYS, CALL_AUTO, FAULT_NO_SYSCALL, "the running kernel does not have it" },
	{ EKEYREJECTED, CALL_FILE_LOAD, FAULT_SIGNATURE,
		"the running kernel does not accept the image's signature" },
	{ ENOKEY, CALL_FILE_LOAD, FAULT_SIGNATURE,
		"the running kernel has no key for the image's signature" },
	{ ENODATA, CALL_FILE_LOAD, FAULT_SIGNATURE,
		"the image is not signed, and the running kernel wants a signature" },
	{ EBADMSG, CALL_FILE_LOAD, FAULT_SIGNATURE, "the image's signature is damaged" },
	{ ELIBBAD, CALL_FILE_LOAD, FAULT_SIGNATURE,
		"the part of the image that carries the signature is damaged" },
	{ EMSGSIZE, CALL_FILE_LOAD, FAULT_SIGNATURE, "the image's signature has a wrong size" },
	{ ENOPKG, CALL_FILE_LOAD, FAULT_SIGNATURE,
		"the signature uses a method that the running kernel was built without" },
	{ ENOEXEC, CALL_FILE_LOAD, FAULT_FORMAT_REFUSED,
		"the running kernel does not know this image format" },
	{ ENOEXEC, CALL_LOAD, FAULT_KERNEL_INVALID,
		"the running kernel cannot start a kernel of this CPU" },
	{ EOPNOTSUPP, CALL_FILE_LOAD, FAULT_FORMAT_REFUSED,
		"the running kernel does not support this image" },
	{ EADDRNOTAVAIL, CALL_FILE_LOAD, FAULT_ADDRESS_UNAVAILABLE,
		"the running kernel finds no free memory for it in one piece" },
	{ EADDRNOTAVAIL, CALL_LOAD, FAULT_ADDRESS_UNAVAILABLE,
		"a segment lies where the running kernel permits none" },
	{ ENOMEM, CALL_AUTO, FAULT_KERNEL_NO_MEMORY,
		"the running kernel has not enough free memory to hold it" },
	{ EBUSY, CALL_AUTO, FAULT_KERNEL_BUSY, "kexec is in use by another program" },
	{ ETXTBSY, CALL_FILE_LOAD, FAULT_KERNEL_FILE_BUSY,
		"the kernel or the initrd is open for writing" },
	{ EINVAL, CALL_FILE_LOAD, FAULT_FORMAT_REFUSED,
		"the running kernel rejects the image, the initrd or the command line" },
	{ EINVAL, CALL_LOAD, FAULT_KERNEL_INVALID,
		"the running kernel rejects the segments or the flags" },
	{ EFAULT, CALL_AUTO, FAULT_FILE_CHANGED, "a file shrank while the kernel read it" },
	{ EIO, CALL_AUTO, FAULT_FILE_UNREADABLE, "a file could not be read" },
	{ EFBIG, CALL_FILE_LOAD, FAULT_KERNEL_NO_MEMORY,
		"the file is larger than what the running kernel reads" },
};

static const struct meaning *find(int errnum, enum kexec_call call)
{
	for (size_t i = 0; i < sizeof meanings / sizeof meanings[0]; i++)
		if (meanings[i].errnum == errnum &&
			(meanings[i].call == call || meanings[i].call == CALL_AUTO))
			return &meanings[i];
	return NULL;
}

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
			"%s: the running kernel is locked down (%s)%s", what,
			ability->lockdown == LOCKDOWN_INTEGRITY ? "integrity" : "confidentiality",
			ability->secure_boot == ANSWER_YES ? " by Secure Boot" : "");
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

bool refusal(
	int errnum, struct attempt attempt, const struct kexec_ability *ability, struct error *err)
{
	const struct meaning *meaning = find(errnum, attempt.call);
	const char *name = kexec_call_name(attempt.call);

	if (errnum == EPERM || errnum == EACCES) {
		refusal_permission(attempt, ability, err);
		err->errnum = errnum;
		return false;
	}
	if (!meaning)
		return fail_errno(err, FAULT_KERNEL_OTHER, errnum, "%s", name);
	return fail_errno(err, meaning->fault, errnum, "%s: %s", name, meaning->text);
}
