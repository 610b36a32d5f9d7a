/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where kernels for armhf lie, which unpack themselves to where memory begins, and what they are told. */
#include "arch/planned.h"

#include "machine/flat-tree.h"
#include "machine/tree-file.h"

#define RAM GiB(1) /* where it begins on QEMU's machine */

struct armhf {
	struct planned p;
	struct tree_file tree;
	struct range ram[2], reserved;
};

/* 1 GiB, and as much above 4 GiB; an initrd of 30 MiB. */
static void begin(struct armhf *a)
{
	struct planned *p = &a->p;

	*a = (struct armhf){ .tree = tree_begin(), .ram = { { RAM, GiB(1) }, { GiB(4), GiB(1) } } };
	tree_root(&a->tree);
	p->machine = (struct machine){ .arch = ARCH_ARM,
		.command_line = "quiet",
		.uname_release = "6.1",
		.ram = { a->ram, 2 },
		.page_size = 4096,
		.psci = PSCI_SMC,
		.device_tree = tree_end(&a->tree) };
	p->kernel = zif_make(&p->arena, 0);
	p->request = (struct request){ .command_line = "root=/dev/vda1 quiet",
		.call = CALL_LOAD,
		.check = CHECK_NONE,
		.limits = { 0, PHYS_MAX },
		.initrds = p->initrds };
	planned_add_initrd(p, MiB(30));
}

static void end(struct armhf *a)
{
	arena_free(&a->p.arena);
	free(a->tree.p);
}

static struct range place_of(const struct armhf *a, const char *name)
{
	const struct segment *found = planned_segment(&a->p, name);

	assert_non_null(found);
	return found->mem;
}

/* Nor may the packed kernel, which would have to move first, lie where the kernel becomes what it is. */
static void nothing_lies_where_the_kernel_unpacks_itself(void **state)
{
	const struct range kernel = { RAM, ZIF_MEMORY };
	struct armhf a;

	(void)state;
	begin(&a);
	planned_must(&a.p);
	assert_int_equal(a.p.plan.segment_count, 4);
	for (size_t i = 0; i < 4; i++)
		assert_false(range_overlaps(a.p.plan.segments[i].mem, kernel));
	assert_int_equal(place_of(&a, "kernel").start, RAM + 0x180e000);
	end(&a);
}

/* Behind the packed kernel is what unpacking takes, and an empty word where a tree would be looked for. */
static void the_packed_kernel_has_room_to_work(void **state)
{
	const uint64_t work = 4 + 0x20000;
	struct range kernel;
	struct armhf a;

	(void)state;
	begin(&a);
	planned_must(&a.p);
	kernel = place_of(&a, "kernel");
	assert_int_equal(kernel.size, ZIF_SIZE + 4096);
	for (size_t i = 1; i < a.p.plan.segment_count; i++)
		assert_false(range_overlaps(
			a.p.plan.segments[i].mem, (struct range){ kernel.start, ZIF_SIZE + work }));
	end(&a);
}

static void the_registers_are_those_of_a_machine_with_a_tree(void **state)
{
	struct stub_args args;
	struct armhf a;

	(void)state;
	begin(&a);
	planned_must(&a.p);
	args = planned_args(&a.p);
	assert_int_equal(args.entry, place_of(&a, "kernel").start);
	assert_int_equal(args.registers[0], 0);
	assert_int_equal(args.registers[1], UINT32_MAX);
	assert_int_equal(args.registers[2], place_of(&a, "device tree").start);
	assert_int_equal(args.registers[3], 0);
	assert_int_equal(args.reset, STUB_RESET_PSCI_SMC);
	end(&a);
}

/* A CPU without paging reaches nothing above 4 GiB, and a kernel maps but a part of what is below at first. */
static void all_lies_in_the_memory_that_a_kernel_maps(void **state)
{
	struct armhf a;

	(void)state;
	if (sizeof(size_t) < sizeof(uint64_t))
		skip(); /* no such file can be mapped beside the rest */
	begin(&a);
	a.p.initrds[0].bytes.n = MiB(700);
	planned_must(&a.p);
	for (size_t i = 0; i < a.p.plan.segment_count; i++)
		assert_true(range_end(a.p.plan.segments[i].mem) <= RAM + MiB(760));
	a.p.initrds[0].bytes.n = MiB(760);
	planned_must_not(&a.p, FAULT_FIT_MEMORY, "in one piece");
	end(&a);
}

