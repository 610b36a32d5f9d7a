/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The row of riscv64. Documentation/arch/riscv/boot.rst says what its kernels want. */
#include "arch/registry.h"

#include "base/arith.h"
#include "boot/kernel-checks.h"
#include "boot/raw-kernel.h"
#include "boot/stub-segment.h"
#include "boot/stub-serial.h"
#include "boot/tree-boot.h"

enum {
	COMMAND_LINE_MAX = 1023, /* COMMAND_LINE_SIZE of its <asm/setup.h>, less the zero */
	REGISTER_TREE = 1,       /* a1; a0 holds the number of the hart that jumps */
};

#define TREE_ALIGN MiB(2)

static bool check_image(const struct planner *planner, struct error *err)
{
	return kernel_check_raw(planner, COMMAND_LINE_MAX, err);
}

/* A message goes to the firmware, which has a console, and to the port where one is known. */
static struct stub_args arguments(
	const struct planner *planner, phys_t entry, const struct tree_boot *beside_it)
{
	struct stub_args args = { .entry = entry, .console = STUB_CONSOLE_SBI };
	const struct mmio_serial *serial = stub_serial_choose(planner->machine, planner->request);

	args.registers[REGISTER_TREE] = beside_it->tree.start;
	if (serial)
		args.console = 0;
	stub_serial_fill(&args, serial);
	return args;
}

static bool add_stub(
	struct planner *planner, phys_t entry, const struct tree_boot *beside_it, struct error *err)
{
	return stub_segment_add(planner, &stub_riscv64, 0,
		&(struct stub_contents){
			.args = arguments(planner, entry, beside_it),
			.record = beside_it->record,
			.record_bytes = beside_it->record_bytes,
		},
		err);
}

static bool lay_out(struct planner *planner, struct error *err)
{
	struct raw_kernel kernel;
	struct tree_boot beside_it;

	return raw_kernel_add(planner, 0, &kernel, err) &&
		tree_boot_add(planner,
			&(struct tree_boot_request){
				.initrds = { .floor = range_end(kernel.memory),
					.why = "behind the kernel" },
				.tree_align = TREE_ALIGN,
			},
			&beside_it, err) &&
		add_stub(planner, kernel.entry, &beside_it, err);
}

const struct arch_ops arch_riscv64 = {
	.arch = ARCH_RISCV64,
	.takes_device_tree = true,
	.check_image = check_image,
	.lay_out = lay_out,
};
