/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the stub will find: its digest matches the plan, and its page tables map what is needed. */
#include "arch/planned.h"

#include <errno.h>

#include "base/digest.h"
#include "boot/stub-segment.h"
#include "stub/abi.h"
#include "stub/stub.h"

/* The loaded byte at a physical address, as the stub would read it. */
static struct view loaded(const struct planned *p, phys_t start, uint64_t size)
{
	for (size_t i = 0; i < p->plan.segment_count; i++) {
		const struct segment *s = &p->plan.segments[i];
		struct view part;

		if (range_contains(s->mem, (struct range){ start, size }) &&
			view_sub(s->data, start - s->mem.start, size, &part))
			return part;
	}
	return (struct view){ 0 };
}

static void plan_verified(struct planned *p, enum check_wanted check)
{
	planned_begin(p, "q35-1g");
	p->initrds[0] = (struct input){ "initrd", { (const uint8_t *)"0123456789abcdef", 16 }, -1 };
	p->request.initrd_count = 1;
	p->request.check = check;
	assert_true(planned_make(p));
}

static void the_digest_covers_what_is_loaded(void **state)
{
	static const enum check_wanted checks[] = { CHECK_SHA256, CHECK_CRC32C };
	static const enum digest_kind kinds[] = { DIGEST_SHA256, DIGEST_CRC32C };

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		uint8_t digest[DIGEST_SIZE];
		struct stub_args args;
		struct planned p;
		struct digest d;
		uint64_t covered = 0, all = 0;

		plan_verified(&p, checks[i]);
		args = planned_args(&p);
		digest_begin(&d, kinds[i]);
		for (uint32_t j = 0; j < args.region_count; j++) {
			struct view part = loaded(&p, args.regions[j].start, args.regions[j].size);

			assert_true(part.n > 0);
			digest_add(&d, part);
			covered += part.n;
		}
		digest_end(&d, digest);
		assert_memory_equal(digest, args.digest, DIGEST_SIZE);
		for (size_t j = 0; j < p.plan.segment_count; j++)
			all += p.plan.segments[j].data.n;
		/* All but the digest itself and what the stub writes down. */
		assert_int_equal(covered, all - DIGEST_SIZE - sizeof(struct stub_record));
		arena_free(&p.arena);
	}
}

static void the_check_follows_the_cpu_and_the_request(void **state)
{
	struct planned p;

	(void)state;
	plan_verified(&p, CHECK_NONE);
	assert_int_equal(planned_args(&p).check, STUB_WORD_NONE);
	p.request.check = CHECK_AUTO;
	p.machine.cpu.sha = true;
	assert_true(planned_make(&p));
	assert_int_equal(planned_args(&p).check, STUB_WORD_SHA256);
	p.machine.cpu.sha = false;
	assert_true(planned_make(&p));
	assert_int_equal(planned_args(&p).check, STUB_WORD_CRC32C);
	arena_free(&p.arena);
}

static void the_arguments_name_the_next_kernel(void **state)
{
	struct stub_args args;
	struct planned p;
	phys_t stub;

	(void)state;
	plan_verified(&p, CHECK_SHA256);
	args = planned_args(&p);
	stub = planned_segment(&p, "stub")->mem.start;
	assert_int_equal(args.magic, STUB_MAGIC);
	assert_int_equal(args.version, STUB_VERSION);
	assert_int_equal(args.entry, planned_segment(&p, "kernel")->mem.start + 0x200);
	assert_int_equal(args.registers[0], planned_segment(&p, "boot data")->mem.start);
	assert_int_equal(args.stack, range_end(planned_segment(&p, "stub")->mem));
	assert_int_equal(p.plan.entry, stub + STUB_ENTRY_OFFSET);
	assert_int_equal(args.reset_delay_ms, 10000);
	assert_true(loaded(&p, args.record, sizeof(struct stub_record)).n > 0);
	arena_free(&p.arena);
}

static void it_complains_where_the_command_line_says(void **state)
{
	static const struct {
		const char *line;
		uint32_t console, port;
	} cases[] = {
		{ "quiet", STUB_CONSOLE_SERIAL, 0x3f8 }, /* as the running kernel's line has it */
		{ "console=ttyS1,115200n8", STUB_CONSOLE_SERIAL, 0x2f8 },
		{ "console=tty0 console=ttyS3 quiet", STUB_CONSOLE_SERIAL, 0x2e8 },
		{ "xconsole=ttyS1", STUB_CONSOLE_SERIAL, 0x3f8 },
	};
	struct planned p;

	(void)state;
	planned_begin(&p, "q35-1g");
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		p.request.command_line = cases[i].line;
		assert_true(planned_make(&p));
		assert_int_equal(planned_args(&p).console & STUB_CONSOLE_SERIAL, cases[i].console);
		assert_int_equal(planned_args(&p).serial_port, cases[i].port);
	}
	arena_free(&p.arena);
}