/* Nothing is loaded there, and the next kernel is told of all of it. */
static void memory_above_4_gib_is_told(void **state)
{
	struct flat_tree tree;
	struct view told;
	struct planned p;
	struct reader r;

	(void)state;
	planned_begin(&p, "armhf-5g");
	planned_choose_kernel(&p);
	assert_int_equal(ranges_total(&p.machine.ram), GiB(5));
	assert_int_equal(range_end(p.machine.ram.items[p.machine.ram.count - 1]), GiB(6));
	planned_must(&p);
	for (size_t i = 0; i < p.plan.segment_count; i++)
		assert_true(range_end(p.plan.segments[i].mem) <= RAM + MiB(760));
	assert_true(flat_tree_open(
		planned_segment(&p, "device tree")->data, &p.arena, &tree, &p.error));
	told = flat_tree_property(&tree, "/memory@40000000", "reg");
	assert_int_equal(told.n, 16);
	r = reader_at(told, 0);
	assert_int_equal(reader_be64(&r), RAM);
	assert_int_equal(reader_be64(&r), GiB(5));
	arena_free(&p.arena);
}

/* As booting.rst has it for all kernels: behind the first 32 MiB, and what is beside it behind 128 MiB. */
static void an_old_kernel_lies_where_any_may(void **state)
{
	struct armhf a;

	(void)state;
	begin(&a);
	block_put_le32(&a.p.kernel, ZIF_HAS_TABLE, 0);
	planned_must(&a.p);
	assert_int_equal(place_of(&a, "kernel").start, RAM + MiB(32));
	assert_int_equal(place_of(&a, "initrd").start, RAM + MiB(128));
	assert_true(place_of(&a, "device tree").start >= RAM + MiB(128));
	a.ram[0].size = MiB(128);
	planned_must_not(&a.p, FAULT_FIT_MEMORY, "needs");
	a.ram[0].size = MiB(127);
	planned_must_not(&a.p, FAULT_FIT_MEMORY,
		"unpacks itself to 0x40000000 and needs 134217728 bytes there");
	end(&a);
}

static void what_the_kernel_would_unpack_itself_over_refuses_it(void **state)
{
	struct armhf a;

	(void)state;
	begin(&a);
	a.reserved = (struct range){ RAM + MiB(16), 4096 };
	a.p.machine.reserved = (struct ranges){ &a.reserved, 1 };
	planned_must_not(
		&a.p, FAULT_FIT_MEMORY, "unpacks itself to 0x40000000 and needs 25223168 bytes");
	/* Behind it, the packed one takes the next place. */
	a.reserved.start = RAM + MiB(26);
	planned_must(&a.p);
	assert_int_equal(place_of(&a, "kernel").start, RAM + 0x180e000);
	a.reserved.start = RAM + 0x180e000;
	planned_must(&a.p);
	assert_int_equal(place_of(&a, "kernel").start, RAM + 0x180f000);
	end(&a);
}

static void memory_that_kernels_do_not_find_is_refused(void **state)
{
	struct armhf a;

	(void)state;
	begin(&a);
	a.ram[0].start += MiB(64);
	planned_must_not(&a.p, FAULT_MACHINE_UNSUPPORTED,
		"begins at 0x44000000, which is no multiple of 128 MiB");
	a.p.machine.ram = (struct ranges){ &a.ram[1], 1 };
	planned_must_not(&a.p, FAULT_MACHINE_UNSUPPORTED, "begins at 0x100000000");
	end(&a);
}

static void what_is_not_done_is_refused_by_name(void **state)
{
	struct armhf a;

	(void)state;
	begin(&a);
	a.p.machine.kexec.cpus_stick = "why";
	planned_must_not(
		&a.p, FAULT_CPUS_STUCK, "cannot stop its other CPUs, and so loads no kernel: why");
	a.p.machine.kexec.cpus_stick = NULL;
	a.p.machine.arch = ARCH_ARM64;
	planned_must_not(&a.p, FAULT_IMAGE_OTHER_ARCH,
		"this is a kernel for armhf (ARM zImage), the machine is arm64");
	end(&a);
}

