/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The CPU architectures, and what others call them. An architecture is data: every build knows all of
 * them, by their rows in cpus.inc.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* clang-format off */
enum cpu_arch {
	ARCH_UNKNOWN,
#define CPU(id, symbol, elf, ...) ARCH_##id,
#define CPU_NAMED(id, elf, ...)   ARCH_##id,
#include "base/cpus.inc"
#undef CPU
#undef CPU_NAMED
};

/* e_machine of the ELF header. */
enum elf_machine {
	ELF_NONE,
#define CPU(id, symbol, elf, ...) ELF_##id = (elf),
#define CPU_NAMED(id, elf, ...)   ELF_##id = (elf),
#include "base/cpus.inc"
#undef CPU
#undef CPU_NAMED
};
/* clang-format on */

enum { CPU_UNAMES = 4, CPU_PES = 3 };

struct cpu {
	/*
	 * As people read it, and Debian has it mostly: "x86-64", "loong64". Files and symbols have the
	 * kernel's name (loongarch64); LoongArch is the architecture that its manual and ELF speak of.
	 */
	const char *name;
	const char *unames[CPU_UNAMES]; /* the kernel's own, as `uname -m` prints them */
	uint16_t elf;                   /* one of enum elf_machine */
	uint16_t pe[CPU_PES];           /* PE's machine types, section 3.3.1 */
	/* NULL: it has no UEFI, no GRUB; GRUB is built for several kinds of firmware. */
	const char *efi; /* UEFI, "Removable Media Boot Behavior": of BOOTx64.EFI */
	const char *grub, *grub_platform; /* grub_cpu, and grub_platform where that is not "efi" */
	/* So many low bits of an address in an ELF kernel are physical, the rest a window; 0: all. */
	uint8_t elf_address_bits;
};

/* Its facts; for ARCH_UNKNOWN a name, "an unknown CPU", and nothing else. */
const struct cpu *cpu_of(enum cpu_arch arch);

const char *cpu_arch_name(enum cpu_arch arch);

/* x86-64 or i386: its machines are PCs. */
bool cpu_arch_is_x86(enum cpu_arch arch);

/* ARCH_UNKNOWN where nobody is called so. */
enum cpu_arch cpu_arch_by_uname(const char *machine);
enum cpu_arch cpu_arch_by_pe(uint16_t machine);
enum cpu_arch cpu_arch_by_efi(const char *name); /* of either case */
