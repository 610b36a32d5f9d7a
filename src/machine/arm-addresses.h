/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The running kernel's addresses of memory on 32-bit ARM, whose kernels may have no /proc/kcore: low memory lies in one
 * piece from PAGE_OFFSET on (Documentation/arch/arm/memory.rst), which is found by where one symbol lies in both.
 */
#pragma once

#include "machine/machine.h"

enum { KALLSYMS_HEAD_MAX = 4096 }; /* the symbol that is sought is one of the first */

/*
 * Fills in linear by the beginning of /proc/kallsyms. Nothing where that has no such symbol, hides its address, or has
 * another one than the kernel's place in memory makes; false only when memory is out.
 */
bool arm_addresses_parse(struct view kallsyms, const struct machine *machine, struct arena *arena,
	struct dump_facts *ret) __attribute__((warn_unused_result));
