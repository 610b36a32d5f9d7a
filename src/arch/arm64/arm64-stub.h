/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The stub of arm64. It is entered with the MMU and the data cache off, and switches them on to
 * verify at the speed of memory: with page tables that map what it reads and no more.
 */
#pragma once

#include "boot/tree-boot.h"

/* Adds it behind all other segments; entry is the kernel's. */
bool arm64_stub_add(struct planner *planner, phys_t entry, const struct tree_boot *beside_it,
	struct error *err) __attribute__((warn_unused_result));
