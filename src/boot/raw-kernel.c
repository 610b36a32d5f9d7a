/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * As low as possible: some kernels cannot use what lies below them, and kexec_load is fast where
 * segments lie low and together.
 */
#include "boot/raw-kernel.h"

#include "base/arith.h"
#include "boot/elf-place.h"
#include "plan/place.h"

/*
 * An image lies text_offset behind an aligned base. A place is searched for all of it from the base
 * on, and what is before the image is given back by not being part of the segment.
 */
static bool find_anywhere(struct planner *planner, const struct raw_image *raw, phys_t last,
	struct range *ret, struct error *err)
{
	struct range room;
	uint64_t size;

	if (!ck_add(raw->text_offset, raw->memory_size, &size))
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

static bool is_linked(const struct raw_image *raw)
{
	return raw->link_address != PHYS_MAX;
}

/* At its link address it need not move itself; elsewhere it does, where it was built to. */
static bool find(struct planner *planner, const struct raw_image *raw, phys_t last,
	struct range *ret, struct error *err)
{
	struct range linked = { raw->link_address, 0 };

	if (!ck_align_up(raw->memory_size, planner->machine->page_size, &linked.size))
		return fail(err, FAULT_IMAGE_CORRUPT, "its size in memory wraps");
	if (is_linked(raw) && place_at(planner, linked)) {
		*ret = linked;
		return true;
	}
	return find_anywhere(planner, raw, last, ret, err);
}

static bool add_raw(struct planner *planner, phys_t last, struct raw_kernel *ret, struct error *err)
{
	const struct image *image = planner->request->image;
	const struct raw_image *raw = &image->raw;
	const char *why = "at the lowest free place of its alignment";
	struct range memory, file;

	if (!find(planner, raw, last, &memory, err))
		return false;
	if (is_linked(raw) && memory.start == raw->link_address)
		why = "where it was linked";
	file = memory;
	if (!ck_align_up(image->bytes.n, planner->machine->page_size, &file.size))
		return fail(err, FAULT_INTERNAL, "the kernel's size wraps");
	*ret = (struct raw_kernel){ memory, memory.start + raw->entry_offset };
	return place_segment(
		planner, (struct segment){ "kernel", image->bytes, file, why }, err);
}

static bool add_elf(struct planner *planner, const struct raw_kernel_limits *limits,
	struct raw_kernel *ret, struct error *err)
{
	const struct elf *elf = &planner->request->image->elf;

	if (!elf_place(planner,
		    &(struct elf_placement){
			    .elf = elf,
			    .relocatable = true,
			    .last = limits->last ? limits->last : PHYS_MAX - 1,
			    .align = limits->elf_align,
		    },
		    &ret->memory, err))
		return false;
	ret->entry = elf->entry - elf->memory.start + ret->memory.start;
	return true;
}

bool raw_kernel_add(struct planner *planner, const struct raw_kernel_limits *limits,
	struct raw_kernel *ret, struct error *err)
{
	if (planner->request->image->format == IMAGE_ELF)
		return add_elf(planner, limits, ret, err);
	return add_raw(planner, limits->last, ret, err);
}
