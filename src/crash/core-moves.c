/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * One function for each CPU, by Documentation/arch/x86/x86_64/mm.rst, Documentation/arch/arm64/memory.rst,
 * Documentation/arch/riscv/vm-layout.rst and Documentation/arch/loongarch/introduction.rst in Linux.
 */
#include "crash/core-moves.h"

#include "base/arith.h"
#include "crash/vmcoreinfo.h"

enum { MACHINE_X86_64 = 62, MACHINE_AARCH64 = 183, MACHINE_RISCV = 243, MACHINE_LOONGARCH = 258 };

static void add(struct core *core, struct core_move move)
{
	if (core->move_count < CORE_MOVES_MAX)
		core->moves[core->move_count++] = move;
}

/* The kernel's image; that of all memory is at a random place of which VMCOREINFO says nothing. */
static void add_x86_64(struct core *core)
{
	const uint64_t image = UINT64_C(0xffffffff80000000);
	uint64_t base;

	if (vmcoreinfo_number(core->info, "NUMBER(phys_base)", &base))
		add(core, (struct core_move){ image, image + GiB(1) - 1, image - base });
}

/*
 * The kernel's space has two halves: the image lies in one of them and all of memory in the other, which one of the
 * two has been swapped in Linux 5.4. The address of prb or log_buf, which are in the image, tells.
 */
static void add_arm64(struct core *core)
{
	uint64_t bits, image, physical, symbol;
	struct core_move upper = { 0, UINT64_MAX, 0 }, lower = { 0 };

	if (!vmcoreinfo_number(core->info, "NUMBER(VA_BITS)", &bits) || bits < 32 || bits > 56 ||
		!vmcoreinfo_number(core->info, "NUMBER(kimage_voffset)", &image) ||
		!vmcoreinfo_number(core->info, "NUMBER(PHYS_OFFSET)", &physical) ||
		(!vmcoreinfo_number(core->info, "SYMBOL(prb)", &symbol) &&
			!vmcoreinfo_number(core->info, "SYMBOL(log_buf)", &symbol)))
		return;
	upper.first = -(UINT64_C(1) << (bits - 1));
	lower.first = -(UINT64_C(1) << bits);
	lower.last = upper.first - 1;
	if (symbol >= upper.first) {
		upper.distance = image;
		lower.distance = lower.first - physical;
	} else {
		lower.distance = image;
		upper.distance = upper.first - physical;
	}
	add(core, upper);
	add(core, lower);
}

/* The image lies in the last 2 GiB of the space, memory somewhere below. */
static void add_riscv64(struct core *core)
{
	const uint64_t image = -GiB(2);
	uint64_t offset, base;

	if (vmcoreinfo_number(core->info, "NUMBER(va_kernel_pa_offset)", &offset))
		add(core, (struct core_move){ image, UINT64_MAX, offset });
	if (vmcoreinfo_number(core->info, "NUMBER(PAGE_OFFSET)", &offset) &&
		vmcoreinfo_number(core->info, "NUMBER(phys_ram_base)", &base) && offset < image)
		add(core, (struct core_move){ offset, image - 1, offset - base });
}

/* The image and all of memory lie in a window that the CPU maps directly. */
static void add_loongarch64(struct core *core)
{
	const uint64_t window = UINT64_C(0x9000000000000000);

	add(core, (struct core_move){ window, window + (UINT64_C(1) << 48) - 1, window });
}

static const struct row {
	uint16_t machine;
	void (*add)(struct core *core);
} rows[] = {
	{ MACHINE_X86_64, add_x86_64 },
	{ MACHINE_AARCH64, add_arm64 },
	{ MACHINE_RISCV, add_riscv64 },
	{ MACHINE_LOONGARCH, add_loongarch64 },
};

void core_moves(struct core *core)
{
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		if (rows[i].machine == core->machine && core->word == 8)
			rows[i].add(core);
}
