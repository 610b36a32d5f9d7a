/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Places a kernel of a CPU other than x86: a file that is its own image in memory (image/raw-image.h),
 * or an ELF whose parts can be moved together.
 */
#pragma once

#include "plan/plan.h"

struct raw_kernel {
	struct range memory; /* all that it uses before it has page tables of its own */
	phys_t entry;
};

/* What the CPU's boot protocol asks of the place of an ELF; a raw image says it itself. */
struct raw_kernel_limits {
	uint64_t elf_align;
	phys_t last; /* the highest address of the kernel's last byte; 0 for no limit */
};

/* Finds the place of the request's image and adds its segments. */
bool raw_kernel_add(struct planner *planner, const struct raw_kernel_limits *limits,
	struct raw_kernel *ret, struct error *err) __attribute__((warn_unused_result));
