/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The tree for the next kernel, read back property by property. */
#include "test.h"

#include <stdio.h>

#include "boot/made-tree.h"

/* A machine as a boot loader describes it, with what an earlier jump left in /chosen. */
static void small_machine(struct made *m)
{
	struct tree_file *t = &m->file;

	begin(m);
	tree_reservation(t, 0x48000000, 0x100000);
	tree_root(t);
	tree_open(t, "chosen");
	tree_string(t, "bootargs", "old words");
	tree_string(t, "stdout-path", "/pl011@9000000");
	tree_u64(t, "linux,initrd-start", 0x48000000);
	tree_u64(t, "linux,initrd-end", 0x48100000);
	tree_u64(t, "kaslr-seed", 0);
	tree_bytes(t, "linux,elfcorehdr", "0123456789abcdef", 16);
	tree_bytes(t, "linux,usable-memory-range", "0123456789abcdef", 16);
	tree_bytes(t, "linux,booted-from-kexec", "", 0);
	tree_u64(t, "linux,kho-fdt", 5);
	tree_bytes(t, "saut,record", "old", 4);
	tree_u32(t, "linux,pci-probe-only", 1);
	tree_close(t);
	tree_open(t, "memory@40000000");
	tree_string(t, "device_type", "memory");
	tree_reg(t, 0x40000000, 0x40000000);
	tree_close(t);
	m->request.base = tree_end(t);
}

static void chosen_is_written(void **state)
{
	struct made m;

	(void)state;
	small_machine(&m);
	m.request.initrd = (struct range){ 0x123456789000, 0x5000 };
	make(&m);
	assert_true(flat_tree_says(&m.tree, "/chosen", "bootargs", "root=/dev/vda1"));
	assert_int_equal(number(&m, "/chosen", "linux,initrd-start"), 0x123456789000);
	assert_int_equal(number(&m, "/chosen", "linux,initrd-end"), 0x12345678e000);
	assert_true(flat_tree_says(&m.tree, "/chosen", "stdout-path", "/pl011@9000000"));
	assert_false(m.made.is_efi);
	assert_int_equal(m.made.record, 0);
	end(&m);
}

static void what_is_stale_goes_away(void **state)
{
	static const char *const stale[] = { "linux,initrd-start", "linux,initrd-end",
		"linux,elfcorehdr", "linux,usable-memory-range", "linux,booted-from-kexec",
		"linux,kho-fdt", "saut,record" };
	struct made m;

	(void)state;
	small_machine(&m);
	make(&m);
	for (size_t i = 0; i < sizeof stale / sizeof *stale; i++)
		if (has(&m, "/chosen", stale[i]))
			fail_msg("%s is still there", stale[i]);
	assert_true(has(&m, "/chosen", "linux,pci-probe-only"));
	end(&m);
}

static void a_crash_kernel_is_told_its_memory(void **state)
{
	static struct range pieces[] = { { 0x140000000, 0x8000000 }, { 0x70000000, 0x4000000 } };
	const struct ranges usable = { pieces, 2 };
	struct view memory, core;
	struct made m;

	(void)state;
	small_machine(&m);
	m.request.usable = &usable;
	m.request.core = (struct range){ 0x147ff0000, 0x1000 };
	make(&m);
	memory = property(&m, "/chosen", "linux,usable-memory-range");
	core = property(&m, "/chosen", "linux,elfcorehdr");
	assert_int_equal(memory.n, 32);
	assert_memory_equal(memory.p,
		"\0\0\0\1\x40\0\0\0\0\0\0\0\x8\0\0\0"
		"\0\0\0\0\x70\0\0\0\0\0\0\0\x4\0\0\0",
		32);
	assert_int_equal(core.n, 16);
	assert_memory_equal(core.p, "\0\0\0\1\x47\xff\0\0\0\0\0\0\0\0\x10\0", 16);
	end(&m);
}

static void seeds_are_fresh(void **state)
{
	struct made m;

	(void)state;
	small_machine(&m);
	make(&m);
	assert_int_equal(property(&m, "/chosen", "kaslr-seed").n, 8);
	assert_memory_equal(property(&m, "/chosen", "kaslr-seed").p, seed, 8);
	assert_int_equal(property(&m, "/chosen", "rng-seed").n, 32);
	assert_memory_equal(property(&m, "/chosen", "rng-seed").p, seed + 8, 32);
	end(&m);
}

static void nokaslr_takes_the_seed_away(void **state)
{
	struct made m;

	(void)state;
	small_machine(&m);
	m.request.command_line = "quiet nokaslr";
	make(&m);
	assert_false(has(&m, "/chosen", "kaslr-seed"));
	assert_true(has(&m, "/chosen", "rng-seed"));
	end(&m);
}

