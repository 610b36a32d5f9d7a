/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "boot/initrds.h"

#include "base/arith.h"
#include "plan/place.h"

bool initrds_take_room(struct planner *planner, const struct initrds_request *want,
	struct range *ret, struct error *err)
{
	const struct request *request = planner->request;
	uint64_t page = planner->machine->page_size, total = 0, rounded;

	*ret = (struct range){ 0 };
	if (request->initrd_count == 0)
		return true;
	for (size_t i = 0; i < request->initrd_count; i++)
		if (!ck_align_up(request->initrds[i].bytes.n, page, &rounded) ||
			!ck_add(total, rounded, &total))
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
	uint64_t page = planner->machine->page_size;
	struct range room;
	phys_t at;

	*ret = (struct range){ 0 };
	if (!initrds_take_room(planner, want, &room, err))
		return false;
	at = room.start;
	for (size_t i = 0; i < request->initrd_count; i++) {
		struct view bytes = request->initrds[i].bytes;
		struct range mem = { at, (bytes.n + page - 1) & ~(page - 1) };

		if (!place_segment(
			    planner, (struct segment){ "initrd", bytes, mem, want->why }, err))
			return false;
		*ret = range_between(room.start, at + bytes.n);
		at = range_end(mem);
	}
	return true;
}
