/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* It knows no CPU: what the argument block says of one is handed in. */
#include "boot/stub-segment.h"

#include <string.h>

#include "base/arith.h"
#include "base/digest.h"
#include "plan/check.h"
#include "plan/place.h"

enum { RESET_DELAY_MS = 10000, STEPS_ALIGN = 16 };

_Static_assert((int)RECIPE_STEPS_MAX == STUB_STEPS_MAX, "a recipe is the stub's steps");

static uint64_t page_up(const struct planner *planner, uint64_t n)
{
	uint64_t page = planner->machine->page_size;

	return (n + page - 1) & ~(page - 1);
}

static size_t step_count(const struct planner *planner)
{
	return planner->request->recipe ? planner->request->recipe->count : 0;
}

bool stub_segment_begin(struct planner *planner, const struct stub_segment_request *want,
	struct stub_segment *ret, struct error *err)
{
	struct view blob = want->stub->blob;
	uint64_t steps_at = (blob.n + STEPS_ALIGN - 1) & ~(uint64_t)(STEPS_ALIGN - 1);
	uint64_t tables_at =
		page_up(planner, steps_at + step_count(planner) * sizeof(struct stub_step));
	struct stub_segment segment = { .tables_size = want->tables_size };

	if (blob.n == 0)
		return fail(err, FAULT_NO_STUB,
			"this Saut was built without the code that runs between two kernels on %s",
			cpu_arch_name(planner->machine->arch));
	if (!place(planner,
		    &(struct placement){
			    .name = "the stub",
			    .size = tables_at + want->tables_size + page_up(planner, STUB_SCRATCH),
			    .last = want->last,
			    .is_low = want->is_low,
		    },
		    &segment.mem, err))
		return false;
	segment.bytes = arena_alloc(planner->arena, tables_at + want->tables_size);
	if (!segment.bytes)
		return fail_no_memory(err);
	memcpy(segment.bytes, blob.p, blob.n);
	segment.steps = segment.mem.start + steps_at;
	segment.tables = segment.mem.start + tables_at;
	*ret = segment;
	return true;
}

static enum stub_check choose_check(const struct planner *planner)
{
	enum check_wanted wanted = planner->request->check;

	/* A dying kernel may have written anywhere, and by design as well as by chance. */
	if (wanted == CHECK_AUTO && planner->request->crash)
		wanted = CHECK_SHA256;
	switch (check_choose(&planner->machine->cpu, wanted)) {
	case CHECK_NONE:
		return STUB_CHECK_NONE;
	case CHECK_AUTO:
	case CHECK_SHA256:
		break;
	case CHECK_CRC32C:
		return STUB_CHECK_CRC32C;
	}
	return STUB_CHECK_SHA256;
}

/* The digest so far, and the regions of memory that the stub will find its bytes in. */
struct covered {
	struct stub_args *args;
	enum stub_check check;
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
	if (c->check != STUB_CHECK_NONE)
		digest_add(&c->digest, bytes);
}

/* A segment without the record, if that lies in it; none that will have changed. */
static void cover_segment(struct covered *c, const struct segment *segment, struct range record)
{
	phys_t start = segment->mem.start;

	if (segment->is_changed)
		return;
	if (record.size == 0 || !range_contains(segment->mem, record)) {
		cover(c, start, segment->data);
		return;
	}
	cover(c, start, view_first(segment->data, record.start - start));
	cover(c, range_end(record), view_from(segment->data, range_end(record) - start));
}

/* How the block asks for them. */
static const uint32_t words[] = {
	[STUB_CHECK_NONE] = STUB_WORD_NONE,
	[STUB_CHECK_SHA256] = STUB_WORD_SHA256,
	[STUB_CHECK_CRC32C] = STUB_WORD_CRC32C,
};

