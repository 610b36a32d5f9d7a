/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "arch/registry.h"

#define CPU(id, symbol, ...) &arch_##symbol,
#define CPU_NAMED(...)
static const struct arch_ops *const tables[] = {
#include "base/cpus.inc"
};

const struct arch_ops *arch_find(enum cpu_arch arch)
{
	for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
		if (tables[i]->arch == arch)
			return tables[i];
	return NULL;
}
