/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Puts the parts of an ELF into memory, which the kernel takes in whole pages only. */
#pragma once

#include "plan/plan.h"

/* Where an ELF may lie. */
struct elf_placement {
	const struct elf *elf;
	bool relocatable;   /* otherwise it lies where it was linked, or nowhere */
	phys_t first, last; /* where it is: the lowest address, the highest of its last byte */
	uint64_t align;
};

/* Finds a place and adds the segments; ret is the range that the ELF occupies there. */
bool elf_place(struct planner *planner, const struct elf_placement *want, struct range *ret,
	struct error *err) __attribute__((warn_unused_result));
