/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "jump/load-costs.h"

#include "machine/linux-version.h"
#include "plan/check.h"

enum { KERNEL_COPIES_ONCE = LINUX_VERSION(6, 14) };

/*
 * Until Linux 6.14 relocate_kernel of x86 copied each page three times, by way of a spare one;
 * since then only for jumps that return. Where the version is not known, three times is assumed. On other CPUs it
 * copies once.
 */
unsigned load_copies(const struct machine *machine)
{
	unsigned version;

	if (machine->arch != ARCH_UNKNOWN && !cpu_arch_is_x86(machine->arch))
		return 1;
	return linux_version(machine->uname_release, &version) && version >= KERNEL_COPIES_ONCE ? 1
												: 3;
}

enum initrd_check load_check(const struct job *job, enum kexec_call call)
{
	const struct cpu_facts *cpu = &job->machine.cpu;

	if (call == CALL_FILE_LOAD)
		return INITRD_CHECK_SHA_PLAIN;
	switch (check_choose(cpu, job->wanted.check)) {
	case CHECK_NONE:
		return INITRD_CHECK_NONE;
	case CHECK_CRC32C:
		return cpu->sse42 ? INITRD_CHECK_CRC32C : INITRD_CHECK_CRC32C_PLAIN;
	case CHECK_AUTO:
	case CHECK_SHA256:
		break;
	}
	return cpu->sha ? INITRD_CHECK_SHA_NI : INITRD_CHECK_SHA_PLAIN;
}
