/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* boot.rst "32-bit Boot Protocol": what differs from the 64-bit one. */
#include "arch/x86/bzimage32.h"

#include "arch/x86/bzimage64.h"
#include "arch/x86/layout.h"

/*
 * A kernel that knows only four levels of page tables cannot be entered on five, only without
 * paging.
 */
static bool must_leave_paging(const struct machine *machine, const struct bzimage *kernel)
{
	return machine->cpu.la57 && !(kernel->xloadflags & XLF_5LEVEL);
}

bool bzimage32_is_wanted(const struct machine *machine, const struct request *request)
{
	const struct bzimage *kernel = &request->image->bzimage;

	return request->image->format == IMAGE_BZIMAGE &&
		(machine->arch == ARCH_I386 || request->entry_point == ENTRY_POINT_32 ||
			!(kernel->xloadflags & XLF_KERNEL_64) ||
			must_leave_paging(machine, kernel));
}

bool bzimage32_lay_out(struct planner *planner, struct error *err)
{
	struct range kernel;

	return bzimage_place(planner, STUB_MODE_32, &kernel, err) &&
		x86_lay_out_rest(planner,
			&(struct x86_layout){
				.kernel = kernel,
				.entry = kernel.start,
				.mode = STUB_MODE_32,
				.initrd_floor = range_end(kernel),
				.initrd_why = "behind the kernel",
			},
			err);
}
