/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * In memory: the blob, the page tables, then the stack, which is not loaded. Addresses depend on
 * the size of the page tables, which depends on what they map, which includes this segment; its
 * place is therefore asked for with tables that are large enough, and filled afterwards.
 */
#include "arch/x86/stub-segment.h"

#include <string.h>

#include "arch/x86/identity-map.h"
#include "arch/x86/page-tables.h"
#include "arch/x86/stub-console.h"
#include "base/arith.h"
#include "base/digest.h"
#include "plan/place.h"
#include "stub/stub.h"

enum {
	PAGE = 4096,
	RESET_DELAY_MS = 10000,
	/* This segment itself may need a directory and its upper tables of its own. */
	SPARE_TABLES = 4 * PAGE,
};

struct layout {
	struct range mem;
	uint64_t tables_at; /* offsets in mem */
	uint64_t loaded;
	struct x86_page_tables tables;
	uint8_t *bytes; /* loaded ones */
};

static uint64_t page_up(uint64_t n)
{
	return (n + PAGE - 1) & ~(uint64_t)(PAGE - 1);
}

/* All that the plan gave out, and one more range. */
static bool make_tables(struct planner *planner, const struct stub_segment *want, struct range stub,
	struct x86_page_tables *ret, phys_t address, struct error *err)
{
	const struct plan *plan = planner->plan;
	struct ranges own = { 0 }, map;

	for (size_t i = 0; i < plan->segment_count; i++)
		if (!ranges_add(&own, planner->arena, plan->segments[i].mem))
			return fail_no_memory(err);
	if (!ranges_add(&own, planner->arena, want->reserved) ||
		!ranges_add(&own, planner->arena, stub) ||
		!x86_identity_map(planner->machine, &own, planner->arena, &map))
		return fail_no_memory(err);
	return x86_page_tables_make(&(struct x86_page_tables_request){ .map = &map,
					    .gigabyte_pages = planner->machine->cpu.pdpe1gb },
		address, planner->arena, ret, err);
}

static bool place_stub(struct planner *planner, const struct stub_segment *want,
	struct layout *layout, struct error *err)
{
	struct view blob = stub_x86_64.blob;
	struct x86_page_tables guess;

	if (!make_tables(planner, want, (struct range){ 0 }, &guess, 0, err))
		return false;
	layout->tables_at = page_up(blob.n);
	if (!place(planner,
		    &(struct placement){
			    .name = "the stub",
			    .size = layout->tables_at + guess.bytes.n + SPARE_TABLES +
				    page_up(stub_x86_64.scratch),
			    .last = want->mode == STUB_MODE_32 ? GiB(4) - 1 : 0,
		    },
		    &layout->mem, err) ||
		!make_tables(planner, want, layout->mem, &layout->tables,
			layout->mem.start + layout->tables_at, err))
		return false;
	layout->loaded = layout->tables_at + layout->tables.bytes.n;
	if (layout->loaded + stub_x86_64.scratch > layout->mem.size)
		return fail(err, FAULT_INTERNAL, "the page tables have outgrown their place");
	layout->bytes = arena_alloc(planner->arena, layout->loaded);
	if (!layout->bytes)
		return fail_no_memory(err);
	memcpy(layout->bytes, blob.p, blob.n);
	memcpy(layout->bytes + layout->tables_at, layout->tables.bytes.p, layout->tables.bytes.n);
	return true;
}

static enum stub_check choose_check(const struct planner *planner)
{
	switch (planner->request->check) {
	case CHECK_NONE:
		return STUB_CHECK_NONE;
	case CHECK_SHA256:
		return STUB_CHECK_SHA256;
	case CHECK_CRC32C:
		return STUB_CHECK_CRC32C;
	case CHECK_AUTO:
		break;
	}
	/* Both find memory that was written to, which is what the check is for. */
	return planner->machine->cpu.sha ? STUB_CHECK_SHA256 : STUB_CHECK_CRC32C;
}

