/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The page tables map the segments, the stub's own among them, the serial port, and the registers that
 * the stub's steps are about. Their size
 * depends on where the segment of the stub lies, so that room for the largest tables is asked for.
 */
#include "arch/arm64/arm64-stub.h"

#include <assert.h>

#include "arch/arm64/page-tables.h"
#include "base/arith.h"
#include "boot/stub-psci.h"
#include "boot/stub-segment.h"
#include "boot/stub-serial.h"

enum {
	PAGE = 4096,
	/* The stub's segment itself may need tables of each level of its own, at both of its ends. */
	SPARE_TABLES = 4 * PAGE,
};

struct mapping {
	struct ranges memory, devices;
};

static bool add_page(const struct planner *planner, phys_t address, struct ranges *map)
{
	return ranges_add(map, planner->arena, (struct range){ align_down(address, PAGE), PAGE });
}

static bool map(const struct planner *planner, const struct mmio_serial *serial, struct range stub,
	struct mapping *ret, struct error *err)
{
	const struct plan *plan = planner->plan;
	const struct recipe *recipe = planner->request->recipe;

	*ret = (struct mapping){ 0 };
	for (size_t i = 0; i < plan->segment_count; i++)
		if (!ranges_add(&ret->memory, planner->arena, plan->segments[i].mem))
			return fail_no_memory(err);
	if (!ranges_add(&ret->memory, planner->arena, stub))
		return fail_no_memory(err);
	ranges_normalise(&ret->memory);
	if (serial && !add_page(planner, serial->address, &ret->devices))
		return fail_no_memory(err);
	for (size_t i = 0; recipe && i < recipe->count; i++)
		if (!add_page(planner, recipe->steps[i].address, &ret->devices))
			return fail_no_memory(err);
	ranges_normalise(&ret->devices);
	return true;
}

static bool make_tables(struct planner *planner, const struct mmio_serial *serial,
	struct range stub, phys_t address, struct arm64_page_tables *ret, struct error *err)
{
	struct mapping mapping;

	return map(planner, serial, stub, &mapping, err) &&
		arm64_page_tables_make(
			&(struct arm64_page_tables_request){
				.memory = &mapping.memory,
				.devices = &mapping.devices,
			},
			address, planner->arena, ret, err);
}

/* x0 is the device tree, the other registers of the protocol are 0. */
static struct stub_args arguments(const struct planner *planner, const struct mmio_serial *serial,
	phys_t entry, phys_t tree, phys_t root)
{
	struct stub_args args = {
		.entry = entry,
		.registers = { tree },
		.page_tables = { root },
		.reset = stub_psci_reset(planner->machine),
	};

	stub_serial_fill(&args, serial);
	/* The stub cleans its stack and its record on the way out, and nothing else. */
	assert(args.copy_count == 0);
	return args;
}

bool arm64_stub_add(
	struct planner *planner, phys_t entry, const struct tree_boot *beside_it, struct error *err)
{
	const struct mmio_serial *serial = stub_serial_choose(planner->machine, planner->request);
	struct arm64_page_tables tables;
	struct stub_segment segment;

	if (!make_tables(planner, serial, (struct range){ 0 }, 0, &tables, err) ||
		!stub_segment_begin(planner,
			&(struct stub_segment_request){
				.stub = &stub_arm64,
				.tables_size = tables.bytes.n + SPARE_TABLES,
			},
			&segment, err) ||
		!make_tables(planner, serial, segment.mem, segment.tables, &tables, err))
		return false;
	return stub_segment_end(planner, &segment,
		&(struct stub_contents){
			.args = arguments(
				planner, serial, entry, beside_it->tree.start, tables.root),
			.tables = tables.bytes,
			.record = beside_it->record,
			.record_bytes = beside_it->record_bytes,
		},
		err);
}
