/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "boot/initrds.h"

#include "base/arith.h"
#include "plan/place.h"

/* In whole pages, with the zeros that others want in front. */
static bool find_extent(const struct planner *planner, size_t i, uint64_t *ret)
{
	const struct request *request = planner->request;
	const uint64_t gap = i + 1 < request->initrd_count ? INITRD_GAP : 0;

	return ck_add(request->initrds[i].bytes.n, gap, ret) &&
		ck_align_up(*ret, planner->machine->page_size, ret);
}

bool initrds_take_room(struct planner *planner, const struct initrds_request *want,
	struct range *ret, struct error *err)
{
	const struct request *request = planner->request;
	uint64_t total = 0, extent;

	*ret = (struct range){ 0 };
	if (request->initrd_count == 0)
		return true;
	for (size_t i = 0; i < request->initrd_count; i++)
		if (!find_extent(planner, i, &extent) || !ck_add(total, extent, &total))
			return fail(err, FAULT_FIT_MEMORY, "the initrds are past every limit");
	return place(planner,
		&(struct placement){
			.name = "the initrd",
			.size = total,
			.floor = want->floor,
			.min = want->min,
			.last = want->last,
		},
		ret, err);
}

bool initrds_add(struct planner *planner, const struct initrds_request *want, struct range *ret,
	struct error *err)
{
	const struct request *request = planner->request;
	struct range room;
	phys_t at;

	*ret = (struct range){ 0 };
	if (!initrds_take_room(planner, want, &room, err))
		return false;
	at = room.start;
	for (size_t i = 0; i < request->initrd_count; i++) {
		struct view bytes = request->initrds[i].bytes;
		struct range mem = { .start = at };

		/* It was found for the room already. */
		if (!find_extent(planner, i, &mem.size))
			return false;
		if (!place_segment(
			    planner, (struct segment){ "initrd", bytes, mem, want->why }, err))
			return false;
		*ret = range_between(room.start, at + bytes.n);
		at = range_end(mem);
	}
	return true;
}