/* The digest so far, and the regions of memory that the stub will find its bytes in. */
struct covered {
	struct stub_args *args;
	struct digest digest;
	uint64_t bytes;
};

static void add_region(struct covered *c, phys_t start, struct view bytes)
{
	c->args->regions[c->args->region_count++] = (struct stub_region){ start, bytes.n };
	c->bytes += bytes.n;
}

static void cover(struct covered *c, phys_t start, struct view bytes)
{
	if (bytes.n == 0)
		return;
	add_region(c, start, bytes);
	if (c->args->check != STUB_CHECK_NONE)
		digest_add(&c->digest, bytes);
}

/* A segment without the record, if that lies in it. */
static void cover_segment(struct covered *c, const struct segment *segment, struct range record)
{
	phys_t start = segment->mem.start;

	if (record.size == 0 || !range_contains(segment->mem, record)) {
		cover(c, start, segment->data);
		return;
	}
	cover(c, start, view_first(segment->data, record.start - start));
	cover(c, range_end(record), view_from(segment->data, range_end(record) - start));
}

static struct stub_args make_args(
	const struct planner *planner, const struct stub_segment *want, const struct layout *layout)
{
	const struct request *request = planner->request;
	struct stub_voice voice = stub_voice_choose(planner->machine, request);
	struct stub_args args = {
		.magic = STUB_MAGIC,
		.version = STUB_VERSION,
		.check = choose_check(planner),
		.entry = want->entry,
		.page_tables = { layout->tables.root4, layout->tables.root5 },
		.record = want->record.start,
		.stack = range_end(layout->mem),
		.console = voice.consoles,
		.serial_port = voice.serial_port,
		.serial_divisor = voice.serial_divisor,
		.reset_delay_ms = RESET_DELAY_MS,
		.counter_khz = planner->machine->cpu.counter_khz,
		.mode = want->mode,
	};

	memcpy(args.registers, want->registers, sizeof args.registers);
	return args;
}

static void complete_record(const struct stub_segment *want, const struct covered *c)
{
	struct block record = { want->record_bytes, want->record.size, false };

	if (want->record.size == 0)
		return;
	block_put_le64(&record, offsetof(struct stub_record, bytes), c->bytes);
	block_put_le32(&record, offsetof(struct stub_record, check), c->args->check);
}

/* The stub comes last: its argument block, which is under the digest, names all regions. */
static void fill_in(const struct plan *plan, const struct stub_segment *want,
	const struct layout *layout, struct stub_args *args)
{
	struct view own =
		view_from((struct view){ layout->bytes, layout->loaded }, STUB_DIGEST_SIZE);
	struct covered covered = { .args = args };

	digest_begin(&covered.digest, (enum digest_kind)args->check);
	for (size_t i = 0; i < plan->segment_count; i++)
		cover_segment(&covered, &plan->segments[i], want->record);
	add_region(&covered, layout->mem.start + STUB_DIGEST_SIZE, own);
	complete_record(want, &covered);
	memcpy(layout->bytes, args, sizeof *args);
	if (args->check != STUB_CHECK_NONE)
		digest_add(&covered.digest, own);
	digest_end(&covered.digest, layout->bytes);
}

bool stub_segment_add(struct planner *planner, const struct stub_segment *want, struct error *err)
{
	struct layout layout;
	struct stub_args args;

	if (want->mode == STUB_MODE_32 && planner->machine->cpu.tdx)
		return fail(err, FAULT_MACHINE_UNSUPPORTED,
			"the kernel is entered in 32-bit mode, and a guest under TDX cannot leave the "
			"64-bit one");
	if (!place_stub(planner, want, &layout, err))
		return false;
	args = make_args(planner, want, &layout);
	fill_in(planner->plan, want, &layout, &args);
	planner->plan->entry = layout.mem.start + STUB_ENTRY_OFFSET;
	return place_segment(planner,
		(struct segment){ "stub", { layout.bytes, layout.loaded }, layout.mem,
			"in the lowest free memory; it runs between the kernels" },
		err);
}
