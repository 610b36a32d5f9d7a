/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "arch/powerpc64/crash.h"

#include "base/arith.h"
#include "plan/place.h"

enum {
	/* arch/powerpc/kernel/head_64.S: "This flag is set to 1 by a loader". */
	STAY_AT = 0x5c,
	STAY = 1,
	MOVE = 0x72756e30, /* "run0", as it was linked */
};

/* So much is copied to change a word of it. */
#define FIRST_PIECE KiB(64)

static struct segment *segment_at(struct plan *plan, phys_t start)
{
	for (size_t i = 0; i < plan->segment_count; i++)
		if (plan->segments[i].mem.start == start)
			return &plan->segments[i];
	return NULL;
}

bool powerpc64_crash_stay(struct planner *planner, struct range kernel, struct error *err)
{
	struct segment *first = segment_at(planner->plan, kernel.start), rest;
	struct view bytes = first ? first->data : (struct view){ 0 };
	size_t size = (size_t)min_u64(bytes.n, FIRST_PIECE);
	struct block changed = { arena_alloc(planner->arena, size), size, false };
	struct reader word = reader_at(bytes, STAY_AT);
	uint32_t found = reader_le32(&word);

	if (!changed.p)
		return fail_no_memory(err);
	if (word.overrun || (found != MOVE && found != STAY))
		return fail(err, FAULT_IMAGE_UNKNOWN,
			"this kernel moves itself to address 0, where the one that has crashed is: it was "
			"not built to run elsewhere");
	block_put_bytes(&changed, 0, view_first(bytes, size));
	block_put_le32(&changed, STAY_AT, STAY);
	first->data = (struct view){ changed.p, changed.n };
	if (bytes.n <= FIRST_PIECE)
		return true;
	rest = *first;
	rest.mem = range_between(first->mem.start + FIRST_PIECE, range_end(first->mem));
	first->mem.size = FIRST_PIECE;
	rest.data = view_from(bytes, FIRST_PIECE);
	return place_segment(planner, rest, err);
}
