/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "arch/registry.h"

#include "arch/arm64/arm64.h"
#include "arch/loongarch64/loongarch64.h"
#include "arch/riscv64/riscv64.h"
#include "arch/x86/x86.h"

static const struct arch_ops *const rows[] = {
	&arch_x86_64,
	&arch_i386,
	&arch_arm64,
	&arch_riscv64,
	&arch_loongarch64,
};

const struct arch_ops *arch_find(enum cpu_arch arch)
{
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		if (rows[i]->arch == arch)
			return rows[i];
	return NULL;
}
