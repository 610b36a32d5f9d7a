/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where a kernel for ppc64el lies, which moves itself to address 0, and what it and the stub are told. */
#include "arch/planned.h"

#include "machine/flat-tree.h"
#include "machine/tree-file.h"

#define KERNEL_END MiB(40) /* of the running kernel */
#define RTAS       MiB(200)

/* What is special of a machine; the rest is as on QEMU's pseries. */
struct kind {
	bool no_memory, packets, opal;
	uint64_t real_mode; /* 0: all of memory */
};

struct power {
	struct planned p;
	struct tree_file tree;
	struct range ram, reserved;
};

static void add_terminal(struct tree_file *t, const char *name, const char *kind, uint32_t number)
{
	tree_open(t, name);
	tree_string(t, "compatible", kind);
	tree_u32(t, "reg", number);
	tree_close(t);
}

static struct tree_file make_tree(struct kind kind)
{
	struct tree_file t = tree_begin();

	tree_reservation(&t, RTAS, KiB(64));
	tree_root(&t);
	tree_open(&t, "chosen");
	tree_string(&t, "bootargs", "stale");
	tree_close(&t);
	if (!kind.no_memory) {
		tree_open(&t, "memory@0");
		tree_string(&t, "device_type", "memory");
		tree_reg(&t, 0, kind.real_mode ? kind.real_mode : GiB(1));
		tree_close(&t);
	}
	if (kind.opal) {
		tree_open(&t, "ibm,opal");
		tree_u64(&t, "opal-base-address", RTAS);
		tree_u64(&t, "opal-entry-address", RTAS + 0x60);
		add_terminal(&t, "serial@0", "ibm,opal-console-raw", 3);
		tree_close(&t);
		return t;
	}
	tree_open(&t, "rtas");
	tree_u32(&t, "linux,rtas-base", RTAS);
	tree_u32(&t, "linux,rtas-entry", RTAS + 8);
	tree_u32(&t, "rtas-size", 0x800);
	tree_u32(&t, "system-reboot", 0x2004);
	tree_close(&t);
	add_terminal(&t, "vty@71000000", kind.packets ? "hvterm-protocol" : "hvterm1", 0x71000000);
	return t;
}

static void begin(struct power *o, struct kind kind)
{
	struct planned *p = &o->p;

	*o = (struct power){
		.tree = make_tree(kind), .ram = { 0, GiB(1) }, .reserved = { RTAS, KiB(64) }
	};
	p->machine = (struct machine){ .arch = ARCH_PPC64LE,
		.command_line = "quiet",
		.uname_release = "6.1",
		.ram = { &o->ram, 1 },
		.reserved = { &o->reserved, 1 },
		.page_size = KiB(64),
		.powerpc = { .kernel_end = KERNEL_END,
			.other_cpus = 7,
			.kept = { &o->reserved, 1 } },
		.device_tree = tree_end(&o->tree) };
	p->request = (struct request){ .command_line = "root=/dev/vda1 quiet",
		.call = CALL_LOAD,
		.check = CHECK_NONE,
		.limits = { 0, PHYS_MAX },
		.initrds = p->initrds };
	planned_choose_kernel(p);
	planned_add_initrd(p, MiB(1));
}

static void end(struct power *o)
{
	arena_free(&o->p.arena);
	free(o->tree.p);
}

static void refused(struct power *o, enum fault fault, const char *reason)
{
	planned_must_not(&o->p, fault, reason);
	end(o);
}

static void all_lies_behind_the_running_kernel_and_where_the_next_one_will_be(void **state)
{
	struct power o;

	(void)state;
	begin(&o, (struct kind){ 0 });
	planned_must(&o.p);
	assert_int_equal(planned_segment(&o.p, "kernel")->mem.start, KERNEL_END);
	for (size_t i = 1; i < o.p.plan.segment_count; i++)
		assert_true(o.p.plan.segments[i].mem.start >= MiB(41));
	assert_int_equal(planned_args(&o.p).entry, KERNEL_END);
	end(&o);
}

/* The hole below the firmware's memory takes what is small, but the kernel would move over it. */
static void nothing_is_put_where_the_kernel_moves_to(void **state)
{
	struct power o;

	(void)state;
	begin(&o, (struct kind){ 0 });
	o.p.machine.powerpc.kernel_end = MiB(20);
	ef_set(&o.p.kernel, "p_memsz", MiB(30));
	o.reserved = (struct range){ MiB(45), KiB(64) };
	planned_must(&o.p);
	assert_true(planned_segment(&o.p, "kernel")->mem.start >= MiB(45));
	assert_true(planned_segment(&o.p, "stub")->mem.start >= MiB(30));
	assert_true(planned_segment(&o.p, "device tree")->mem.start >= MiB(30));
	end(&o);
}

