/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "plan/meaning.h"

#include <errno.h>

/*
 * To a running kernel that does not know the format of what a kernel lies in, it is no image: ENOEXEC on
 * x86, EINVAL elsewhere. What lies in it is worth a try for want of memory, too, since a UKI is larger
 * than its kernel by its initrds.
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
	{ ENOPKG, CALL_FILE_LOAD, FAULT_SIGNATURE,
		"the signature uses a method that the running kernel was built without" },
	{ ENOEXEC, CALL_FILE_LOAD, FAULT_FORMAT_REFUSED,
		"the running kernel does not know this image format", .other_may_do = true,
		.inner_may_do = true },
	{ ENOEXEC, CALL_LOAD, FAULT_KERNEL_INVALID,
		"the running kernel cannot start a kernel of this CPU" },
	{ EOPNOTSUPP, CALL_FILE_LOAD, FAULT_FORMAT_REFUSED,
		"the running kernel does not support this image", .other_may_do = true,
		.inner_may_do = true },
	{ EADDRNOTAVAIL, CALL_FILE_LOAD, FAULT_ADDRESS_UNAVAILABLE,
		"the running kernel finds no free memory for it in one piece" },
	{ EADDRNOTAVAIL, CALL_LOAD, FAULT_ADDRESS_UNAVAILABLE,
		"a segment lies where the running kernel permits none", .other_may_do = true },
	{ ENOMEM, CALL_AUTO, FAULT_KERNEL_NO_MEMORY,
		"the running kernel has not enough free memory to hold it", .inner_may_do = true },
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
	{ EFBIG, CALL_FILE_LOAD, FAULT_KERNEL_NO_MEMORY,
		"the file is larger than what the running kernel reads", .inner_may_do = true },
	/* Which of all that can forbid it does, the machine's abilities tell: sys/refusal.h. */
	{ EPERM, CALL_FILE_LOAD },
	{ EACCES, CALL_FILE_LOAD },
	/* A security module may forbid what it cannot verify. */
	{ EPERM, CALL_LOAD, .other_may_do = true },
	{ EACCES, CALL_LOAD, .other_may_do = true },
};

const struct meaning *meaning_of(int errnum, enum kexec_call call)
{
	for (size_t i = 0; i < sizeof meanings / sizeof meanings[0]; i++)
		if (meanings[i].errnum == errnum &&
			(meanings[i].call == call || meanings[i].call == CALL_AUTO))
			return &meanings[i];
	return NULL;
}
