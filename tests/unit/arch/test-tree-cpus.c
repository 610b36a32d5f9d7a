/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where kernels for arm64, riscv64 and loong64 lie and what they are told, by their boot protocols. */
#include "arch/planned.h"

#include <stdio.h>

#include "boot/device-tree.h"
#include "image/raw-file.h"
#include "machine/flat-tree.h"
#include "machine/tree-file.h"
#include "stub/abi.h"

#define RAM GiB(1) /* where it begins on QEMU's arm64 machine, and here on all but loong64 */

struct other {
	struct planned p;
	struct tree_file tree;
	struct range ram, reserved, tables;
	struct mmio_serial serial;
};

static struct tree_file small_tree(void)
{
	struct tree_file t = tree_begin();

	tree_root(&t);
	tree_open(&t, "chosen");
	tree_string(&t, "bootargs", "stale");
	tree_close(&t);
	return t;
}

/* A machine of this CPU, and a kernel for it, with an initrd of 1 MiB. */
static void begin(struct other *o, size_t kernel)
{
	struct planned *p = &o->p;

	*o = (struct other){ .tree = small_tree(),
		.ram = { kernel == RF_LOONG ? 0 : RAM, GiB(4) } };
	p->machine = (struct machine){ .arch = rf_kernels[kernel].arch,
		.command_line = "quiet",
		.uname_release = "6.1",
		.ram = { &o->ram, 1 },
		.page_size = 4096,
		.device_tree = tree_end(&o->tree) };
	p->kernel = rf_make(&p->arena, &rf_kernels[kernel], false);
	p->request = (struct request){ .command_line = "root=/dev/vda1 quiet",
		.call = CALL_LOAD,
		.check = CHECK_NONE,
		.limits = { 0, PHYS_MAX },
		.initrds = p->initrds };
	planned_add_initrd(p, MiB(1));
}

static void end(struct other *o)
{
	arena_free(&o->p.arena);
	free(o->tree.p);
}

static void plan(struct other *o)
{
	if (!planned_make(&o->p))
		fail_msg("%s", o->p.error.reason);
}

static const struct segment *segment(const struct other *o, const char *name)
{
	const struct segment *found = planned_segment(&o->p, name);

	assert_non_null(found);
	return found;
}

static struct stub_args args_of(const struct other *o)
{
	struct stub_args args;

	memcpy(&args, segment(o, "stub")->data.p, sizeof args);
	assert_int_equal(o->p.plan.entry, segment(o, "stub")->mem.start + STUB_ENTRY_OFFSET);
	return args;
}

static uint64_t chosen_number(struct other *o, const char *name)
{
	struct flat_tree tree;
	uint64_t value = 0;

	assert_true(
		flat_tree_open(segment(o, "device tree")->data, &o->p.arena, &tree, &o->p.error));
	assert_true(flat_tree_number(&tree, "/chosen", name, &value));
	return value;
}

static void a_kernel_lies_its_offset_behind_the_lowest_aligned_place(void **state)
{
	static const size_t kernels[] = { RF_ARM64, RF_RISCV };

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct other o;

		begin(&o, kernels[i]);
		o.ram.start += MiB(1);
		plan(&o);
		assert_int_equal(
			segment(&o, "kernel")->mem.start, RAM + MiB(2) + o.p.image.raw.text_offset);
		assert_int_equal(args_of(&o).entry, segment(&o, "kernel")->mem.start);
		end(&o);
	}
}

/* Linux reserves it, and would find an initrd there in use. */
static void nothing_shares_the_last_unit_of_a_kernel(void **state)
{
	const struct segment *kernel;
	struct other o;

	(void)state;
	begin(&o, RF_RISCV);
	plan(&o);
	kernel = segment(&o, "kernel");
	for (size_t i = 0; i < o.p.plan.segment_count; i++) {
		const struct segment *s = &o.p.plan.segments[i];

		assert_true(s == kernel || s->mem.start / MiB(2) != kernel->mem.start / MiB(2));
	}
	end(&o);
}

