/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "boot/tree-boot.h"

#include <string.h>

#include "boot/crash-core.h"
#include "boot/device-tree.h"
#include "boot/stub-segment.h"
#include "plan/place.h"

/* What a crash kernel is told, and what it must keep off. */
struct told {
	const char *line;
	struct ranges usable, kept;
};

static bool add_all(struct ranges *to, struct arena *arena, const struct ranges *from)
{
	for (size_t i = 0; i < from->count; i++)
		if (!ranges_add(to, arena, from->items[i]))
			return false;
	return true;
}

/*
 * By the nodes of memory: what lies below the reserved memory is told as well, since these kernels start in the
 * lowest (arch/powerpc/kexec/ranges.c of Linux), and is reserved but for what was taken; so is the firmware's.
 */
static bool tell_nodes(struct planner *planner, const struct tree_boot_request *want,
	const struct crash_core *core, struct told *told, struct error *err)
{
	const struct machine *machine = planner->machine;
	struct arena *arena = planner->arena;
	struct range below = range_between(0, range_end(core->regions.items[0]));
	struct range rest = range_between(range_end(want->taken), range_end(below));
	const struct ranges all = { &below, 1 }, kept = { &rest, 1 };
	const char *line = planner->request->command_line;
	struct ranges ram;

	if (!ranges_intersect(&machine->ram, &all, arena, &told->usable) ||
		!add_all(&told->usable, arena, &machine->powerpc.kept) ||
		!ranges_intersect(&machine->ram, &kept, arena, &ram) ||
		!ranges_subtract(&ram, &core->usable, arena, &told->kept) ||
		!add_all(&told->kept, arena, &machine->powerpc.kept))
		return fail_no_memory(err);
	ranges_normalise(&told->usable);
	ranges_normalise(&told->kept);
	told->line = arena_printf(arena, "%s%selfcorehdr=%#llx", line, line[0] ? " " : "",
		(unsigned long long)core->headers.start);
	planner->plan->command_line = told->line;
	return told->line || fail_no_memory(err);
}

/*
 * Other kernels find it all in /chosen: the reserved memory, of which arm64 and riscv64 find out by
 * themselves what the headers take. On armhf a kernel cannot read in what is told to it as memory what is not its own
 * (ioremap), so that the headers are left out there.
 */
static bool tell(struct planner *planner, const struct tree_boot_request *want,
	const struct crash_core *core, struct told *told, struct error *err)
{
	const struct machine *machine = planner->machine;

	*told = (struct told){ .line = planner->request->command_line,
		.usable = machine->arch == ARCH_ARM ? core->usable : core->regions,
		.kept = machine->arch == ARCH_PPC64LE ? machine->powerpc.kept
						      : machine->gic.tables };
	return !planner->request->crash || !want->memory_by_node ||
		tell_nodes(planner, want, core, told, err);
}

static struct device_tree_request tree_request(const struct planner *planner,
	const struct told *told, const struct crash_core *core, struct range initrd)
{
	const struct request *request = planner->request;
	const struct machine *machine = planner->machine;
	bool given = request->device_tree.bytes.n > 0;

	return (struct device_tree_request){
		.base = given ? request->device_tree.bytes : machine->device_tree,
		.running = given ? machine->device_tree : (struct view){ 0 },
		.command_line = told->line,
		.initrd = initrd,
		.seed = { request->entropy, DEVICE_TREE_SEED },
		.reserve = &told->kept,
		.memory = &machine->ram,
		.usable = request->crash ? &told->usable : NULL,
		.core = core->headers,
		.record_size = sizeof(struct stub_record),
	};
}

/* Made twice: the first time for its size only, whose notes are dropped. */
static bool add_tree(struct planner *planner, const struct tree_boot_request *want,
	struct range initrd, struct tree_boot *ret, struct error *err)
{
	struct device_tree_request request;
	struct notes dropped = { .arena = planner->arena };
	struct device_tree tree;
	struct told told;

	if (planner->request->crash &&
		!crash_core_add(planner,
			&(struct crash_core_request){
				.taken = want->taken, .last = want->tree_last },
			&ret->core, err))
		return false;
	if (!tell(planner, want, &ret->core, &told, err))
		return false;
	request = tree_request(planner, &told, &ret->core, initrd);
	request.usable_by_node = want->memory_by_node;
	if (!device_tree_make(&request, planner->arena, &dropped, &tree, err) ||
		!place(planner,
			&(struct placement){ .name = "the device tree",
				.size = tree.bytes.n,
				.align = want->tree_align,
				.last = want->tree_last },
			&ret->tree, err) ||
		!device_tree_make(&request, planner->arena, &planner->plan->notes, &tree, err))
		return false;
	if (tree.record) {
		ret->record_bytes = (uint8_t *)tree.bytes.p + tree.record;
		ret->record =
			(struct range){ ret->tree.start + tree.record, sizeof(struct stub_record) };
	}
	return place_segment(planner,
		(struct segment){ "device tree", tree.bytes, ret->tree,
			"in the lowest free memory of its alignment" },
		err);
}

bool tree_boot_add(struct planner *planner, const struct tree_boot_request *want,
	struct tree_boot *ret, struct error *err)
{
	struct range initrd;

	*ret = (struct tree_boot){ 0 };
	if (planner->request->device_tree.bytes.n && planner->machine->device_tree.n == 0)
		notes_add(&planner->plan->notes,
			"/sys/firmware/fdt is not there: nothing of what the firmware told the running "
			"kernel is added to the device tree");
	return initrds_add(planner, &want->initrds, &initrd, err) &&
		add_tree(planner, want, initrd, ret, err);
}