static void it_complains_where_the_request_says(void **state)
{
	static const struct {
		const char *line;
		struct console_wanted wanted;
		uint32_t console, port, divisor;
	} cases[] = {
		{ "quiet", { .serial = true, .baud = 9600 }, STUB_CONSOLE_SERIAL, 0x3f8, 12 },
		{ "console=ttyS1", { .baud = 115200 }, STUB_CONSOLE_SERIAL, 0x2f8, 1 },
		{ "quiet", { .baud = 9600 }, 0, 0, 0 },
		{ "quiet", { .serial = true }, STUB_CONSOLE_SERIAL, 0x3f8 },
		{ "console=ttyS1", { .serial = true }, STUB_CONSOLE_SERIAL, 0x2f8 },
		{ "console=ttyS1", { .serial = true, .port = 0x3e8 }, STUB_CONSOLE_SERIAL, 0x3e8 },
		{ "quiet", { .screen = true }, STUB_CONSOLE_VGA, 0 },
		{ "quiet", { 0 }, 0, 0 },
	};
	struct planned p;

	(void)state;
	planned_begin(&p, "q35-1g");
	p.machine.command_line = "";
	p.machine.boot_params = (struct view){ 0 };
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		p.request.command_line = cases[i].line;
		p.request.quirks.console = cases[i].wanted;
		assert_true(planned_make(&p));
		assert_int_equal(planned_args(&p).console, cases[i].console);
		assert_int_equal(planned_args(&p).serial_port, cases[i].port);
		assert_int_equal(planned_args(&p).serial_divisor, cases[i].divisor);
	}
	arena_free(&p.arena);
}

static uint64_t entry_at(const struct planned *p, phys_t table, uint64_t index)
{
	struct reader r = reader_at(loaded(p, table + index * 8, 8), 0);

	return reader_le64(&r);
}

/* Walks the tables as the CPU does; PHYS_MAX where nothing is mapped. */
static phys_t translate(const struct planned *p, phys_t root, unsigned levels, phys_t address)
{
	static const uint64_t frame = 0x000ffffffffff000;

	for (unsigned level = levels; level > 0; level--) {
		unsigned shift = 12 + 9 * (level - 1);
		uint64_t entry = entry_at(p, root, address >> shift & 511);

		if (!(entry & 1))
			return PHYS_MAX;
		if (level <= 3 && entry & 1 << 7)
			return (entry & frame & ~((1ull << shift) - 1)) +
				(address & ((1ull << shift) - 1));
		root = entry & frame;
	}
	return PHYS_MAX;
}

static void assert_identity(const struct planned *p, phys_t address)
{
	struct stub_args args = planned_args(p);

	assert_int_equal(translate(p, args.page_tables[0], 4, address), address);
	assert_int_equal(translate(p, args.page_tables[1], 5, address), address);
}

static void the_tables_map_what_the_next_kernel_touches(void **state)
{
	static const char *const machines[] = { "q35-1g", "q35-5g", "q35-uefi-5g", "server-4t" };

	(void)state;
	for (size_t m = 0; m < sizeof machines / sizeof machines[0]; m++)
		for (int gigabytes = 0; gigabytes < 2; gigabytes++) {
			struct planned p;
			struct range kernel;

			planned_begin(&p, machines[m]);
			p.machine.cpu.pdpe1gb = gigabytes;
			planned_add_initrd(&p, MiB(3));
			assert_true(planned_make(&p));
			for (size_t i = 0; i < p.plan.segment_count; i++) {
				struct range mem = p.plan.segments[i].mem;

				assert_identity(&p, mem.start);
				assert_identity(&p, range_end(mem) - 1);
			}
			kernel = planned_segment(&p, "kernel")->mem;
			assert_identity(&p, kernel.start + MiB(56) - 1);
			assert_identity(&p, 0x400);
			if (p.machine.rsdp)
				assert_identity(&p, p.machine.rsdp);
			arena_free(&p.arena);
		}
}

