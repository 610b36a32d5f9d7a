/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The device tree as the running kernel has it now, in which nodes of CPUs, memory and adapters have come and
 * gone since it was booted: flattened of /sys/firmware/devicetree/base.
 */
#pragma once

#include "machine/source.h"

/* As a file of the live source. */
#define LIVE_TREE "saut/device-tree"

/*
 * What is no node's, reservations of memory and the CPU that booted, is from the tree of the boot, as is the order
 * of nodes that were in there; without /sys/firmware/fdt there is none.
 */
enum presence live_tree_flatten(const struct source *source, struct arena *arena, struct view *ret,
	struct error *err) __attribute__((warn_unused_result));
