/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * As low as possible: some kernels cannot use what lies below them, and kexec_load is fast where
 * segments lie low and together.
 */
#include "boot/raw-kernel.h"

#include "base/arith.h"
#include "plan/place.h"

/*
 * An image lies text_offset behind an aligned base. A place is searched for all of it from the base
 * on, in whole units of the alignment: riscv64's kernels take the rest of their last one, too.
 */
static bool find_anywhere(struct planner *planner, const struct raw_image *raw, phys_t last,
	struct range *ret, struct error *err)
{
	struct range room;
	uint64_t size;

	if (!ck_add(raw->text_offset, raw->memory_size, &size) ||
		!ck_align_up(size, raw->alignment, &size))
		return fail(err, FAULT_IMAGE_CORRUPT, "its size in memory wraps");
	if (!place(planner,
		    &(struct placement){ .name = "the kernel",
			    .size = size,
			    .align = raw->alignment,
			    .last = last },
		    &room, err))
		return false;
	*ret = range_between(room.start + raw->text_offset, range_end(room));
	return true;
}

/* Where it was linked if that is free, so that it need not move itself. */
static bool find_linked(
	struct planner *planner, phys_t last, bool *is_linked, struct range *ret, struct error *err)
{
	const struct image *image = planner->request->image;
	const struct raw_image *raw = &image->raw;
	struct range linked = { raw->link_address, 0 };

	if (!ck_align_up(raw->memory_size, planner->machine->page_size, &linked.size))
		return fail(err, FAULT_IMAGE_CORRUPT, "its size in memory wraps");
	*ret = linked;
	*is_linked = place_at(planner, (struct taken){ "the kernel", linked });
	if (*is_linked)
		return true;
	if (raw_image_moves(raw, image->bytes, planner->machine->arch))
		return find_anywhere(planner, raw, last, ret, err);
	return fail(err, place_fault(planner->request),
		"the kernel is not relocatable and wants %llu bytes at %#llx, which are not free",
		(unsigned long long)linked.size, (unsigned long long)linked.start);
}

bool raw_kernel_add(struct planner *planner, phys_t last, struct raw_kernel *ret, struct error *err)
{
	const struct image *image = planner->request->image;
	const struct raw_image *raw = &image->raw;
	bool is_linked = false;
	struct range memory, file;

	if (!(raw->link_address == PHYS_MAX ? find_anywhere(planner, raw, last, &memory, err)
					    : find_linked(planner, last, &is_linked, &memory, err)))
		return false;
	file = memory;
	if (!ck_align_up(image->bytes.n, planner->machine->page_size, &file.size))
		return fail(err, FAULT_INTERNAL, "the kernel's size wraps");
	*ret = (struct raw_kernel){ memory, memory.start + raw->entry_offset };
	return place_segment(planner,
		(struct segment){ "kernel", image->bytes, file,
			is_linked ? "where it was linked"
				  : "at the lowest free place of its alignment" },
		err);
}
