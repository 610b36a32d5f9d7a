/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "plan/meaning.h"

#include <errno.h>

enum { KERNEL_ENOTSUPP = 524 }; /* include/linux/errno.h: not meant for us, and yet it comes */

/*
 * To a running kernel that does not know the format of what a kernel lies in, it is no image: ENOEXEC on
 * x86, EINVAL elsewhere. What lies in it is worth a try for want of memory, too, since a UKI is larger
 * than its kernel by its initrds. The first row that holds is the one.
 */
static const struct meaning meanings[] = {
	{ ENOSYS, CALL_AUTO, FAULT_NO_SYSCALL, "the running kernel does not have it",
		.other_may_do = true },
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
	{ KERNEL_ENOTSUPP, CALL_FILE_LOAD, FAULT_SIGNATURE,
		"the image's first signature is of a kind that the running kernel does not read" },
	{ ENOPKG, CALL_FILE_LOAD, FAULT_SIGNATURE,
		"the signature uses a method that the running kernel was built without" },
	{ ENOEXEC, CALL_FILE_LOAD, FAULT_FORMAT_REFUSED,
		"the running kernel does not know this image format", .other_may_do = true,
		.inner_may_do = true },
	{ ENOEXEC, CALL_LOAD, FAULT_KERNEL_INVALID,
		"the running kernel cannot start a kernel of this CPU" },
	{ EOPNOTSUPP, CALL_AUTO, FAULT_MACHINE_UNSUPPORTED,
		"the running kernel loads none on a CPU with the defect tdx_pw_mce (/proc/cpuinfo), "
		"since the next kernel might die of memory that TDX has used",
		.where = WHERE_TDX_FORBIDS },
	{ EOPNOTSUPP, CALL_FILE_LOAD, FAULT_FORMAT_REFUSED,
		"the running kernel does not support this image", .other_may_do = true,
		.inner_may_do = true },
	{ EADDRNOTAVAIL, CALL_FILE_LOAD, FAULT_ADDRESS_UNAVAILABLE,
		"the running kernel, which can keep memory for the next one (kho=), finds no free memory "
		"for it in one piece; it looks only in what it has set aside (kho_scratch=)",
		.other_may_do = true, .where = WHERE_MEMORY_IS_KEPT },
	{ EADDRNOTAVAIL, CALL_FILE_LOAD, FAULT_ADDRESS_UNAVAILABLE,
		"the running kernel finds no free memory for it in one piece" },
	{ EADDRNOTAVAIL, CALL_LOAD, FAULT_ADDRESS_UNAVAILABLE,
		"a segment lies where the running kernel permits none", .other_may_do = true },
	{ ENOMEM, CALL_AUTO, FAULT_KERNEL_NO_MEMORY,
		"the running kernel has not enough free memory to hold it", .inner_may_do = true },
	{ EBUSY, CALL_AUTO, FAULT_KERNEL_BUSY_OR_STUCK,
		"kexec is in use by another program, or the running kernel cannot stop its other CPUs "
		"(no CPU hotplug, a CPU that is stuck, or kvm-arm.mode=protected)",
		.where = WHERE_CPUS_MAY_STICK },
	{ EBUSY, CALL_AUTO, FAULT_KERNEL_BUSY, "kexec is in use by another program" },
	{ ETXTBSY, CALL_FILE_LOAD, FAULT_KERNEL_FILE_BUSY,
		"the kernel or the initrd is open for writing" },
	{ EINVAL, CALL_FILE_LOAD, FAULT_FORMAT_REFUSED,
		"the running kernel rejects the image, the initrd or the command line",
		.other_may_do = true, .inner_may_do = true },
	{ EINVAL, CALL_LOAD, FAULT_KERNEL_INVALID,
		"the running kernel rejects the segments or the flags", .other_may_do = true },
	{ EFAULT, CALL_AUTO, FAULT_FILE_CHANGED, "a file shrank while the kernel read it" },
	{ EIO, CALL_AUTO, FAULT_FILE_UNREADABLE, "a file could not be read" },
	{ EFBIG, CALL_FILE_LOAD, FAULT_KERNEL_FILE_SIZE,
		"the file is larger than what the running kernel reads", .inner_may_do = true },
	/* Which of all that can forbid it does, the machine's abilities tell: sys/refusal.h. */
	{ EPERM, CALL_FILE_LOAD },
	{ EACCES, CALL_FILE_LOAD },
	/* A security module may forbid what it cannot verify. */
	{ EPERM, CALL_LOAD, .other_may_do = true },
	{ EACCES, CALL_LOAD, .other_may_do = true },
};

static bool holds(enum meaning_where where, const struct kexec_ability *ability)
{
	switch (where) {
	case ANYWHERE:
		return true;
	case WHERE_CPUS_MAY_STICK:
		return ability->cpus_may_stick;
	case WHERE_TDX_FORBIDS:
		return ability->tdx_partial_writes;
	case WHERE_MEMORY_IS_KEPT:
		return ability->live_update == ANSWER_YES;
	}
	return false;
}

struct kexec_ability meaning_ability(const struct kexec_ability *ability, bool crash)
{
	struct kexec_ability of = *ability;

	if (crash) {
		of.cpus_may_stick = false;
		of.live_update = ANSWER_NO;
	}
	return of;
}

const struct meaning *meaning_of(
	int errnum, enum kexec_call call, const struct kexec_ability *ability)
{
	for (size_t i = 0; i < sizeof meanings / sizeof meanings[0]; i++)
		if (meanings[i].errnum == errnum &&
			(meanings[i].call == call || meanings[i].call == CALL_AUTO) &&
			holds(meanings[i].where, ability))
			return &meanings[i];
	return NULL;
}
