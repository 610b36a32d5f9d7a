/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The memory that a crash kernel of ppc64el is told of: that which each node of memory says may be used, in the place of its
 * reg (drivers/of/fdt.c of Linux; arch/powerpc/kexec/file_load_64.c). Memory that came in pieces (LoPAPR,
 * /ibm,dynamic-reconfiguration-memory) is in no such node.
 */
#pragma once

#include "boot/tree-writer.h"

/* Only these ranges, which ascend, are left; false where they do not fit the root's cells. */
bool tree_memory_limit(struct tree_writer *w, const struct ranges *usable)
	__attribute__((warn_unused_result));
