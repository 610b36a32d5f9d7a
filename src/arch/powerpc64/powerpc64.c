/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The row of ppc64el. Its kernels are ELF files that may be loaded anywhere and move themselves down to
 * address 0 (arch/powerpc/kernel/head_64.S); Documentation/arch/powerpc/booting.rst says how they are
 * entered. All CPUs wait for them in the first 256 bytes of memory, which is the stub's business.
 */
#include "arch/registry.h"

#include <libfdt.h>
#include <string.h>

#include "arch/powerpc64/crash.h"
#include "base/arith.h"
#include "boot/elf-place.h"
#include "boot/kernel-checks.h"
#include "boot/stub-segment.h"
#include "boot/tree-boot.h"
#include "machine/flat-tree.h"
#include "plan/place.h"

enum {
	COMMAND_LINE_MAX = 2047, /* COMMAND_LINE_SIZE of its <asm/setup.h>, less the zero */
	REGISTER_TREE = 0,
	REGISTER_OTHER_CPUS,
	REGISTER_FIRMWARE,
	REGISTER_FIRMWARE_BASE,
};

#define KERNEL_ALIGN KiB(64)

/* A crash kernel takes the vectors' memory at address 0, whatever it was the dead one's (BACKUP_SRC_SIZE in Linux). */
#define VECTORS range_between(0, KiB(64))

/* RTAS takes its arguments by 32-bit addresses, and the stub has them on its stack. */
#define STUB_LAST (GiB(4) - 1)

static bool check_image(const struct planner *planner, struct error *err)
{
	if (!kernel_check_other(planner, IMAGE_ELF, COMMAND_LINE_MAX, err))
		return false;
	if (planner->request->image->version[0] == '\0')
		return fail(err, FAULT_IMAGE_UNKNOWN,
			"this ELF file is no Linux, and no other kernel is entered as Linux is");
	return true;
}

static bool is_memory(const struct flat_tree *tree, int node)
{
	int n = 0;
	const char *type = fdt_getprop(tree->fdt, node, "device_type", &n);

	return type && n == (int)sizeof "memory" && memcmp(type, "memory", sizeof "memory") == 0;
}

/*
 * The memory that a CPU reaches in real mode is the first range of the first node at least (LoPAPR, "real
 * mode area"): all that is loaded is read in real mode. Size 0: the tree does not tell.
 */
static bool real_mode_area(const struct flat_tree *tree, struct arena *arena, struct range *ret)
{
	struct ranges found = { 0 };
	int node;

	*ret = (struct range){ 0 };
	fdt_for_each_subnode(node, tree->fdt, 0)
	{
		if (!is_memory(tree, node))
			continue;
		found = (struct ranges){ 0 };
		if (!flat_tree_reg(tree, 0, node, arena, &found))
			return false;
		if (found.count && found.items[0].start == 0)
			*ret = found.items[0];
	}
	return true;
}

/*
 * The terminal that the firmware began with, or else the first one: Linux counts hvc0 and so on in this order.
 * Of the hypervisor's, only the plain kind: the other wants packets.
 */
static int terminal(const struct flat_tree *tree, const char *kind)
{
	struct view path = flat_tree_property(tree, "/chosen", "linux,stdout-path");
	int node = path.n && path.p[path.n - 1] == '\0'
		? fdt_path_offset(tree->fdt, (const char *)path.p)
		: -1;

	return node >= 0 && fdt_node_check_compatible(tree->fdt, node, kind) == 0
		? node
		: fdt_node_offset_by_compatible(tree->fdt, -1, kind);
}

static void choose_voice(const struct flat_tree *tree, struct stub_args *args)
{
	static const struct {
		const char *kind;
		enum stub_console console;
	} kinds[] = {
		{ "ibm,opal-console-raw", STUB_CONSOLE_OPAL },
		{ "hvterm1", STUB_CONSOLE_PAPR },
	};
	uint64_t number;

	for (size_t i = 0; i < sizeof kinds / sizeof *kinds && !args->console; i++) {
		if (!flat_tree_node_number(tree, terminal(tree, kinds[i].kind), "reg", &number))
			continue;
		args->console = kinds[i].console;
		args->console_address = number;
	}
}

static void choose_reset(const struct flat_tree *tree, struct stub_args *args)
{
	uint64_t *entry = &args->registers[REGISTER_FIRMWARE];
	uint64_t *base = &args->registers[REGISTER_FIRMWARE_BASE];

	if (flat_tree_number(tree, "/ibm,opal", "opal-entry-address", entry) &&
		flat_tree_number(tree, "/ibm,opal", "opal-base-address", base))
		args->reset = STUB_RESET_OPAL;
	else if (flat_tree_number(tree, "/rtas", "linux,rtas-entry", entry) &&
		flat_tree_number(tree, "/rtas", "linux,rtas-base", base) &&
		flat_tree_number(tree, "/rtas", "system-reboot", &args->reset_value))
		args->reset = STUB_RESET_RTAS;
}