/* Under the digest, in their order, with the pages that they are about within reach. */
static void a_recipe_becomes_the_stubs_steps(void **state)
{
	static const struct recipe recipe = {
		.steps = {
			{ true, 2, 0x668, 0xf6ff, 0x800, "it is stopped" },
			{ false, 4, 0xfed1f410, 0xffffffdf, 0, "it may reset the machine" },
			{ false, 8, 0xe000000ff8, 0, 7, "beyond 4 GiB" },
		},
		.count = 3,
	};
	struct stub_step steps[3];
	struct stub_args args;
	struct planned p;
	struct view bytes;

	(void)state;
	plan_verified(&p, CHECK_SHA256);
	assert_int_equal(planned_args(&p).step_count, 0);
	assert_int_equal(planned_args(&p).steps, 0);
	assert_int_equal(translate(&p, planned_args(&p).page_tables[0], 4, 0xe000000ff8), PHYS_MAX);
	p.request.recipe = &recipe;
	assert_true(planned_make(&p));
	args = planned_args(&p);
	assert_int_equal(args.step_count, 3);
	bytes = loaded(&p, args.steps, sizeof steps);
	assert_int_equal(bytes.n, sizeof steps);
	memcpy(steps, bytes.p, sizeof steps);
	assert_int_equal(steps[0].kind, STUB_STEP_PORT);
	assert_int_equal(steps[0].keep, 0xf6ff);
	assert_int_equal(steps[1].kind, 0);
	assert_int_equal(steps[1].address, 0xfed1f410);
	assert_int_equal(steps[1].width, 4);
	assert_int_equal(steps[2].value, 7);
	assert_identity(&p, 0xfed1f410);
	assert_identity(&p, 0xe000000ff8);
	/* The last region is the stub's own. */
	assert_true(range_contains((struct range){ args.regions[args.region_count - 1].start,
					   args.regions[args.region_count - 1].size },
		(struct range){ args.steps, sizeof steps }));
	arena_free(&p.arena);
}

/* kexec_file_load has no stub of ours. */
static void a_recipe_needs_kexec_load(void **state)
{
	static const struct recipe recipe = { .steps = { { true, 1, 0x80, 0, 0, "" } },
		.count = 1 };
	enum kexec_call other;
	struct planned p;

	(void)state;
	plan_verified(&p, CHECK_NONE);
	p.request.recipe = &recipe;
	p.request.call = CALL_FILE_LOAD;
	assert_false(planned_make(&p));
	assert_int_equal(p.error.fault, FAULT_NO_WATCHDOG);
	assert_non_null(strstr(p.error.reason, "it was asked for"));
	p.request.call = CALL_AUTO;
	p.machine.kexec.load = p.machine.kexec.file_load = ANSWER_YES;
	assert_true(planned_make(&p));
	assert_int_equal(p.plan.call, CALL_LOAD);
	assert_false(plan_fall_back(&p.plan, &p.machine, EINVAL, &other));
	p.request.recipe_may_miss = true;
	assert_true(plan_fall_back(&p.plan, &p.machine, EINVAL, &other));
	arena_free(&p.arena);
}

/* On some servers even a speculative read there halts the machine. */
static void reserved_memory_is_not_mapped(void **state)
{
	struct planned p;

	(void)state;
	planned_begin(&p, "server-4t");
	p.machine.cpu.pdpe1gb = true;
	assert_true(planned_make(&p));
	for (size_t i = 0; i < p.machine.memory.count; i++) {
		const struct memory_entry *entry = &p.machine.memory.items[i];
		phys_t middle = entry->range.start + entry->range.size / 2;

		if (entry->type == MEMORY_RESERVED && entry->range.size >= MiB(16))
			assert_int_equal(translate(&p, planned_args(&p).page_tables[0], 4, middle),
				PHYS_MAX);
	}
	arena_free(&p.arena);
}

/* A compiler for one CPU builds the stub of that one. */
static void a_stub_that_this_build_lacks_is_missed(void **state)
{
	static const struct stub none;
	struct planned p;
	struct stub_segment segment;

	(void)state;
	planned_begin(&p, "q35-1g");
	struct planner planner = {
		.machine = &p.machine, .request = &p.request, .arena = &p.arena
	};

	assert_false(stub_segment_begin(
		&planner, &(struct stub_segment_request){ .stub = &none }, &segment, &p.error));
	assert_int_equal(p.error.fault, FAULT_NO_STUB);
	assert_non_null(strstr(p.error.reason, "between two kernels on x86-64"));
	arena_free(&p.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(the_digest_covers_what_is_loaded),
		CASE(the_check_follows_the_cpu_and_the_request),
		CASE(the_arguments_name_the_next_kernel),
		CASE(it_complains_where_the_command_line_says),
		CASE(it_complains_where_the_request_says),
		CASE(the_tables_map_what_the_next_kernel_touches),
		CASE(reserved_memory_is_not_mapped),
		CASE(a_recipe_becomes_the_stubs_steps),
		CASE(a_recipe_needs_kexec_load),
		CASE(a_stub_that_this_build_lacks_is_missed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
