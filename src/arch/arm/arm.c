/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The row of armhf. Documentation/arch/arm/booting.rst says what its kernels want: a zImage unpacks itself to where
 * memory begins, which it takes to be the last multiple of 128 MiB below itself.
 */
#include "arch/registry.h"

#include "base/arith.h"
#include "boot/gic-tables.h"
#include "boot/kernel-checks.h"
#include "boot/stub-psci.h"
#include "boot/stub-segment.h"
#include "boot/stub-serial.h"
#include "boot/tree-boot.h"
#include "plan/place.h"

enum {
	COMMAND_LINE_MAX = 1023, /* COMMAND_LINE_SIZE of its <asm/setup.h>, less the zero */

	/* Behind it a decompressor looks for an appended tree, and must not find one by chance. */
	APPENDED_MAGIC = 4,
};

#define WINDOW     MiB(128) /* of the memory's first bytes and a zImage */
#define MIDDLE     MiB(32) /* where a zImage lies that does not tell how large its kernel becomes */
#define LOW_MEMORY MiB(760) /* that a kernel maps, with the least that any is built with */
#define TREE_ALIGN MiB(2)   /* the largest unit in which it is mapped */
#define REACH      GiB(4)   /* of a CPU without paging */

/* Machines with a device tree have no number; a kernel that would go by it is told so. */
#define NO_MACHINE_TYPE UINT32_MAX

/* Its kernels read core headers in 32 bits alone (vmcore_elf64_check_arch), which end before 4 GiB do. */
static bool check_core(const struct planner *planner, struct error *err)
{
	const struct ranges *ram = &planner->machine->system_ram;
	phys_t end = ram->count ? range_end(ram->items[ram->count - 1]) : 0;

	if (planner->request->quirks.core_class == CORE_CLASS_64)
		return fail(err, FAULT_MACHINE_UNSUPPORTED,
			"kernels for armhf read no core headers in 64-bit ELF");
	if (end > UINT32_MAX)
		return fail(err, FAULT_MACHINE_UNSUPPORTED,
			"kernels for armhf read core headers in 32-bit ELF alone, which end at 4 GiB, and "
			"this machine has memory up to %#llx",
			(unsigned long long)end);
	return true;
}

static bool check_image(const struct planner *planner, struct error *err)
{
	const char *why = planner->machine->kexec.cpus_stick;

	/* So it does for a crash kernel as well, which would not need that. */
	if (why)
		return fail(err, FAULT_CPUS_STUCK,
			"the running kernel cannot stop its other CPUs, and so loads no kernel: %s",
			why);
	if (planner->request->crash && !check_core(planner, err))
		return false;
	return kernel_check_other(planner, IMAGE_ZIMAGE, COMMAND_LINE_MAX, err);
}

/* Where its kernel takes memory to begin, and that it does: a crash kernel's is what is reserved. */
static bool find_base(const struct planner *planner, phys_t *ret, struct error *err)
{
	const struct machine *machine = planner->machine;
	const struct ranges *ram = &machine->ram, *crash = &machine->crash;
	phys_t base = ram->count ? ram->items[0].start : 0;

	if (planner->request->crash && crash->count)
		base = crash->items[crash->count - 1].start;
	if (base % WINDOW && planner->request->crash)
		return fail(err, FAULT_MACHINE_UNSUPPORTED,
			"the memory reserved for a crash kernel begins at %#llx, which is no multiple of "
			"128 MiB, and so is not found by a kernel that unpacks itself",
			(unsigned long long)base);
	if (base % WINDOW || base >= REACH)
		return fail(err, FAULT_MACHINE_UNSUPPORTED,
			"this machine's memory begins at %#llx, which is no multiple of 128 MiB "
			"below 4 GiB, and so is not found by a kernel that unpacks itself",
			(unsigned long long)base);
	*ret = base;
	return true;
}

/* What the kernel becomes, up to where nothing else may lie. */
static bool take_kernel(struct planner *planner, phys_t base, uint64_t memory_size,
	struct range *ret, struct error *err)
{
	uint64_t page = planner->machine->page_size;
	struct range memory = { base, 0 };

