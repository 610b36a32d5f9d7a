/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The stub of x86: the generic segment with page tables, and where it complains. */
#pragma once

#include "plan/plan.h"
#include "stub/abi.h"

struct x86_stub {
	phys_t entry; /* of the next kernel */
	enum stub_mode
		mode; /* in 32-bit mode everything lies below 4 GiB; see place.h for real mode */
	uint64_t registers[STUB_REGISTERS];
	struct range reserved; /* what the next kernel uses before it has its own page tables */
	struct stub_copy copies[STUB_COPIES_MAX];
	uint32_t copy_count;
	/* See struct stub_contents. */
	struct range record;
	uint8_t *record_bytes;
};

bool x86_stub_add(struct planner *planner, const struct x86_stub *want, struct error *err)
	__attribute__((warn_unused_result));
