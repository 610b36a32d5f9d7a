/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The stub's segment, as every CPU has it: the blob with its argument block filled in, the steps of
 * the request's recipe, tables that the CPU needs while it runs, its stack, and the digest over all that the plan loads. It is added
 * last, since it names every other segment. Page tables map their own segment: its address is
 * reserved first (begin), its contents are filled in later (end).
 */
#pragma once

#include "plan/plan.h"
#include "stub/abi.h"
#include "stub/stub.h"

struct stub_segment_request {
	const struct stub *stub;
	uint64_t tables_size; /* bytes, whole pages: at most so much is filled in before the end */
	phys_t last;          /* the highest address of its last byte; 0 for no limit */
	bool is_low;          /* where real mode reaches */
};

/* In memory: the blob, the tables, then the stack, which is not loaded. */
struct stub_segment {
	struct range mem;
	phys_t steps;   /* of the request's recipe: where they lie, behind the blob */
	phys_t tables;  /* where they will lie */
	uint8_t *bytes; /* of all these */
	uint64_t tables_size;
};

bool stub_segment_begin(struct planner *planner, const struct stub_segment_request *want,
	struct stub_segment *ret, struct error *err) __attribute__((warn_unused_result));

struct stub_contents {
	/*
	 * What the CPU has to say: entry, registers, page_tables, mode, where to complain and how to
	 * reset. All else is filled in here.
	 */
	struct stub_args args;
	struct view tables; /* whole pages, at most as large as was asked for; empty: none */
	/*
	 * Where the stub puts its measurements: in the bytes of a segment, which are filled in
	 * here, as args.record_form says, and are left out of the digest. Size 0: the next kernel cannot read any.
	 */
	struct range record;
	uint8_t *record_bytes;
};

bool stub_segment_end(struct planner *planner, const struct stub_segment *segment,
	const struct stub_contents *want, struct error *err) __attribute__((warn_unused_result));

/* Both at once, where the CPU needs no tables; last as in the request. */
bool stub_segment_add(struct planner *planner, const struct stub *stub, phys_t last,
	const struct stub_contents *want, struct error *err) __attribute__((warn_unused_result));
