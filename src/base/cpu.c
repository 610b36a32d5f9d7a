/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/cpu.h"

#include <stddef.h>
#include <string.h>
#include <strings.h>

/* clang-format off */
static const struct cpu cpus[] = {
	[ARCH_UNKNOWN] = { .name = "an unknown CPU" },
#define CPU(id, symbol, ...) CPU_NAMED(id, __VA_ARGS__)
#define CPU_NAMED(id, number, ...) [ARCH_##id] = { .elf = (number), __VA_ARGS__ },
#include "base/cpus.inc"
};
/* clang-format on */

enum { COUNT = sizeof cpus / sizeof *cpus };

const struct cpu *cpu_of(enum cpu_arch arch)
{
	return &cpus[(size_t)arch < COUNT ? arch : ARCH_UNKNOWN];
}

const char *cpu_arch_name(enum cpu_arch arch)
{
	return cpu_of(arch)->name;
}

bool cpu_arch_is_x86(enum cpu_arch arch)
{
	return arch == ARCH_X86_64 || arch == ARCH_I386;
}

static bool has_uname(const struct cpu *cpu, const char *name)
{
	for (size_t i = 0; i < CPU_UNAMES && cpu->unames[i]; i++)
		if (strcmp(cpu->unames[i], name) == 0)
			return true;
	return false;
}

static bool has_pe(const struct cpu *cpu, uint16_t machine)
{
	for (size_t i = 0; i < CPU_PES && cpu->pe[i]; i++)
		if (cpu->pe[i] == machine)
			return true;
	return false;
}

enum cpu_arch cpu_arch_by_uname(const char *machine)
{
	for (size_t i = 0; i < COUNT; i++)
		if (has_uname(&cpus[i], machine))
			return (enum cpu_arch)i;
	return ARCH_UNKNOWN;
}

enum cpu_arch cpu_arch_by_pe(uint16_t machine)
{
	for (size_t i = 0; i < COUNT; i++)
		if (has_pe(&cpus[i], machine))
			return (enum cpu_arch)i;
	return ARCH_UNKNOWN;
}

enum cpu_arch cpu_arch_by_efi(const char *name)
{
	for (size_t i = 0; i < COUNT; i++)
		if (cpus[i].efi && strcasecmp(cpus[i].efi, name) == 0)
			return (enum cpu_arch)i;
	return ARCH_UNKNOWN;
}