/* What is known of this machine before anything has its place. */
struct ground {
	struct flat_tree tree;
	struct range real; /* memory in real mode */
};

static bool look(const struct planner *planner, struct ground *ret, struct error *err)
{
	const struct machine *machine = planner->machine;

	if (machine->device_tree.n == 0)
		return fail(err, FAULT_NO_DEVICE_TREE,
			"where real mode ends and the firmware begins is not known: /sys/firmware/fdt "
			"is not there");
	if (!machine->powerpc.kernel_end)
		return fail(err, FAULT_MACHINE_UNREADABLE,
			"where the running kernel ends is not known: linux,kernel-end is not in the "
			"device tree's /chosen");
	if (!flat_tree_open(machine->device_tree, planner->arena, &ret->tree, err))
		return error_prefix(err, "the running machine's device tree: ");
	if (!real_mode_area(&ret->tree, planner->arena, &ret->real))
		return fail_no_memory(err);
	if (ret->real.size == 0)
		return fail(err, FAULT_MACHINE_UNREADABLE,
			"which memory is reached in real mode is not known: the device tree has no "
			"memory at address 0");
	return true;
}

/*
 * The kernel moves itself down to address 0: nothing else may lie where it will, and it may lie over
 * nothing that is to stay.
 */
static bool keep_low(struct planner *planner, uint64_t size, struct error *err)
{
	struct range moved = { 0, size };
	const struct ranges own = { &moved, 1 };
	struct ranges hit;

	if (!ranges_intersect(&planner->machine->reserved, &own, planner->arena, &hit))
		return fail_no_memory(err);
	if (hit.count)
		return fail(err, FAULT_FIT_MEMORY,
			"the kernel moves itself to the %llu bytes from address 0 on, of which %#llx to "
			"%#llx are the firmware's",
			(unsigned long long)size, (unsigned long long)hit.items[0].start,
			(unsigned long long)range_end(hit.items[0]));
	return ranges_subtract(&planner->free, &own, planner->arena, &planner->free) ||
		fail_no_memory(err);
}

static bool add_stub(struct planner *planner, const struct ground *ground, phys_t entry,
	const struct tree_boot *beside_it, struct error *err)
{
	struct stub_contents want = {
		.args = { .entry = entry },
		.record = beside_it->record,
		.record_bytes = beside_it->record_bytes,
	};
	phys_t last = min_u64(range_end(ground->real) - 1, STUB_LAST);

	want.args.registers[REGISTER_TREE] = beside_it->tree.start;
	want.args.registers[REGISTER_OTHER_CPUS] = planner->machine->powerpc.other_cpus;
	choose_voice(&ground->tree, &want.args);
	choose_reset(&ground->tree, &want.args);
	if (!crash_core_copies(&beside_it->core, want.args.copies, &want.args.copy_count, err))
		return false;
	return stub_segment_add(planner, &stub_powerpc64, last, &want, err);
}

/* The firmware's may lie in the memory for a crash kernel, and stays there. */
static bool keep_firmware(struct planner *planner, struct error *err)
{
	return !planner->request->crash ||
		ranges_subtract(&planner->free, &planner->machine->powerpc.kept, planner->arena,
			&planner->free) ||
		fail_no_memory(err);
}

/* A crash kernel stays where it is; any other moves itself down. */
static bool settle(struct planner *planner, struct range kernel, struct error *err)
{
	if (planner->request->crash)
		return powerpc64_crash_stay(planner, kernel, err);
	return keep_low(planner, max_u64(kernel.size, planner->machine->powerpc.kernel_end), err);
}

static bool lay_out(struct planner *planner, struct error *err)
{
	const struct elf *elf = &planner->request->image->elf;
	struct ground ground;
	struct tree_boot beside_it;
	struct range kernel;

	if (!look(planner, &ground, err))
		return false;
	return keep_firmware(planner, err) &&
		elf_place(planner,
			&(struct elf_placement){ .elf = elf,
				.relocatable = true,
				.first = planner->machine->powerpc.kernel_end,
				.last = range_end(ground.real) - 1,
				.align = KERNEL_ALIGN },
			&kernel, err) &&
		settle(planner, kernel, err) &&
		tree_boot_add(planner,
			&(struct tree_boot_request){
				.initrds = { .floor = range_end(kernel),
					.last = range_end(ground.real) - 1,
					.why = "behind the kernel" },
				.tree_last = range_end(ground.real) - 1,
				.taken = VECTORS,
				.memory_by_node = true,
			},
			&beside_it, err) &&
		add_stub(planner, &ground, kernel.start + (elf->entry - elf->memory.start),
			&beside_it, err);
}

const struct arch_ops arch_powerpc64 = {
	.arch = ARCH_PPC64LE,
	.takes_device_tree = true,
	.check_image = check_image,
	.lay_out = lay_out,
};
