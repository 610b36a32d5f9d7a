/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The row of arm64. Documentation/arch/arm64/booting.rst says where things may lie. */
#include "arch/registry.h"

#include "arch/arm64/arm64-stub.h"
#include "base/arith.h"
#include "boot/gic-tables.h"
#include "boot/kernel-checks.h"
#include "boot/raw-kernel.h"
#include "boot/tree-boot.h"

enum {
	COMMAND_LINE_MAX = 2047, /* COMMAND_LINE_SIZE of its <asm/setup.h>, less the zero */
};

#define TREE_ALIGN    MiB(2)
#define KERNEL_LAST   (TiB(256) - 1) /* all kernels reach 48 bits */
#define INITRD_ALIGN  GiB(1)         /* of the window that covers kernel and initrd, */
#define INITRD_WINDOW GiB(32)        /* and its size */

static bool check_image(const struct planner *planner, struct error *err)
{
	const char *why = planner->machine->kexec.cpus_stick;

	/* A crash kernel starts with the other CPUs as they are. */
	if (why && !planner->request->crash)
		return fail(err, FAULT_CPUS_STUCK,
			"the running kernel cannot stop its other CPUs, and so loads no kernel: %s",
			why);
	return kernel_check_raw(planner, COMMAND_LINE_MAX, err);
}

/* Kernels that may lie anywhere use what is below them; others are placed lowest anyway. */
static struct tree_boot_request beside(const struct raw_kernel *kernel)
{
	phys_t window = align_down(kernel->memory.start, INITRD_ALIGN);

	return (struct tree_boot_request){
		.initrds = {
			.floor = range_end(kernel->memory),
			.min = window,
			.last = window + INITRD_WINDOW - 1,
			.why = "behind the kernel",
		},
		/* Old kernels map it by a section of this size, and nothing must be beside it. */
		.tree_align = TREE_ALIGN,
		.tree_last = KERNEL_LAST,
	};
}

static bool lay_out(struct planner *planner, struct error *err)
{
	struct raw_kernel kernel;
	struct tree_boot_request wanted;
	struct tree_boot beside_it;

	gic_tables_note(planner);
	if (!raw_kernel_add(planner, KERNEL_LAST, &kernel, err))
		return false;
	wanted = beside(&kernel);
	return tree_boot_add(planner, &wanted, &beside_it, err) &&
		arm64_stub_add(planner, kernel.entry, &beside_it, err);
}

/* What arch/arm64/kernel/kexec_image.c of Linux takes. */
static const char *file_load_obstacle(const struct request *request)
{
	if (request->image->format != IMAGE_RAW)
		return "it reads no other format than the Image of arm64";
	return NULL;
}

const struct arch_ops arch_arm64 = {
	.arch = ARCH_ARM64,
	.takes_device_tree = true,
	.check_image = check_image,
	.lay_out = lay_out,
	.file_load_obstacle = file_load_obstacle,
};