static void a_kernel_that_would_move_over_the_firmware_is_refused(void **state)
{
	struct power o;

	(void)state;
	begin(&o, (struct kind){ 0 });
	o.reserved = (struct range){ MiB(40) + KiB(512), KiB(64) };
	refused(&o, FAULT_FIT_MEMORY, "from address 0 on, of which 0x2880000 to 0x2890000");
}

static void the_stub_is_told_of_cpus_and_firmware(void **state)
{
	struct stub_args args;
	struct power o;

	(void)state;
	begin(&o, (struct kind){ 0 });
	planned_must(&o.p);
	args = planned_args(&o.p);
	assert_int_equal(args.registers[0], planned_segment(&o.p, "device tree")->mem.start);
	assert_int_equal(args.registers[1], 7);
	assert_int_equal(args.registers[2], RTAS + 8);
	assert_int_equal(args.registers[3], RTAS);
	assert_int_equal(args.reset, STUB_RESET_RTAS);
	assert_int_equal(args.reset_value, 0x2004);
	assert_int_equal(args.console, STUB_CONSOLE_PAPR);
	assert_int_equal(args.console_address, 0x71000000);
	end(&o);

	begin(&o, (struct kind){ .opal = true });
	planned_must(&o.p);
	args = planned_args(&o.p);
	assert_int_equal(args.registers[2], RTAS + 0x60);
	assert_int_equal(args.registers[3], RTAS);
	assert_int_equal(args.reset, STUB_RESET_OPAL);
	assert_int_equal(args.console, STUB_CONSOLE_OPAL);
	assert_int_equal(args.console_address, 3);
	end(&o);

	begin(&o, (struct kind){ .packets = true });
	planned_must(&o.p);
	assert_int_equal(planned_args(&o.p).console, 0);
	end(&o);
}

static void the_tree_keeps_what_is_the_firmwares(void **state)
{
	struct flat_tree tree;
	struct range r;
	struct power o;

	(void)state;
	begin(&o, (struct kind){ 0 });
	planned_must(&o.p);
	assert_true(flat_tree_open(
		planned_segment(&o.p, "device tree")->data, &o.p.arena, &tree, &o.p.error));
	assert_true(flat_tree_reservation(tree.fdt, 0, &r));
	assert_int_equal(r.start, RTAS);
	assert_true(flat_tree_says(&tree, "/chosen", "bootargs", "root=/dev/vda1 quiet"));
	end(&o);
}

static void real_mode_bounds_everything(void **state)
{
	struct power o;

	(void)state;
	begin(&o, (struct kind){ .real_mode = MiB(128) });
	planned_add_initrd(&o.p, MiB(30));
	planned_must(&o.p);
	for (size_t i = 0; i < o.p.plan.segment_count; i++)
		assert_true(range_end(o.p.plan.segments[i].mem) <= MiB(128));
	end(&o);
	begin(&o, (struct kind){ .real_mode = MiB(128) });
	planned_add_initrd(&o.p, MiB(60));
	refused(&o, FAULT_FIT_MEMORY, "largest piece below 0x7ffffff");
}

static void what_is_not_known_is_not_assumed(void **state)
{
	struct power o;

	(void)state;
	begin(&o, (struct kind){ 0 });
	o.p.machine.powerpc.kernel_end = 0;
	refused(&o, FAULT_MACHINE_UNREADABLE, "where the running kernel ends is not known");
	begin(&o, (struct kind){ .no_memory = true });
	refused(&o, FAULT_MACHINE_UNREADABLE, "the device tree has no memory at address 0");
	begin(&o, (struct kind){ 0 });
	o.p.machine.device_tree = (struct view){ 0 };
	refused(&o, FAULT_NO_DEVICE_TREE, "/sys/firmware/fdt is not there");
	begin(&o, (struct kind){ 0 });
	o.p.machine.device_tree.n -= 4;
	refused(&o, FAULT_DEVICE_TREE, "the running machine's device tree: device tree: ");
}

static void no_other_kernel_is_entered(void **state)
{
	struct power o;

	(void)state;
	begin(&o, (struct kind){ 0 });
	memset(o.p.kernel.p + EF_BANNER_AT, 0, 64);
	refused(&o, FAULT_IMAGE_UNKNOWN, "this ELF file is no Linux");
	begin(&o, (struct kind){ 0 });
	ef_set(&o.p.kernel, "byte order", 2);
	o.p.kernel.p[18] = 0;
	o.p.kernel.p[19] = 21;
	refused(&o, FAULT_IMAGE_OTHER_ARCH,
		"this is a kernel for ppc64 (ppc64 big-endian ELF kernel)");
}

