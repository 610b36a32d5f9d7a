/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "arch/x86/kaslr.h"

#include "base/arith.h"

/* As many slots as 7 bits of randomness need: fewer only where there is no choice. */
enum { SLOTS_ENOUGH = 128 };

#define ZONE_BORDER GiB(4)

/* random * count / 2^64, in halves: a 32-bit build has no number for the product. */
uint64_t kaslr_pick(uint64_t random, uint64_t count)
{
	uint64_t upper = (random >> 32) * count, lower = (random & UINT32_MAX) * count;

	return (upper + (lower >> 32)) >> 32;
}

uint64_t kaslr_virtual_slots(const struct kaslr_virtual *want)
{
	uint64_t size;

	if (!ck_align_up(want->size, want->align, &size) || size > VMLINUX_MAP_SIZE ||
		want->link > VMLINUX_MAP_SIZE - size)
		return 0;
	return 1 + (VMLINUX_MAP_SIZE - want->link - size) / want->align;
}

/* How many slots a hole has, and where the first one is. */
static uint64_t slots_in(struct range hole, const struct kaslr_physical *want, phys_t *ret_first)
{
	if (!ck_align_up(hole.start, want->align, ret_first) || *ret_first > range_end(hole) ||
		range_end(hole) - *ret_first < want->size)
		return 0;
	return 1 + (range_end(hole) - *ret_first - want->size) / want->align;
}

/* The part of a window's free memory in which slots may lie ends here: below its top quarter. */
static phys_t end_of_low_part(const struct ranges *free, struct range window)
{
	uint64_t total = 0, left;

	for (size_t i = 0; i < free->count; i++)
		total += range_intersect(free->items[i], window).size;
	left = total - total / 4;
	for (size_t i = 0; i < free->count; i++) {
		struct range part = range_intersect(free->items[i], window);

		if (part.size >= left && part.size > 0)
			return part.start + left;
		left -= part.size;
	}
	return window.start;
}

/* Two zones with their top quarter or without it. */
struct windows {
	struct range items[2];
};

static struct windows windows_of(
	const struct ranges *free, const struct kaslr_physical *want, bool whole)
{
	phys_t end = want->last == PHYS_MAX ? PHYS_MAX : want->last + 1;
	struct windows w = { { range_between(want->floor, min_u64(end, ZONE_BORDER)),
		range_between(max_u64(want->floor, ZONE_BORDER), end) } };

	for (size_t i = 0; i < 2 && !whole; i++)
		w.items[i] = range_between(w.items[i].start, end_of_low_part(free, w.items[i]));
	return w;
}

/* Counts the slots, up to the n-th one, whose address it then gives. */
static uint64_t walk(const struct ranges *free, const struct kaslr_physical *want,
	const struct windows *w, uint64_t n, phys_t *ret)
{
	uint64_t count = 0;

	for (size_t i = 0; i < 2; i++)
		for (size_t j = 0; j < free->count; j++) {
			struct range hole = range_intersect(free->items[j], w->items[i]);
			phys_t first;
			uint64_t here = slots_in(hole, want, &first);

			if (n >= count && n - count < here)
				*ret = first + (n - count) * want->align;
			count += here;
		}
	return count;
}

bool kaslr_pick_physical(
	const struct ranges *free, const struct kaslr_physical *want, uint64_t random, phys_t *ret)
{
	struct windows w = windows_of(free, want, false);
	phys_t found = 0;
	uint64_t count = walk(free, want, &w, UINT64_MAX, &found);

	if (count < SLOTS_ENOUGH) {
		w = windows_of(free, want, true);
		count = walk(free, want, &w, UINT64_MAX, &found);
	}
	if (count == 0)
		return false;
	walk(free, want, &w, kaslr_pick(random, count), &found);
	*ret = found;
	return true;
}
