/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* First fit over the free ranges; knows nothing of kernels. */
#include "plan/place.h"

#include "base/arith.h"

/* What a BIOS leaves to the program that it starts; boot loaders stay out of the first 64 KiB. */
#define LOW_MEMORY range_between(KiB(64), KiB(640))

/* RAM between the limits that belongs to nobody, in whole pages. */
static bool find_free(
	const struct planner *planner, struct range between, struct ranges *ret, struct error *err)
{
	const struct machine *machine = planner->machine;
	struct ranges allowed = { 0 }, usable, trimmed = { 0 };
	struct range limits = range_intersect(planner->request->limits, between);

	if (!ranges_add(&allowed, planner->arena, limits) ||
		!ranges_intersect(&machine->ram, &allowed, planner->arena, &usable) ||
		!ranges_subtract(&usable, &machine->reserved, planner->arena, &usable))
		return fail_no_memory(err);
	for (size_t i = 0; i < usable.count; i++)
		if (!ranges_add(&trimmed, planner->arena,
			    range_shrink_to(usable.items[i], machine->page_size)))
			return fail_no_memory(err);
	*ret = trimmed;
	return true;
}

/*
 * The running kernel takes a crash kernel's segments in one of the pieces that are reserved: the last, since a
 * piece below 4 GiB is beside it only where it lies above.
 */
static bool find_reserved(struct planner *planner, struct error *err)
{
	const struct machine *machine = planner->machine;
	const struct ranges *crash = &machine->crash;
	struct range found = crash->count ? crash->items[crash->count - 1] : (struct range){ 0 };

	found = range_intersect(found, planner->request->limits);
	planner->free = planner->low = (struct ranges){ 0 };
	return ranges_add(&planner->free, planner->arena,
		       range_shrink_to(found, machine->page_size)) ||
		fail_no_memory(err);
}

bool place_begin(struct planner *planner, phys_t lowest, struct error *err)
{
	if (planner->machine->no_memory)
		return fail(err, FAULT_NO_PROC, "where there is room in memory is not known: %s",
			planner->machine->no_memory);
	if (planner->request->crash)
		return find_reserved(planner, err);
	return find_free(planner, range_between(lowest, PHYS_MAX), &planner->free, err) &&
		find_free(planner, LOW_MEMORY, &planner->low, err);
}

/* The lowest place in free at or above floor; false when there is none. */
static bool first_fit(
	const struct ranges *free, const struct placement *want, phys_t floor, struct range *ret)
{
	phys_t end = want->last && want->last != PHYS_MAX ? want->last + 1 : PHYS_MAX;

	for (size_t i = 0; i < free->count; i++) {
		struct range hole = range_intersect(free->items[i], range_between(floor, end));
		uint64_t start;

		if (hole.size == 0 || !ck_align_up(hole.start, want->align, &start) ||
			start > range_end(hole) || range_end(hole) - start < want->size)
			continue;
		*ret = (struct range){ start, want->size };
		return true;
	}
	return false;
}

static bool take(struct planner *planner, struct ranges *free, struct taken one)
{
	struct ranges set = { &one.mem, 1 };
	struct taken_list *list = &planner->taken;
	struct taken *items =
		arena_grow(planner->arena, list->items, list->count, sizeof *list->items);

	if (!items || !ranges_subtract(free, &set, planner->arena, free))
		return false;
	items[list->count] = one;
	*list = (struct taken_list){ items, list->count + 1 };
	return true;
}

/* The largest hole between the limits of a placement, for the error. */
static uint64_t largest_hole(const struct ranges *free, const struct placement *want)
{
	phys_t end = want->last && want->last != PHYS_MAX ? want->last + 1 : PHYS_MAX;
	uint64_t largest = 0;

	for (size_t i = 0; i < free->count; i++)
		largest = max_u64(largest,
			range_intersect(free->items[i], range_between(want->min, end)).size);
	return largest;
}

static const char *kind_of_memory(const struct planner *planner)
{
	return planner->request->crash ? "the memory reserved for a crash kernel" : "free memory";
}

enum fault place_fault(const struct request *request)
{
	return request->crash ? FAULT_FIT_CRASH_MEMORY : FAULT_FIT_MEMORY;
}

bool place(
	struct planner *planner, const struct placement *want, struct range *ret, struct error *err)
{
	uint64_t page = planner->machine->page_size;
	struct ranges *free = want->is_low ? &planner->low : &planner->free;
	struct placement w = *want;
	struct range found;

	w.align = max_u64(want->align, page);
	if (w.is_low)
		w.last = range_end(LOW_MEMORY) - 1;
	if (!ck_align_up(max_u64(want->size, 1), page, &w.size))
		return fail(err, FAULT_FIT_MEMORY, "%s: %llu bytes are past every limit",
			want->name, (unsigned long long)want->size);
	if (!first_fit(free, &w, max_u64(w.floor, w.min), &found) &&
		!first_fit(free, &w, w.min, &found))
		return fail(err, place_fault(planner->request),
			"%s needs %llu bytes of %s in one piece%s; the largest piece "
			"%s%#llx has %llu",
			want->name, (unsigned long long)w.size, kind_of_memory(planner),
			w.align > page ? " at its alignment" : "", w.last ? "below " : "above ",
			(unsigned long long)(w.last ? w.last : w.min),
			(unsigned long long)largest_hole(free, &w));
	if (!take(planner, free, (struct taken){ want->name, found }))
		return fail_no_memory(err);
	*ret = found;
	return true;
}

bool place_at(struct planner *planner, struct taken wanted)
{
	return ranges_contain(&planner->free, wanted.mem) && take(planner, &planner->free, wanted);
}

bool place_last_low(struct planner *planner, struct range *ret)
{
	uint64_t page = planner->machine->page_size;
	const struct ranges *low = &planner->low;
	struct range last;

	if (low->count == 0)
		return false;
	last = range_between(range_end(low->items[low->count - 1]) - page,
		range_end(low->items[low->count - 1]));
	*ret = last;
	return take(planner, &planner->low, (struct taken){ "the firmware's data", last });
}

bool place_segment(struct planner *planner, struct segment segment, struct error *err)
{
	struct plan *plan = planner->plan;

	if (plan->segment_count == PLAN_SEGMENTS_MAX)
		return fail(err, FAULT_FIT_SEGMENTS,
			"%s would be segment %d; the kernel takes %d, and %zu initrds and %zu modules "
			"are given",
			segment.name, PLAN_SEGMENTS_MAX + 1, PLAN_SEGMENTS_MAX,
			planner->request->initrd_count, planner->request->module_count);
	if (segment.data.n > segment.mem.size)
		return fail(err, FAULT_INTERNAL, "segment %s has %zu bytes for %llu of memory",
			segment.name, segment.data.n, (unsigned long long)segment.mem.size);
	plan->segments[plan->segment_count++] = segment;
	return true;
}