/* Memory for a crash kernel from a multiple of 128 MiB on, which the core headers lie in and are not told of. */
static void crash(struct armhf *a, struct range *reserved)
{
	static const struct range note = { RAM + MiB(600), 400 };

	begin(a);
	a->ram[1].size = 0;
	a->p.machine.ram.count = 1;
	a->p.machine.system_ram = a->p.machine.ram;
	a->p.machine.crash = (struct ranges){ reserved, 1 };
	a->p.machine.dump.notes = &note;
	a->p.machine.dump.note_count = 1;
	a->p.request.crash = true;
}

static void a_crash_kernel_lies_in_what_is_reserved(void **state)
{
	struct range reserved = { RAM + MiB(384), MiB(256) }, core;
	struct flat_tree tree;
	struct view told;
	struct reader r;
	struct armhf a;

	(void)state;
	crash(&a, &reserved);
	planned_must(&a.p);
	core = place_of(&a, "core headers");
	assert_true(place_of(&a, "kernel").start >= reserved.start + ZIF_MEMORY);
	assert_true(range_end(place_of(&a, "kernel")) <= reserved.start + MiB(128));
	for (size_t i = 0; i < a.p.plan.segment_count; i++)
		assert_true(range_contains(reserved, a.p.plan.segments[i].mem));
	assert_int_equal(planned_segment(&a.p, "core headers")->data.p[4], 1); /* of 32 bits */
	assert_true(flat_tree_open(
		planned_segment(&a.p, "device tree")->data, &a.p.arena, &tree, &a.p.error));
	told = flat_tree_property(&tree, "/chosen", "linux,usable-memory-range");
	assert_int_equal(told.n, 32);
	r = reader_at(told, 0);
	assert_int_equal(reader_be64(&r), reserved.start);
	assert_int_equal(reader_be64(&r), core.start - reserved.start);
	assert_int_equal(reader_be64(&r), range_end(core));
	assert_int_equal(reader_be64(&r), range_end(reserved) - range_end(core));
	end(&a);
}

static void where_a_crash_kernel_is_not_loaded(void **state)
{
	struct range odd = { RAM + MiB(400), MiB(128) }, small = { RAM + MiB(384), MiB(16) };
	struct armhf a;

	(void)state;
	crash(&a, &odd);
	planned_must_not(&a.p, FAULT_MACHINE_UNSUPPORTED,
		"begins at 0x59000000, which is no multiple of 128 MiB");
	end(&a);
	crash(&a, &small);
	planned_must_not(&a.p, FAULT_FIT_CRASH_MEMORY, "the kernel unpacks itself to 0x58000000");
	a.p.request.quirks.core_class = CORE_CLASS_64;
	planned_must_not(&a.p, FAULT_MACHINE_UNSUPPORTED, "read no core headers in 64-bit ELF");
	end(&a);
	crash(&a, &(struct range){ RAM + MiB(384), MiB(256) });
	a.ram[1].size = GiB(1);
	a.p.machine.system_ram.count = 2;
	planned_must_not(&a.p, FAULT_MACHINE_UNSUPPORTED, "has memory up to 0x140000000");
	end(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(nothing_lies_where_the_kernel_unpacks_itself),
		CASE(the_packed_kernel_has_room_to_work),
		CASE(the_registers_are_those_of_a_machine_with_a_tree),
		CASE(all_lies_in_the_memory_that_a_kernel_maps),
		CASE(memory_above_4_gib_is_told),
		CASE(an_old_kernel_lies_where_any_may),
		CASE(what_the_kernel_would_unpack_itself_over_refuses_it),
		CASE(memory_that_kernels_do_not_find_is_refused),
		CASE(what_is_not_done_is_refused_by_name),
		CASE(a_crash_kernel_lies_in_what_is_reserved),
		CASE(where_a_crash_kernel_is_not_loaded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
