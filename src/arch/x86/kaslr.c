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

/* Where so many quarters of a window's free memory lie below. */
static phys_t behind_quarters(const struct ranges *free, struct range window, unsigned quarters)
{
	uint64_t total = 0, left;

	for (size_t i = 0; i < free->count; i++)
		total += range_intersect(free->items[i], window).size;
	left = total / 4 * quarters;
	for (size_t i = 0; i < free->count; i++) {
		struct range part = range_intersect(free->items[i], window);

		if (part.size >= left && part.size > 0)
			return part.start + left;
		left -= part.size;
	}
	return window.start;
}

/* The quarters of a zone's free memory in which slots may lie. */
struct quarters {
	unsigned from, to;
};

/* In two zones. */
struct windows {
	struct range items[2];
};

static struct windows windows_of(
	const struct ranges *free, const struct kaslr_physical *want, struct quarters quarters)
{
	phys_t end = want->last == PHYS_MAX ? PHYS_MAX : want->last + 1;
	struct windows w = { { range_between(want->floor, min_u64(end, ZONE_BORDER)),
		range_between(max_u64(want->floor, ZONE_BORDER), end) } };

	for (size_t i = 0; i < 2; i++) {
		struct range *r = &w.items[i];
		phys_t start = quarters.from ? behind_quarters(free, *r, quarters.from) : r->start;

		if (quarters.to < 4)
			*r = range_between(start, behind_quarters(free, *r, quarters.to));
		else
			*r = range_between(start, range_end(*r));
	}
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
	static const struct quarters tries[] = { { 1, 3 }, { 0, 3 }, { 0, 4 } };
	struct windows w = { 0 };
	phys_t found = 0;
	uint64_t count = 0;

	for (size_t i = 0; i < sizeof tries / sizeof tries[0] && count < SLOTS_ENOUGH; i++) {
		w = windows_of(free, want, tries[i]);
		count = walk(free, want, &w, UINT64_MAX, &found);
	}
	if (count == 0)
		return false;
	walk(free, want, &w, kaslr_pick(random, count), &found);
	*ret = found;
	return true;
}
