/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The stub's segment: the blob with its argument block filled in, its page tables, its stack, and
 * the digest over all that the plan loads. Added last, since it names every other segment.
 */
#pragma once

#include "plan/plan.h"

struct stub_segment {
	phys_t entry;	 /* of the next kernel, 64-bit mode */
	phys_t argument; /* for rsi: the zero page */
	struct range reserved; /* what the next kernel uses before it has its own page tables */
	/*
	 * Where the stub puts its measurements: in the bytes of a segment, which are completed
	 * here and are left out of the digest.
	 */
	struct range record;
	uint8_t *record_bytes;
};

bool stub_segment_add(struct planner *planner, const struct stub_segment *want,
	struct error *err) __attribute__((warn_unused_result));