static void the_tree_tells_of_the_initrd_and_lies_where_its_register_says(void **state)
{
	static const struct {
		size_t kernel, reg;
	} cases[] = { { RF_ARM64, 0 }, { RF_RISCV, 1 } };

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		const struct segment *tree, *initrd;
		struct other o;

		begin(&o, cases[i].kernel);
		plan(&o);
		tree = segment(&o, "device tree");
		initrd = segment(&o, "initrd");
		assert_int_equal(chosen_number(&o, "linux,initrd-start"), initrd->mem.start);
		assert_int_equal(chosen_number(&o, "linux,initrd-end"), range_end(initrd->mem));
		assert_int_equal(args_of(&o).registers[cases[i].reg], tree->mem.start);
		assert_int_equal(tree->mem.start % MiB(2), 0);
		assert_int_equal(args_of(&o).record - tree->mem.start, args_of(&o).record % MiB(2));
		end(&o);
	}
}

static void an_initrd_lies_in_the_window_that_arm64_maps(void **state)
{
	struct other o;

	(void)state;
	if (sizeof(size_t) < sizeof(uint64_t))
		skip(); /* no such file can be mapped */
	begin(&o, RF_ARM64);
	o.ram = (struct range){ GiB(1), GiB(100) };
	o.p.request.initrds = o.p.initrds;
	o.p.initrds[0].bytes.n = (size_t)GiB(31);
	plan(&o);
	assert_true(range_end(segment(&o, "initrd")->mem) <= GiB(1) + GiB(32));
	o.p.initrds[0].bytes.n = (size_t)GiB(32);
	assert_false(planned_make(&o.p));
	assert_int_equal(o.p.error.fault, FAULT_FIT_MEMORY);
	end(&o);
}

static void tables_of_the_interrupt_controller_are_kept_and_reserved(void **state)
{
	struct flat_tree tree;
	uint64_t start, size;
	struct other o;

	(void)state;
	begin(&o, RF_ARM64);
	o.tables = (struct range){ RAM + MiB(2), 0x10000 };
	o.p.machine.gic = (struct gic_facts){ .is_v3 = true,
		.lpis_enabled = ANSWER_YES,
		.tables = { &o.tables, 1 },
		.tables_complete = true };
	o.p.machine.reserved = o.p.machine.gic.tables;
	plan(&o);
	for (size_t i = 0; i < o.p.plan.segment_count; i++)
		assert_false(range_overlaps(o.p.plan.segments[i].mem, o.tables));
	/* Nor does it use that memory before it has read what is reserved. */
	assert_false(range_overlaps(
		(struct range){ segment(&o, "kernel")->mem.start, RF_MEMORY }, o.tables));
	assert_true(
		flat_tree_open(segment(&o, "device tree")->data, &o.p.arena, &tree, &o.p.error));
	assert_int_equal(fdt_num_mem_rsv(tree.fdt), 1);
	assert_int_equal(fdt_get_mem_rsv(tree.fdt, 0, &start, &size), 0);
	assert_int_equal(start, o.tables.start);
	assert_int_equal(size, o.tables.size);
	assert_int_equal(o.p.plan.notes.count, 0);
	o.p.machine.gic.tables_complete = false;
	plan(&o);
	assert_int_equal(o.p.plan.notes.count, 1);
	end(&o);
}

static void the_stub_speaks_on_the_port_of_the_last_console(void **state)
{
	struct other o;

	(void)state;
	begin(&o, RF_ARM64);
	o.p.machine.mmio_serial[0] =
		(struct mmio_serial){ "ttyAMA0", SERIAL_PL011, 0x9000000, 0, 4 };
	o.p.machine.mmio_serial[1] = (struct mmio_serial){ "ttyS0", SERIAL_8250, 0xa000000, 2, 1 };
	o.p.machine.mmio_serial_count = 2;
	plan(&o);
	assert_int_equal(args_of(&o).console, 0);
	o.p.request.command_line = "console=tty0 console=ttyAMA0,115200 console=hvc0";
	plan(&o);
	assert_int_equal(args_of(&o).console, STUB_CONSOLE_PL011);
	assert_int_equal(args_of(&o).console_address, 0x9000000);
	o.p.request.quirks.console.device = "ttyS0";
	plan(&o);
	assert_int_equal(args_of(&o).console, STUB_CONSOLE_8250_MMIO);
	assert_int_equal(args_of(&o).console_shift, 2);
	end(&o);
}

