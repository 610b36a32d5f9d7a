/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The CPU architectures by name. An architecture is data: every build knows all of them. */
#pragma once

enum cpu_arch {
	ARCH_UNKNOWN,
	ARCH_X86_64,
	ARCH_I386,
	ARCH_ARM64,
	ARCH_ARM,
	ARCH_RISCV64,
	ARCH_LOONGARCH64,
	ARCH_PPC64,
	ARCH_S390X,
};

/* By the kernel's own name as `uname -m` prints it ("aarch64", "i686"); ARCH_UNKNOWN for others. */
enum cpu_arch cpu_arch_by_uname(const char *machine);

/*
 * As people name it, and Debian names most: "x86-64", "arm64", "loong64"; "an unknown CPU" for
 * ARCH_UNKNOWN. Files and symbols have the kernel's name (loongarch64); LoongArch is the architecture
 * that its manual and ELF speak of.
 */
const char *cpu_arch_name(enum cpu_arch arch);