/* Memory for a crash kernel behind the running one, and what core headers are made of. */
static void crash(struct power *o, struct range *reserved)
{
	static const struct range note = { MiB(600), 400 };
	struct machine *machine = &o->p.machine;

	begin(o, (struct kind){ 0 });
	machine->system_ram = machine->ram;
	machine->crash = (struct ranges){ reserved, 1 };
	machine->dump.notes = &note;
	machine->dump.note_count = 1;
	o->p.request.crash = true;
}

/* All that is not reserved is kept off, and the dead kernel's vectors are moved away. */
static void a_crash_kernel_stays_in_what_is_reserved(void **state)
{
	struct range reserved = { MiB(128), MiB(256) }, core, low,
		     kept = { KiB(64), MiB(128) - KiB(64) };
	struct reader word, cells;
	struct flat_tree tree;
	struct stub_args args;
	struct power o;
	bool is_kept = false;
	struct range r;

	(void)state;
	crash(&o, &reserved);
	planned_add_initrd(&o.p, MiB(40));
	planned_must(&o.p);
	for (size_t i = 0; i < o.p.plan.segment_count; i++) {
		assert_true(range_contains(reserved, o.p.plan.segments[i].mem));
		assert_false(range_overlaps(o.reserved, o.p.plan.segments[i].mem));
	}
	word = reader_at(planned_segment(&o.p, "kernel")->data, EF_RUN_AT_LOAD);
	assert_int_equal(reader_le32(&word), 1);
	core = planned_segment(&o.p, "core headers")->mem;
	low = planned_segment(&o.p, "low memory")->mem;
	args = planned_args(&o.p);
	assert_int_equal(args.copy_count, 1);
	assert_int_equal(args.copies[0].from, 0);
	assert_int_equal(args.copies[0].to, low.start);
	assert_int_equal(args.copies[0].size, KiB(64));
	assert_string_equal(o.p.plan.command_line,
		arena_printf(&o.p.arena, "root=/dev/vda1 quiet elfcorehdr=%#llx",
			(unsigned long long)core.start));
	assert_true(flat_tree_open(
		planned_segment(&o.p, "device tree")->data, &o.p.arena, &tree, &o.p.error));
	assert_true(flat_tree_says(&tree, "/chosen", "bootargs", o.p.plan.command_line));
	cells = reader_at(flat_tree_property(&tree, "/memory@0", "linux,usable-memory"), 0);
	assert_int_equal(reader_be64(&cells), 0);
	assert_int_equal(reader_be64(&cells), range_end(reserved));
	assert_false(cells.overrun);
	for (int i = 0; flat_tree_reservation(tree.fdt, i, &r); i++) {
		is_kept |= range_contains(r, kept);
		assert_false(range_overlaps(r, planned_segment(&o.p, "kernel")->mem));
	}
	assert_true(is_kept);
	end(&o);
}

static void a_crash_kernel_that_would_move_is_refused(void **state)
{
	struct range reserved = { MiB(128), MiB(256) };
	struct power o;

	(void)state;
	crash(&o, &reserved);
	block_put_le32(&o.p.kernel, EF_CODE_AT + EF_RUN_AT_LOAD, 0);
	refused(&o, FAULT_IMAGE_UNKNOWN, "was not built to run elsewhere");
}

static void the_line_has_room_for_the_headers_place(void **state)
{
	struct range reserved = { MiB(128), MiB(256) };
	struct power o;
	char line[2048];

	(void)state;
	memset(line, 'x', sizeof line - 8);
	line[sizeof line - 8] = '\0';
	crash(&o, &reserved);
	o.p.request.command_line = line;
	refused(&o, FAULT_FIT_COMMAND_LINE, "with elfcorehdr=, this kernel takes 2047");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(all_lies_behind_the_running_kernel_and_where_the_next_one_will_be),
		CASE(nothing_is_put_where_the_kernel_moves_to),
		CASE(a_kernel_that_would_move_over_the_firmware_is_refused),
		CASE(the_stub_is_told_of_cpus_and_firmware),
		CASE(the_tree_keeps_what_is_the_firmwares),
		CASE(real_mode_bounds_everything),
		CASE(what_is_not_known_is_not_assumed),
		CASE(no_other_kernel_is_entered),
		CASE(a_crash_kernel_stays_in_what_is_reserved),
		CASE(a_crash_kernel_that_would_move_is_refused),
		CASE(the_line_has_room_for_the_headers_place),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
