/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where each part lies and why; what may stand against it is in direct64-obstacles.c. */
#include "arch/x86/direct64.h"

#include "arch/x86/kaslr.h"
#include "arch/x86/layout.h"
#include "base/arith.h"
#include "plan/place.h"
#include "plan/parameters.h"

/* Of the request's entropy; the bytes before are the next kernel's seed. */
enum { ENTROPY_VIRTUAL = 32, ENTROPY_PHYSICAL = 40 };

/* A kernel maps itself by pages of 2 MiB. */
#define LEAST_ALIGNMENT MiB(2)

/* Linux has no kernel above this, whatever the paging. */
#define LAST_OF_ANY_KERNEL (TiB(64) - 1)

static uint64_t random_at(const struct request *request, size_t offset)
{
	struct reader r =
		reader_at((struct view){ request->entropy, sizeof request->entropy }, offset);

	return reader_le64(&r);
}

/*
 * What it needs before it manages memory itself: its parts and bss behind them; init_size has the
 * decompressor's needs in it, which is what the header promises a loader, no less.
 */
static uint64_t size_of(const struct request *request)
{
	return max_u64(request->image->bzimage.init_size, request->direct->kernel.link.size);
}

bool direct64_choose(const struct request *request, struct direct *direct, struct error *err)
{
	const struct bzimage *image = &request->image->bzimage;
	const struct kaslr_virtual want = {
		.link = direct->kernel.link.start,
		.size = max_u64(direct->kernel.link.size, direct->kernel.bytes.n),
		.align = image->alignment,
	};
	uint64_t slots = kaslr_virtual_slots(&want);

	if (direct->kernel.link.start != image->preferred_address)
		return fail(err, FAULT_IMAGE_CORRUPT,
			"it is linked to %#llx, its header says %#llx",
			(unsigned long long)direct->kernel.link.start,
			(unsigned long long)image->preferred_address);
	if (image->alignment < LEAST_ALIGNMENT)
		return fail(err, FAULT_IMAGE_CORRUPT, "its alignment is %#llx, below 2 MiB",
			(unsigned long long)image->alignment);
	if (slots == 0)
		return fail(err, FAULT_IMAGE_CORRUPT, "it is too large for the kernel's map");
	direct->randomised = direct->movable && !parameters_have(request->command_line, "nokaslr");
	direct->offset = 0;
	if (direct->randomised)
		direct->offset =
			image->alignment * kaslr_pick(random_at(request, ENTROPY_VIRTUAL), slots);
	return true;
}

/*
 * A random slot beside the room that the initrds will take: chosen first, or a kernel in the middle
 * of a small machine would leave no piece that is large enough for them.
 */
static bool draw(struct planner *planner, const struct x86_layout *layout,
	const struct kaslr_physical *want, struct range *slot)
{
	struct initrds_request initrds = x86_initrds(planner, layout);
	struct planner later = *planner;
	struct range room;
	struct error ignored;

	return initrds_take_room(&later, &initrds, &room, &ignored) &&
		kaslr_pick_physical(&later.free, want,
			random_at(planner->request, ENTROPY_PHYSICAL), &slot->start) &&
		place_at(planner, (struct taken){ "the kernel", *slot });
}

/*
 * Nothing is placed where the running kernel lies, if that can be: what is left of its own start is the first
 * memory that it takes for what is loaded.
 */
static bool place_at_random(struct planner *planner, const struct x86_layout *layout,
	const struct kaslr_physical *want, struct range *slot)
{
	struct range running = planner->machine->running;
	const struct ranges one = { &running, 1 };
	struct planner beside = *planner;

	if (!ranges_subtract(&planner->free, &one, planner->arena, &beside.free) ||
		!draw(&beside, layout, want, slot))
		return draw(planner, layout, want, slot);
	*planner = beside;
	return true;
}

static bool place_kernel(struct planner *planner, struct x86_layout *layout, struct error *err)
{
	const struct bzimage *image = &planner->request->image->bzimage;
	const struct kaslr_physical want = {
		.size = size_of(planner->request),
		.align = image->alignment,
		.floor = image->preferred_address,
		.last = min_u64(x86_last_reachable(image, STUB_MODE_64), LAST_OF_ANY_KERNEL),
	};

	if (!ck_align_up(want.size, planner->machine->page_size, &layout->kernel.size))
		return fail(err, FAULT_INTERNAL, "the kernel's size wraps");
	if (layout->randomised && place_at_random(planner, layout, &want, &layout->kernel))
		return true;
	return place(planner,
		&(struct placement){
			.name = "the kernel",
			.size = want.size,
			.align = want.align,
			.floor = want.floor,
			.last = want.last,
		},
		&layout->kernel, err);
}

static bool add_segments(struct planner *planner, struct range memory, struct error *err)
{
	const struct direct *direct = planner->request->direct;
	const char *why = direct->randomised
		? "unpacked, at a random address (KASLR); entered without its decompressor"
		: "unpacked, at its preferred address or the next free one; entered without its "
		  "decompressor";

	for (size_t i = 0; i < direct->kernel.load_count; i++) {
		struct range link = direct->kernel.loads[i].link;
		struct range mem = { memory.start + (link.start - direct->kernel.link.start), 0 };

		if (!ck_align_up(link.size, planner->machine->page_size, &mem.size))
			return fail(err, FAULT_INTERNAL, "a part's size wraps");
		if (!place_segment(planner,
			    (struct segment){
				    "kernel", vmlinux_load_bytes(&direct->kernel, i), mem, why },
			    err))
			return false;
	}
	return true;
}

/* The initrds follow the kernel, out of the lowest memory, which the running kernel loads into. */
bool direct64_lay_out(struct planner *planner, struct error *err)
{
	const struct direct *direct = planner->request->direct;
	struct x86_layout layout = {
		.randomised = direct->randomised,
		.initrd_why = "behind the kernel",
	};

	if (!place_kernel(planner, &layout, err) || !add_segments(planner, layout.kernel, err))
		return false;
	layout.initrd_floor = range_end(layout.kernel);
	layout.entry = layout.kernel.start + (direct->kernel.entry - direct->kernel.link.start);
	return x86_lay_out_rest(planner, &layout, err);
}