	if (!ck_align_up(memory_size, page, &memory.size))
		return fail(err, FAULT_INTERNAL, "the kernel's size wraps");
	if (!place_at(planner, (struct taken){ "the kernel", memory }))
		return fail(err, place_fault(planner->request),
			"the kernel unpacks itself to %#llx and needs %llu bytes there, which are not "
			"free",
			(unsigned long long)base, (unsigned long long)memory.size);
	*ret = memory;
	return true;
}

/*
 * Behind what it becomes, so that it need not move out of its own way. Where that is not known, as booting.rst has
 * it for all of them: itself behind the first 32 MiB, and what is beside it behind the first 128 MiB.
 */
static bool place_zimage(struct planner *planner, phys_t base, struct range *ret, struct error *err)
{
	const struct zimage *zimage = &planner->request->image->zimage;
	struct placement want = {
		.name = "the packed kernel",
		.size = zimage->loaded.n + APPENDED_MAGIC + zimage->work_size,
		.last = base + WINDOW - 1,
	};
	struct range kernel;

	if (zimage->memory_size == 0) {
		if (want.size > WINDOW - MIDDLE)
			return fail(err, FAULT_FIT_MEMORY, "its %zu bytes are too many to unpack",
				zimage->loaded.n);
		if (!take_kernel(planner, base, WINDOW, &kernel, err))
			return false;
		*ret = (struct range){ base + MIDDLE, want.size };
		return true;
	}
	if (!take_kernel(planner, base, zimage->memory_size, &kernel, err))
		return false;
	want.min = range_end(kernel);
	return place(planner, &want, ret, err);
}

static bool add_kernel(struct planner *planner, phys_t base, phys_t *ret_entry, struct error *err)
{
	struct view loaded = planner->request->image->zimage.loaded;
	struct range room;

	if (!place_zimage(planner, base, &room, err))
		return false;
	*ret_entry = room.start;
	if (!ck_align_up(loaded.n + APPENDED_MAGIC, planner->machine->page_size, &room.size))
		return fail(err, FAULT_INTERNAL, "the kernel's size wraps");
	return place_segment(planner,
		(struct segment){
			"kernel", loaded, room, "behind the memory that it unpacks itself to" },
		err);
}

static struct stub_args arguments(
	const struct planner *planner, phys_t entry, const struct tree_boot *beside_it)
{
	struct stub_args args = {
		.entry = entry,
		.registers = { 0, NO_MACHINE_TYPE, beside_it->tree.start },
		.reset = stub_psci_reset(planner->machine),
	};

	stub_serial_fill(&args, stub_serial_choose(planner->machine, planner->request));
	return args;
}

static bool add_stub(
	struct planner *planner, phys_t entry, const struct tree_boot *beside_it, struct error *err)
{
	return stub_segment_add(planner, &stub_arm, REACH - 1,
		&(struct stub_contents){
			.args = arguments(planner, entry, beside_it),
			.record = beside_it->record,
			.record_bytes = beside_it->record_bytes,
		},
		err);
}

static bool lay_out(struct planner *planner, struct error *err)
{
	phys_t base = 0, entry = 0, last;
	struct tree_boot beside_it;

	gic_tables_note(planner);
	if (!find_base(planner, &base, err) || !add_kernel(planner, base, &entry, err))
		return false;
	last = min_u64(base + LOW_MEMORY, REACH) - 1;
	return tree_boot_add(planner,
		       &(struct tree_boot_request){
			       .initrds = { .floor = entry,
				       .last = last,
				       .why = "behind the kernel" },
			       .tree_align = TREE_ALIGN,
			       .tree_last = last,
		       },
		       &beside_it, err) &&
		add_stub(planner, entry, &beside_it, err);
}

const struct arch_ops arch_arm = {
	.arch = ARCH_ARM,
	.takes_device_tree = true,
	.check_image = check_image,
	.lay_out = lay_out,
};
