/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where each part lies and why; boot.rst "64-bit Boot Protocol". */
#include "arch/x86/bzimage64.h"

#include "arch/x86/layout.h"
#include "base/arith.h"
#include "plan/place.h"

enum {
	ENTRY_64 = 0x200, /* from the start of the protected-mode kernel */
};

bool bzimage_place(
	struct planner *planner, enum stub_mode mode, struct range *ret, struct error *err)
{
	const struct bzimage *kernel = &planner->request->image->bzimage;
	uint64_t size = max_u64(kernel->init_size, kernel->kernel.n);
	struct range fixed = { kernel->preferred_address, 0 };
	struct range memory, file;

	if (!ck_align_up(size, planner->machine->page_size, &fixed.size))
		return fail(err, FAULT_INTERNAL, "the kernel's size wraps");
	if (kernel->relocatable) {
		if (!place(planner,
			    &(struct placement){
				    .name = "the kernel",
				    .size = size,
				    .align = kernel->alignment,
				    .floor = kernel->preferred_address,
				    .last = x86_last_reachable(kernel, mode),
			    },
			    &memory, err))
			return false;
	} else {
		memory = fixed;
		if (!place_at(planner, (struct taken){ "the kernel", fixed }))
			return fail(err, place_fault(planner->request),
				"the kernel is not relocatable and wants %llu bytes at %#llx, "
				"which "
				"are not free",
				(unsigned long long)fixed.size, (unsigned long long)fixed.start);
	}
	file = memory;
	if (!ck_align_up(kernel->kernel.n, planner->machine->page_size, &file.size))
		return fail(err, FAULT_INTERNAL, "the kernel's size wraps");
	*ret = memory;
	return place_segment(planner,
		(struct segment){ "kernel", kernel->kernel, file,
			"at its preferred address or the next free one; it unpacks itself behind "
			"it" },
		err);
}

bool bzimage64_lay_out(struct planner *planner, struct error *err)
{
	struct range kernel;

	return bzimage_place(planner, STUB_MODE_64, &kernel, err) &&
		x86_lay_out_rest(planner,
			&(struct x86_layout){
				.kernel = kernel,
				.entry = kernel.start + ENTRY_64,
				.initrd_floor = range_end(kernel),
				.initrd_why = "behind the kernel",
			},
			err);
}
