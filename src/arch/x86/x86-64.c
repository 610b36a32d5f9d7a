/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The row of x86-64, and what no kernel can start without on this machine. */
#include "arch/x86/x86-64.h"

#include <string.h>

#include "arch/x86/bzimage64.h"
#include "arch/x86/direct64.h"

enum { KEXEC_ARCH_X86_64 = 62 << 16 }; /* <linux/kexec.h>: the ELF machine number */

static bool check_entry(const struct image *image, struct error *err)
{
	if (image->format == IMAGE_BZIMAGE && image->arch == ARCH_I386)
		return fail(err, FAULT_IMAGE_NO_ENTRY,
			"the kernel has no 64-bit entry point (boot protocol %d.%02d, xloadflags "
			"%#x)",
			image->bzimage.protocol >> 8, image->bzimage.protocol & 0xff,
			image->bzimage.xloadflags);
	if (image->arch != ARCH_X86_64 && image->arch != ARCH_UNKNOWN)
		return fail(err, FAULT_IMAGE_OTHER_ARCH,
			"this is a kernel for %s (%s), the machine is x86-64",
			cpu_arch_name(image->arch), image->name);
	if (image->format != IMAGE_BZIMAGE)
		return fail(err, FAULT_IMAGE_UNKNOWN, "this is an %s; a bzImage is needed",
			image->name);
	return true;
}

static bool check_command_line(
	const struct image *image, const char *command_line, struct error *err)
{
	uint64_t length = strlen(command_line);

	if (length <= image->bzimage.command_line_max)
		return true;
	return fail(err, FAULT_FIT_COMMAND_LINE,
		"the command line has %llu characters, this kernel takes %llu",
		(unsigned long long)length, (unsigned long long)image->bzimage.command_line_max);
}

static bool check_image(const struct planner *planner, struct error *err)
{
	const struct image *image = planner->request->image;

	if (!check_entry(image, err) ||
		!check_command_line(image, planner->request->command_line, err))
		return false;
	if (planner->machine->cpu.la57 && !(image->bzimage.xloadflags & XLF_5LEVEL))
		return fail(err, FAULT_FIT_PAGING,
			"the running kernel uses 5-level paging, which this kernel cannot be "
			"entered with");
	return true;
}

/* A direct entry takes more segments, and a place for more: without room for it, as ever. */
static bool lay_out(struct planner *planner, struct error *err)
{
	struct planner fresh = *planner;
	struct error refused = { 0 };

	if (!planner->request->direct)
		return bzimage64_lay_out(planner, err);
	if (direct64_lay_out(planner, &refused))
		return true;
	*planner = fresh;
	planner->plan->segment_count = 0;
	notes_add(
		&planner->plan->notes, "the kernel unpacks itself on the way: %s", refused.reason);
	return bzimage64_lay_out(planner, err);
}

const struct arch_ops arch_x86_64 = {
	.name = "x86-64",
	.arch = ARCH_X86_64,
	.kexec_arch = KEXEC_ARCH_X86_64,
	.check_image = check_image,
	.lay_out = lay_out,
	.direct_obstacle = direct64_obstacle,
	.direct_choose = direct64_choose,
};