static struct stub_args complete_args(const struct planner *planner,
	const struct stub_segment *segment, const struct stub_contents *want)
{
	struct stub_args args = want->args;

	args.magic = STUB_MAGIC;
	args.version = STUB_VERSION;
	args.check = words[choose_check(planner)];
	args.record = want->record.start;
	args.stack = range_end(segment->mem);
	args.reset_delay_ms = RESET_DELAY_MS;
	args.counter_khz = planner->machine->cpu.counter_khz;
	args.step_count = (uint32_t)step_count(planner);
	args.steps = args.step_count ? segment->steps : 0;
	return args;
}

static void put_steps(const struct planner *planner, const struct stub_segment *segment)
{
	uint8_t *to = segment->bytes + (segment->steps - segment->mem.start);

	for (size_t i = 0; i < step_count(planner); i++) {
		const struct recipe_step *step = &planner->request->recipe->steps[i];
		struct stub_step made = {
			.address = step->address,
			.keep = step->keep,
			.value = step->value,
			.width = step->width,
			.kind = step->is_port ? STUB_STEP_PORT : 0,
		};

		memcpy(to + i * sizeof made, &made, sizeof made);
	}
}

static void spell(uint8_t *to, const uint8_t *bytes, size_t n)
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < n; i++) {
		to[2 * i] = (uint8_t)digits[bytes[i] >> 4];
		to[2 * i + 1] = (uint8_t)digits[bytes[i] & 15];
	}
}

static void complete_record(
	const struct planner *planner, const struct stub_contents *want, const struct covered *c)
{
	const struct stub_record record = {
		.magic = STUB_MAGIC,
		.version = STUB_VERSION,
		.loaded = planner->request->now,
		.bytes = c->bytes,
		.check = c->check,
	};

	if (want->record.size == 0)
		return;
	if (want->args.record_form == STUB_RECORD_DIGITS)
		spell(want->record_bytes, (const uint8_t *)&record, sizeof record);
	else
		memcpy(want->record_bytes, &record, sizeof record);
}

/* The stub comes last: its argument block, which is under the digest, names all regions. */
static void fill_in(const struct planner *planner, const struct stub_segment *segment,
	struct view loaded, const struct stub_contents *want, struct stub_args *args)
{
	const struct plan *plan = planner->plan;
	struct view own = view_from(loaded, STUB_DIGEST_SIZE);
	struct covered covered = { .args = args, .check = choose_check(planner) };

	digest_begin(&covered.digest, (enum digest_kind)covered.check);
	for (size_t i = 0; i < plan->segment_count; i++)
		cover_segment(&covered, &plan->segments[i], want->record);
	add_region(&covered, segment->mem.start + STUB_DIGEST_SIZE, own);
	complete_record(planner, want, &covered);
	memcpy(segment->bytes, args, sizeof *args);
	if (covered.check != STUB_CHECK_NONE)
		digest_add(&covered.digest, own);
	digest_end(&covered.digest, segment->bytes);
}

bool stub_segment_end(struct planner *planner, const struct stub_segment *segment,
	const struct stub_contents *want, struct error *err)
{
	struct stub_args args = complete_args(planner, segment, want);
	size_t tables_at = (size_t)(segment->tables - segment->mem.start);
	struct view loaded = { segment->bytes, tables_at + want->tables.n };

	if (want->tables.n > segment->tables_size)
		return fail(err, FAULT_INTERNAL, "the stub's tables have outgrown their place");
	if (want->tables.n)
		memcpy(segment->bytes + tables_at, want->tables.p, want->tables.n);
	put_steps(planner, segment);
	fill_in(planner, segment, loaded, want, &args);
	planner->plan->entry = segment->mem.start + STUB_ENTRY_OFFSET;
	return place_segment(planner,
		(struct segment){ "stub", loaded, segment->mem,
			"in the lowest free memory; it runs between the kernels" },
		err);
}

bool stub_segment_add(struct planner *planner, const struct stub *stub, phys_t last,
	const struct stub_contents *want, struct error *err)
{
	struct stub_segment segment;

	return stub_segment_begin(planner,
		       &(struct stub_segment_request){ .stub = stub, .last = last }, &segment,
		       err) &&
		stub_segment_end(planner, &segment, want, err);
}