/* As a record has a field of the host's: another CPU's plan is never loaded here. */
static void assert_digits(struct view line, uint64_t at, const void *field, size_t size)
{
	char digits[2 * sizeof(uint64_t) + 1] = "";

	for (size_t i = 0; i < size; i++)
		snprintf(digits + 2 * i, 3, "%02x", (unsigned)((const uint8_t *)field)[i]);
	assert_true(view_has_at(line, at, digits));
}

/* What the loader knows is in the digits already, and the stub writes the rest there, which is under no digest. */
static void assert_record_in_line(const struct other *o, const struct segment *line)
{
	enum { DIGITS = 2 * sizeof(struct stub_record) };
	const struct stub_args args = args_of(o);
	const uint64_t at = args.record - line->mem.start;
	const uint64_t bytes_at = at + 2 * offsetof(struct stub_record, bytes);
	const uint32_t magic = STUB_MAGIC;
	struct view part;
	uint64_t covered = 0;

	assert_int_equal(args.record_form, STUB_RECORD_DIGITS);
	assert_digits(line->data, at, &magic, sizeof magic);
	assert_true(view_sub(line->data, at + DIGITS, 1, &part));
	assert_true(part.p[0] == ' ');
	for (uint32_t i = 0; i < args.region_count; i++) {
		const struct range region = { args.regions[i].start, args.regions[i].size };

		assert_false(range_overlaps(region, (struct range){ args.record, DIGITS }));
		covered += region.size;
	}
	assert_digits(line->data, bytes_at, &covered, sizeof covered);
}

static void loong64_finds_its_command_line_by_the_mark(void **state)
{
	const struct segment *line, *initrd;
	char expected[128];
	const char *digits;
	struct other o;

	(void)state;
	begin(&o, RF_LOONG);
	plan(&o);
	line = segment(&o, "command line");
	initrd = segment(&o, "initrd");
	snprintf(expected, sizeof expected, " initrd=%#llx,0x100000",
		(unsigned long long)initrd->mem.start);
	assert_true(
		view_has_at(line->data, 0, "kexec root=/dev/vda1 quiet saut.words=1 saut.record="));
	digits = strchr(strrchr((const char *)line->data.p, '.'), '=') + 1;
	assert_int_equal(digits - (const char *)line->data.p, args_of(&o).record - line->mem.start);
	assert_string_equal(digits + 2 * sizeof(struct stub_record), expected);
	assert_record_in_line(&o, line);
	assert_int_equal(line->data.n, 4096);
	assert_int_equal(args_of(&o).registers[1], line->mem.start + 6);
	/* Entered in the window that is cached; where it was linked. */
	assert_int_equal(args_of(&o).entry, 0x9000000000000000u + 0x200400);
	for (size_t i = 0; i < o.p.plan.segment_count; i++)
		assert_true(o.p.plan.segments[i].mem.start >= MiB(2));
	end(&o);
}

/* Rather no times than no jump. */
static void a_full_command_line_of_loong64_goes_without_a_record(void **state)
{
	static const size_t lengths[] = { 3900, 4060 };
	char line[4096];

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct other o;

		begin(&o, RF_LOONG);
		memset(line, 'x', sizeof line);
		line[lengths[i]] = '\0';
		o.p.request.command_line = line;
		plan(&o);
		assert_int_equal(args_of(&o).record != 0, lengths[i] == 3900);
		end(&o);
	}
}

static void a_linked_kernel_lies_there_or_moves_or_is_refused(void **state)
{
	struct other o;

	(void)state;
	begin(&o, RF_LOONG);
	o.reserved = (struct range){ 0x200000 + RF_MEMORY - 1, 1 };
	o.p.machine.reserved = (struct ranges){ &o.reserved, 1 };
	assert_false(planned_make(&o.p));
	assert_int_equal(o.p.error.fault, FAULT_FIT_MEMORY);
	assert_reason(o.p.error, "not relocatable and wants 65536 bytes at 0x200000");
	/* One that moves itself lies at the next place of its alignment. */
	rf_relocate(&o.p.kernel);
	plan(&o);
	assert_int_equal(segment(&o, "kernel")->mem.start, MiB(4));
	assert_int_equal(args_of(&o).entry, 0x9000000000000000u + MiB(4) + 0x400);
	end(&o);
}

