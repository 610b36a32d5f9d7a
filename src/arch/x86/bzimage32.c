/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* boot.rst "32-bit Boot Protocol": what differs from the 64-bit one. */
#include "arch/x86/bzimage32.h"

#include "arch/x86/bzimage64.h"
#include "arch/x86/layout.h"

bool bzimage32_is_wanted(const struct request *request)
{
	const struct image *image = request->image;

	return image->format == IMAGE_BZIMAGE &&
		(request->entry == ENTRY_32 || !(image->bzimage.xloadflags & XLF_KERNEL_64));
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