static void a_missing_chosen_is_made(void **state)
{
	struct made m;

	(void)state;
	begin(&m);
	tree_root(&m.file);
	m.request.base = tree_end(&m.file);
	make(&m);
	assert_true(flat_tree_says(&m.tree, "/chosen", "bootargs", "root=/dev/vda1"));
	end(&m);
}

/* Linux writes nothing over what a seed was; a chain of jumps must not grow the tree. */
static void seeds_that_were_used_take_no_room(void **state)
{
	struct made m;
	size_t size;

	(void)state;
	small_machine(&m);
	make(&m);
	size = m.made.bytes.n;
	for (int i = 0; i < 3; i++) {
		void *fdt = (void *)(uintptr_t)m.made.bytes.p;

		tree_file_check(fdt_nop_property(fdt, fdt_path_offset(fdt, "/chosen"), "rng-seed"));
		m.request.base = m.made.bytes;
		make(&m);
		assert_int_equal(m.made.bytes.n, size);
	}
	end(&m);
}

static void the_size_depends_on_no_address(void **state)
{
	static const struct range places[] = { { 0x1000, 1 }, { 0xfffffffff000, 0x1000 } };
	struct made m;
	size_t size = 0;

	(void)state;
	small_machine(&m);
	m.request.record_size = 40;
	for (size_t i = 0; i < 2; i++) {
		m.request.initrd = places[i];
		make(&m);
		assert_true(size == 0 || size == m.made.bytes.n);
		size = m.made.bytes.n;
	}
	end(&m);
}

static void a_record_has_room_in_chosen(void **state)
{
	struct made m;
	struct view record;

	(void)state;
	small_machine(&m);
	m.request.record_size = 40;
	make(&m);
	record = property(&m, "/chosen", "saut,record");
	assert_int_equal(record.n, 40);
	assert_int_equal(m.made.record % 4, 0);
	assert_int_equal(m.made.record, record.p - (const uint8_t *)m.tree.fdt);
	end(&m);
}

static void memory_is_reserved_once(void **state)
{
	struct range tables[] = { { 0x421a0000, 0x20000 }, { 0x50000000, 0x1000 } };
	struct ranges reserve = { tables, 2 };
	struct made m;

	(void)state;
	small_machine(&m);
	m.request.reserve = &reserve;
	make(&m);
	assert_true(reserves(&m, 0x421a0000, 0x20000));
	assert_true(reserves(&m, 0x50000000, 0x1000));
	/* The next jump in a chain starts from this tree and wants the same. */
	m.request.base = m.made.bytes;
	make(&m);
	assert_int_equal(fdt_num_mem_rsv(m.tree.fdt), 2);
	end(&m);
}

static void other_reservations_stay(void **state)
{
	struct made m;

	(void)state;
	begin(&m);
	tree_reservation(&m.file, 0x40000000, 0x2000);
	tree_reservation(&m.file, 0x40001000, 0x2000); /* they overlap */
	tree_root(&m.file);
	m.request.base = tree_end(&m.file);
	make(&m);
	assert_true(reserves(&m, 0x40000000, 0x2000) && reserves(&m, 0x40001000, 0x2000));
	end(&m);
}

static void where_the_old_initrd_was_is_free(void **state)
{
	struct made m;

	(void)state;
	small_machine(&m);
	make(&m);
	assert_int_equal(fdt_num_mem_rsv(m.tree.fdt), 0);
	end(&m);
}

/* As arm64's EFI stub makes it where the firmware has ACPI: nothing but /chosen. */
static void acpi_machine(struct made *m)
{
	struct tree_file *t = &m->file;

	begin(m);
	tree_root(t);
	tree_open(t, "chosen");
	tree_u64(t, "linux,uefi-system-table", 0x13c030018);
	tree_u64(t, "linux,uefi-mmap-start", 0x138f46018);
	tree_u32(t, "linux,uefi-mmap-size", 0x870);
	tree_u32(t, "linux,uefi-mmap-desc-size", 0x30);
	tree_u32(t, "linux,uefi-mmap-desc-ver", 1);
	tree_string(t, "bootargs", "quiet");
	tree_close(t);
	m->request.base = tree_end(t);
}

static void efi_is_passed_on(void **state)
{
	struct made m;

	(void)state;
	acpi_machine(&m);
	make(&m);
	assert_true(m.made.is_efi);
	assert_int_equal(number(&m, "/chosen", "linux,uefi-system-table"), 0x13c030018);
	assert_int_equal(number(&m, "/chosen", "linux,uefi-mmap-start"), 0x138f46018);
	assert_int_equal(number(&m, "/chosen", "linux,uefi-mmap-size"), 0x870);
	assert_int_equal(number(&m, "/chosen", "linux,uefi-mmap-desc-ver"), 1);
	end(&m);
}

