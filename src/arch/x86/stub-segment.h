/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The stub's segment: the blob with its argument block filled in, its page tables, its stack, and
 * the digest over all that the plan loads. Added last, since it names every other segment.
 */
#pragma once

#include "plan/plan.h"
#include "stub/abi.h"

struct stub_segment {
	phys_t entry;        /* of the next kernel */
	enum stub_mode mode; /* in 32-bit mode everything lies below 4 GiB */
	uint64_t registers[STUB_REGISTERS];
	struct range reserved; /* what the next kernel uses before it has its own page tables */
	/*
	 * Where the stub puts its measurements: in the bytes of a segment, which are completed
	 * here and are left out of the digest. Size 0: the next kernel cannot read any.
	 */
	struct range record;
	uint8_t *record_bytes;
};

bool stub_segment_add(struct planner *planner, const struct stub_segment *want, struct error *err)
	__attribute__((warn_unused_result));
