/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Names of CPU architectures. */
#include "base/cpu.h"

#include <stddef.h>
#include <string.h>

static const struct {
	const char *uname;
	enum cpu_arch arch;
} by_uname[] = {
	{ "x86_64", ARCH_X86_64 },
	{ "i386", ARCH_I386 },
	{ "i486", ARCH_I386 },
	{ "i586", ARCH_I386 },
	{ "i686", ARCH_I386 },
	{ "aarch64", ARCH_ARM64 },
	{ "armv6l", ARCH_ARM },
	{ "armv7l", ARCH_ARM },
	{ "armv8l", ARCH_ARM },
	{ "riscv64", ARCH_RISCV64 },
	{ "ppc64", ARCH_PPC64 },
	{ "ppc64le", ARCH_PPC64 },
	{ "loongarch64", ARCH_LOONGARCH64 },
	{ "s390x", ARCH_S390X },
};

enum cpu_arch cpu_arch_by_uname(const char *machine)
{
	for (size_t i = 0; i < sizeof by_uname / sizeof by_uname[0]; i++)
		if (strcmp(by_uname[i].uname, machine) == 0)
			return by_uname[i].arch;
	return ARCH_UNKNOWN;
}

const char *cpu_arch_name(enum cpu_arch arch)
{
	switch (arch) {
	case ARCH_UNKNOWN:
		return "an unknown CPU";
	case ARCH_X86_64:
		return "x86-64";
	case ARCH_I386:
		return "i386";
	case ARCH_ARM64:
		return "arm64";
	case ARCH_ARM:
		return "32-bit ARM";
	case ARCH_RISCV64:
		return "riscv64";
	case ARCH_LOONGARCH64:
		return "loong64";
	case ARCH_PPC64:
		return "ppc64";
	case ARCH_S390X:
		return "s390x";
	}
	return "an unknown CPU";
}
