/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What a kernel that is told of its machine by a device tree finds beside it: the initrds, the tree,
 * and in that the stub's measurements.
 */
#pragma once

#include "boot/crash-core.h"
#include "boot/initrds.h"
#include "plan/plan.h"

struct tree_boot_request {
	struct initrds_request initrds;
	uint64_t tree_align;
	phys_t tree_last; /* the highest address of its last byte; 0 for no limit */

	/* Of a crash kernel: what it takes of the dead one's memory, as crash_core_request has it. */
	struct range taken;
	/* Its kernels are told of it by the nodes of memory, and on the command line where the core headers are. */
	bool memory_by_node;
};

struct tree_boot {
	struct range tree;
	struct crash_core core; /* of a crash kernel */
	/* See struct stub_contents. */
	struct range record;
	uint8_t *record_bytes;
};

/* Places and adds both; call it when the kernel has its place. */
bool tree_boot_add(struct planner *planner, const struct tree_boot_request *want,
	struct tree_boot *ret, struct error *err) __attribute__((warn_unused_result));
