/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "boot/tree-boot.h"

#include <string.h>

#include "boot/crash-core.h"
#include "boot/device-tree.h"
#include "boot/stub-segment.h"
#include "plan/place.h"

static struct device_tree_request tree_request(
	const struct planner *planner, const struct crash_core *core, struct range initrd)
{
	const struct request *request = planner->request;
	const struct machine *machine = planner->machine;
	bool given = request->device_tree.bytes.n > 0;

	return (struct device_tree_request){
		.base = given ? request->device_tree.bytes : machine->device_tree,
		.running = given ? machine->device_tree : (struct view){ 0 },
		.command_line = request->command_line,
		.initrd = initrd,
		.seed = { request->entropy, DEVICE_TREE_SEED },
		.reserve = machine->arch == ARCH_PPC64LE ? &machine->powerpc.kept
							 : &machine->gic.tables,
		.memory = &machine->ram,
		.usable = request->crash ? &core->regions : NULL,
		.core = core->headers,
		.record_size = sizeof(struct stub_record),
	};
}

/* Made twice: the first time for its size only, whose notes are dropped. */
static bool add_tree(struct planner *planner, const struct tree_boot_request *want,
	struct range initrd, struct tree_boot *ret, struct error *err)
{
	struct crash_core core = { 0 };
	struct device_tree_request request;
	struct notes dropped = { .arena = planner->arena };
	struct device_tree tree;

	if (planner->request->crash &&
		!crash_core_add(planner, &(struct crash_core_request){ .last = want->tree_last },
			&core, err))
		return false;
	request = tree_request(planner, &core, initrd);
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
