/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Interval arithmetic; knows nothing of what the ranges mean. */
#include "base/range.h"

#include <stdlib.h>

#include "base/arith.h"

bool range_make(phys_t start, uint64_t size, struct range *ret)
{
	uint64_t end;

	if (!ck_add(start, size, &end))
		return false;
	*ret = (struct range){ start, size };
	return true;
}

struct range range_between(phys_t start, phys_t end)
{
	return (struct range){ start, end > start ? end - start : 0 };
}

phys_t range_end(struct range r)
{
	return r.start + r.size;
}

bool range_contains(struct range outer, struct range inner)
{
	return inner.start >= outer.start && range_end(inner) <= range_end(outer);
}

bool range_has(struct range r, phys_t address)
{
	return address >= r.start && address - r.start < r.size;
}

bool range_overlaps(struct range a, struct range b)
{
	return range_intersect(a, b).size != 0;
}

struct range range_intersect(struct range a, struct range b)
{
	return range_between(max_u64(a.start, b.start), min_u64(range_end(a), range_end(b)));
}

struct range range_shrink_to(struct range r, uint64_t align)
{
	uint64_t start;

	if (!ck_align_up(r.start, align, &start))
		return (struct range){ 0 };
	return range_between(start, align_down(range_end(r), align));
}

bool ranges_add(struct ranges *set, struct arena *a, struct range r)
{
	struct range *items;

	if (r.size == 0)
		return true;
	items = arena_grow(a, set->items, set->count, sizeof *items);
	if (!items)
		return false;
	items[set->count] = r;
	*set = (struct ranges){ items, set->count + 1 };
	return true;
}

static int by_start(const void *x, const void *y)
{
	const struct range *a = x, *b = y;

	return a->start < b->start ? -1 : a->start > b->start;
}

void ranges_normalise(struct ranges *set)
{
	size_t kept = 0;

	if (set->count == 0)
		return;
	qsort(set->items, set->count, sizeof *set->items, by_start);
	for (size_t i = 1; i < set->count; i++) {
		struct range *last = &set->items[kept], next = set->items[i];

		if (next.start <= range_end(*last))
			*last = range_between(
				last->start, max_u64(range_end(*last), range_end(next)));
		else
			set->items[++kept] = next;
	}
	set->count = kept + 1;
}

bool ranges_subtract(
	const struct ranges *from, const struct ranges *what, struct arena *a, struct ranges *ret)
{
	struct ranges left = { 0 };

	for (size_t i = 0; i < from->count; i++) {
		phys_t at = from->items[i].start, end = range_end(from->items[i]);

		for (size_t j = 0; j < what->count && what->items[j].start < end; j++) {
			if (!ranges_add(&left, a, range_between(at, what->items[j].start)))
				return false;
			at = max_u64(at, range_end(what->items[j]));
		}
		if (!ranges_add(&left, a, range_between(at, end)))
			return false;
	}
	*ret = left;
	return true;
}

bool ranges_intersect(
	const struct ranges *x, const struct ranges *y, struct arena *a, struct ranges *ret)
{
	struct ranges both = { 0 };

	for (size_t i = 0; i < x->count; i++)
		for (size_t j = 0; j < y->count; j++)
			if (!ranges_add(&both, a, range_intersect(x->items[i], y->items[j])))
				return false;
	*ret = both;
	return true;
}

bool ranges_contain(const struct ranges *set, struct range r)
{
	for (size_t i = 0; i < set->count; i++)
		if (range_contains(set->items[i], r))
			return true;
	return false;
}

uint64_t ranges_total(const struct ranges *set)
{
	uint64_t total = 0;

	for (size_t i = 0; i < set->count; i++)
		total += set->items[i].size;
	return total;
}