/* Of what was reserved in two pieces the last one that is listed takes all; each is named, and where the headers lie. */
static void a_crash_kernel_of_loong64_is_told_on_its_command_line(void **state)
{
	static struct range reserved[] = { { MiB(256), MiB(64) }, { MiB(512), MiB(128) } };
	static const struct range note = { MiB(128), 1024 };
	const struct segment *line, *core;
	char expected[256];
	struct other o;

	(void)state;
	begin(&o, RF_LOONG);
	o.p.machine.system_ram = o.p.machine.ram;
	o.p.machine.crash = (struct ranges){ reserved, 2 };
	o.p.machine.dump.notes = &note;
	o.p.machine.dump.note_count = 1;
	o.p.request.crash = true;
	assert_false(planned_make(&o.p));
	assert_int_equal(o.p.error.fault, FAULT_FIT_CRASH_MEMORY);
	assert_reason(o.p.error, "not relocatable");
	rf_relocate(&o.p.kernel);
	plan(&o);
	line = segment(&o, "command line");
	core = segment(&o, "core headers");
	snprintf(expected, sizeof expected,
		"kexec root=/dev/vda1 quiet initrd=%#llx,0x100000 mem=0x8000000@0x20000000 "
		"mem=0x4000000@0x10000000 elfcorehdr=%#llx@%#llx",
		(unsigned long long)segment(&o, "initrd")->mem.start,
		(unsigned long long)core->mem.size, (unsigned long long)core->mem.start);
	assert_string_equal((const char *)line->data.p, expected);
	assert_int_equal(args_of(&o).entry, 0x9000000000000000u + MiB(512) + 0x400);
	for (size_t i = 0; i < o.p.plan.segment_count; i++)
		assert_true(range_contains(reserved[1], o.p.plan.segments[i].mem));
	end(&o);
}

static void a_kernel_for_another_cpu_is_refused_by_name(void **state)
{
	struct other o;

	(void)state;
	begin(&o, RF_ARM64);
	o.p.machine.arch = ARCH_RISCV64;
	assert_false(planned_make(&o.p));
	assert_int_equal(o.p.error.fault, FAULT_IMAGE_OTHER_ARCH);
	assert_reason(o.p.error, "for arm64");
	assert_reason(o.p.error, "the machine is riscv64");
	end(&o);
}

static void long_command_lines_are_refused(void **state)
{
	static const struct {
		size_t kernel, max;
	} cases[] = { { RF_ARM64, 2047 }, { RF_RISCV, 1023 }, { RF_LOONG, 4095 } };
	char line[5000];

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		struct other o;

		begin(&o, cases[i].kernel);
		memset(line, 'x', sizeof line);
		line[cases[i].max + 1] = '\0';
		o.p.request.command_line = line;
		assert_false(planned_make(&o.p));
		assert_int_equal(o.p.error.fault, FAULT_FIT_COMMAND_LINE);
		end(&o);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(a_kernel_lies_its_offset_behind_the_lowest_aligned_place),
		CASE(nothing_shares_the_last_unit_of_a_kernel),
		CASE(the_tree_tells_of_the_initrd_and_lies_where_its_register_says),
		CASE(an_initrd_lies_in_the_window_that_arm64_maps),
		CASE(tables_of_the_interrupt_controller_are_kept_and_reserved),
		CASE(the_stub_speaks_on_the_port_of_the_last_console),
		CASE(loong64_finds_its_command_line_by_the_mark),
		CASE(a_full_command_line_of_loong64_goes_without_a_record),
		CASE(a_linked_kernel_lies_there_or_moves_or_is_refused),
		CASE(a_crash_kernel_of_loong64_is_told_on_its_command_line),
		CASE(a_kernel_for_another_cpu_is_refused_by_name),
		CASE(long_command_lines_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