/* A second node would make the kernel take the tree for a real one, and leave ACPI alone. */
static void a_tree_for_acpi_stays_empty(void **state)
{
	struct range table = { 0x421a0000, 0x10000 };
	struct ranges reserve = { &table, 1 };
	struct made m;
	int node, count = 0;

	(void)state;
	acpi_machine(&m);
	m.request.reserve = &reserve;
	make(&m);
	assert_true(reserves(&m, table.start, table.size));
	fdt_for_each_subnode(node, m.tree.fdt, 0) count++;
	assert_int_equal(count, 1);
	end(&m);
}

static void no_tree_is_an_error(void **state)
{
	struct made m;

	(void)state;
	begin(&m);
	assert_false(try_make(&m));
	assert_int_equal(m.error.fault, FAULT_NO_DEVICE_TREE);
	end(&m);
}

static void a_tree_that_grows_too_large_is_an_error(void **state)
{
	static char line[FLAT_TREE_SIZE_MAX];
	struct made m;

	(void)state;
	small_machine(&m);
	memset(line, 'x', sizeof line - 1);
	m.request.command_line = line;
	assert_false(try_make(&m));
	assert_int_equal(m.error.fault, FAULT_FIT_DEVICE_TREE);
	end(&m);
}

static void too_much_in_chosen_is_an_error(void **state)
{
	struct made m;
	char name[32];

	(void)state;
	begin(&m);
	tree_root(&m.file);
	tree_open(&m.file, "chosen");
	for (int i = 0; i < 300; i++) {
		snprintf(name, sizeof name, "linux,%d", i);
		tree_u32(&m.file, name, 0);
	}
	tree_close(&m.file);
	m.request.base = tree_end(&m.file);
	assert_false(try_make(&m));
	assert_int_equal(m.error.fault, FAULT_DEVICE_TREE);
	assert_reason(m.error, "256 properties");
	end(&m);
}

/* The first node of memory has all of it, the next one nothing; memory in pieces is told of no more. */
static void a_crash_kernels_memory_by_node(void **state)
{
	struct range usable[] = { { 0, 0x18000000 }, { 0x20000000, 0x10000 } };
	const struct ranges all = { usable, 2 };
	struct reader r;
	struct made m;

	(void)state;
	begin(&m);
	tree_root(&m.file);
	tree_open(&m.file, "chosen");
	tree_close(&m.file);
	for (int i = 0; i < 2; i++) {
		tree_open(&m.file, i ? "memory@40000000" : "memory@0");
		tree_string(&m.file, "device_type", "memory");
		tree_reg(&m.file, i * UINT64_C(0x40000000), 0x40000000);
		tree_close(&m.file);
	}
	tree_open(&m.file, "ibm,dynamic-reconfiguration-memory");
	tree_u32(&m.file, "ibm,memory-flags-mask", 255);
	tree_close(&m.file);
	m.request.base = tree_end(&m.file);
	m.request.usable = &all;
	m.request.usable_by_node = true;
	make(&m);
	assert_int_equal(property(&m, "/memory@0", "linux,usable-memory").n, 32);
	r = reader_at(property(&m, "/memory@0", "linux,usable-memory"), 8);
	assert_int_equal(reader_be64(&r), 0x18000000);
	assert_int_equal(reader_be64(&r), 0x20000000);
	r = reader_at(property(&m, "/memory@40000000", "linux,usable-memory"), 0);
	assert_int_equal(reader_be64(&r), 0);
	assert_int_equal(reader_be64(&r), 0);
	assert_false(r.overrun);
	assert_true(has(&m, "/memory@40000000", "reg"));
	assert_true(fdt_path_offset(m.tree.fdt, "/ibm,dynamic-reconfiguration-memory") < 0);
	assert_false(has(&m, "/chosen", "linux,usable-memory-range"));
	end(&m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(chosen_is_written),
		CASE(what_is_stale_goes_away),
		CASE(a_crash_kernel_is_told_its_memory),
		CASE(seeds_are_fresh),
		CASE(nokaslr_takes_the_seed_away),
		CASE(a_missing_chosen_is_made),
		CASE(seeds_that_were_used_take_no_room),
		CASE(the_size_depends_on_no_address),
		CASE(a_record_has_room_in_chosen),
		CASE(memory_is_reserved_once),
		CASE(other_reservations_stay),
		CASE(where_the_old_initrd_was_is_free),
		CASE(efi_is_passed_on),
		CASE(a_tree_for_acpi_stays_empty),
		CASE(no_tree_is_an_error),
		CASE(a_tree_that_grows_too_large_is_an_error),
		CASE(too_much_in_chosen_is_an_error),
		CASE(a_crash_kernels_memory_by_node),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
