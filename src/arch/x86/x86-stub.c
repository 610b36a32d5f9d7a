/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The size of the page tables depends on what they map, which includes the stub's own segment: its
 * place is asked for with tables that are large enough, and they are filled in afterwards.
 */
#include "arch/x86/x86-stub.h"

#include <string.h>

#include "arch/x86/bios.h"
#include "arch/x86/identity-map.h"
#include "arch/x86/page-tables.h"
#include "arch/x86/stub-console.h"
#include "base/arith.h"
#include "boot/stub-segment.h"

enum {
	PAGE = 4096,
	/* The stub's segment itself may need a directory and its upper tables of its own. */
	SPARE_TABLES = 4 * PAGE,
};

#define LAST_BELOW_4G (GiB(4) - 1)

/* The pages of registers that the stub reaches while it runs. */
static bool add_registers(const struct planner *planner, struct ranges *map)
{
	const struct recipe *recipe = planner->request->recipe;

	for (size_t i = 0; recipe && i < recipe->count; i++)
		if (!recipe->steps[i].is_port &&
			!ranges_add(map, planner->arena,
				(struct range){ align_down(recipe->steps[i].address, PAGE), PAGE }))
			return false;
	return true;
}

/* All that the plan gave out, what the stub's steps are about, and one more range. */
static bool make_tables(struct planner *planner, const struct x86_stub *want, struct range stub,
	phys_t address, struct x86_page_tables *ret, struct error *err)
{
	const struct plan *plan = planner->plan;
	struct ranges own = { 0 }, map;

	for (size_t i = 0; i < plan->segment_count; i++)
		if (!ranges_add(&own, planner->arena, plan->segments[i].mem))
			return fail_no_memory(err);
	for (uint32_t i = 0; i < want->copy_count; i++)
		if (!ranges_add(&own, planner->arena,
			    (struct range){ want->copies[i].from, want->copies[i].size }))
			return fail_no_memory(err);
	if (!ranges_add(&own, planner->arena, want->reserved) ||
		!ranges_add(&own, planner->arena, stub) || !add_registers(planner, &own) ||
		!x86_identity_map(planner->machine, &own, planner->arena, &map))
		return fail_no_memory(err);
	return x86_page_tables_make(&(struct x86_page_tables_request){ .map = &map,
					    .gigabyte_pages = planner->machine->cpu.pdpe1gb },
		address, planner->arena, ret, err);
}

static uint32_t choose_restore(const struct planner *planner, const struct x86_stub *want)
{
	bool screen = planner->request->quirks.reset_screen && bios_is_there(planner->machine);

	return (want->mode == STUB_MODE_REAL ? STUB_RESTORE_INTERRUPTS : 0) |
		(screen ? STUB_RESTORE_VGA : 0);
}

static struct stub_args make_args(const struct planner *planner, const struct x86_stub *want,
	const struct x86_page_tables *tables)
{
	struct stub_voice voice = stub_voice_choose(planner->machine, planner->request);
	struct stub_args args = {
		.entry = want->entry,
		.page_tables = { tables->root4, tables->root5 },
		.console = voice.consoles,
		.serial_port = voice.serial_port,
		.serial_divisor = voice.serial_divisor,
		.mode = want->mode,
		.restore = choose_restore(planner, want),
	};

	memcpy(args.registers, want->registers, sizeof args.registers);
	memcpy(args.copies, want->copies, sizeof args.copies);
	args.copy_count = want->copy_count;
	return args;
}

/* Paging is off when a 32-bit kernel enters the stub, and stays off. */
static bool add_without_paging(
	struct planner *planner, const struct x86_stub *want, struct error *err)
{
	struct x86_page_tables none = { 0 };

	return stub_segment_add(planner, &stub_i386, LAST_BELOW_4G,
		&(struct stub_contents){
			.args = make_args(planner, want, &none),
			.record = want->record,
			.record_bytes = want->record_bytes,
		},
		err);
}

static bool add(struct planner *planner, const struct x86_stub *want, struct error *err)
{
	struct x86_page_tables tables;
	struct stub_segment segment;

	if (!make_tables(planner, want, (struct range){ 0 }, 0, &tables, err) ||
		!stub_segment_begin(planner,
			&(struct stub_segment_request){
				.stub = &stub_x86_64,
				.tables_size = tables.bytes.n + SPARE_TABLES,
				.last = want->mode == STUB_MODE_32 ? LAST_BELOW_4G : 0,
				.is_low = want->mode == STUB_MODE_REAL,
			},
			&segment, err) ||
		!make_tables(planner, want, segment.mem, segment.tables, &tables, err))
		return false;
	return stub_segment_end(planner, &segment,
		&(struct stub_contents){
			.args = make_args(planner, want, &tables),
			.tables = tables.bytes,
			.record = want->record,
			.record_bytes = want->record_bytes,
		},
		err);
}

bool x86_stub_add(struct planner *planner, const struct x86_stub *want, struct error *err)
{
	if (want->mode != STUB_MODE_64 && planner->machine->cpu.tdx)
		return fail(err, FAULT_MACHINE_UNSUPPORTED,
			"the kernel is entered in 32-bit or 16-bit mode, and a guest under TDX cannot "
			"leave the 64-bit one");
	return planner->machine->arch == ARCH_I386 ? add_without_paging(planner, want, err)
						   : add(planner, want, err);
}
