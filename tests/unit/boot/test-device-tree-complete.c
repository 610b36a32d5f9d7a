/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A user's tree beside the running machine's: what is added, what is left as it was. */
#include "boot/made-tree.h"

static struct range ram = { 0x40000000, 0x80000000 };
static const struct ranges memory = { &ram, 1 };

/* What firmware made of the board's tree before it started the running kernel. */
static void running_machine(struct made *m)
{
	struct tree_file *t = &m->running;

	*t = tree_begin();
	tree_reservation(t, 0x7f000000, 0x10000);
	tree_root(t);
	tree_string(t, "serial-number", "0815");
	tree_open(t, "aliases");
	tree_string(t, "serial0", "/uart");
	tree_close(t);
	tree_open(t, "chosen");
	tree_string(t, "stdout-path", "serial0:115200n8");
	tree_close(t);
	tree_open(t, "memory@40000000");
	tree_string(t, "device_type", "memory");
	tree_reg(t, ram.start, ram.size);
	tree_close(t);
	tree_open(t, "psci");
	tree_string(t, "compatible", "arm,psci-1.0");
	tree_string(t, "method", "smc");
	tree_u32(t, "phandle", 7);
	tree_close(t);
	tree_open(t, "cpus");
	tree_open(t, "cpu@0");
	tree_string(t, "enable-method", "psci");
	tree_close(t);
	tree_close(t);
	tree_open(t, "ethernet@1");
	tree_bytes(t, "local-mac-address", "\x02\x00\x00\x00\x00\x01", 6);
	tree_close(t);
	tree_open(t, "reserved-memory");
	tree_u32(t, "#address-cells", 2);
	tree_u32(t, "#size-cells", 2);
	tree_bytes(t, "ranges", "", 0);
	tree_open(t, "secure@7e000000");
	tree_reg(t, 0x7e000000, 0x100000);
	tree_bytes(t, "no-map", "", 0);
	tree_u32(t, "phandle", 8);
	tree_close(t);
	tree_open(t, "pool"); /* lies wherever the kernel puts it: nothing of the firmware's */
	tree_u64(t, "size", 0x100000);
	tree_close(t);
	tree_close(t);
	m->request.running = tree_end(t);
	m->request.memory = &memory;
}

/* The board as the kernel's own build compiles it. */
static void board_file(struct made *m)
{
	struct tree_file *t = &m->file;

	begin(m);
	running_machine(m);
	tree_root(t);
	tree_open(t, "aliases");
	tree_string(t, "serial0", "/uart");
	tree_close(t);
	tree_open(t, "uart");
	tree_u32(t, "phandle", 7);
	tree_close(t);
	tree_open(t, "memory@40000000");
	tree_string(t, "device_type", "memory");
	tree_reg(t, 0x40000000, 0);
	tree_close(t);
	tree_open(t, "cpus");
	tree_open(t, "cpu@0");
	tree_close(t);
	tree_close(t);
	tree_open(t, "ethernet@1");
	tree_close(t);
}

static void make_board(struct made *m)
{
	m->request.base = tree_end(&m->file);
	make(m);
}

static struct ranges reg(struct made *m, const char *parent, const char *path)
{
	struct ranges found = { 0 };

	assert_true(flat_tree_reg(&m->tree, fdt_path_offset(m->tree.fdt, parent),
		fdt_path_offset(m->tree.fdt, path), &m->arena, &found));
	return found;
}

static void memory_that_is_left_out_is_filled_in(void **state)
{
	struct made m;
	struct ranges found;

	(void)state;
	board_file(&m);
	make_board(&m);
	found = reg(&m, "/", "/memory");
	assert_int_equal(found.count, 1);
	assert_int_equal(found.items[0].start, ram.start);
	assert_int_equal(found.items[0].size, ram.size);
	assert_true(noted(&m, "describes no memory"));
	end(&m);
}

static void memory_that_is_described_stays(void **state)
{
	struct made m;

	(void)state;
	board_file(&m);
	tree_open(&m.file, "memory@80000000");
	tree_string(&m.file, "device_type", "memory");
	tree_reg(&m.file, 0x80000000, 0x1000000);
	tree_close(&m.file);
	make_board(&m);
	assert_int_equal(reg(&m, "/", "/memory@40000000").count, 0);
	assert_false(noted(&m, "describes no memory"));
	end(&m);
}

static void memory_that_does_not_fit_the_cells_is_noted(void **state)
{
	struct range above = { 0x100000000, 0x1000 };
	const struct ranges high = { &above, 1 };
	struct made m;

	(void)state;
	begin(&m);
	running_machine(&m);
	tree_root(&m.file);
	m.request.base = tree_end(&m.file);
	tree_file_check(fdt_setprop_inplace_u32(m.file.p, 0, "#address-cells", 1));
	m.request.memory = &high;
	make(&m);
	assert_true(noted(&m, "does not fit its numbers of cells"));
	end(&m);
}

static void reservations_are_taken_over(void **state)
{
	struct made m;

	(void)state;
	board_file(&m);
	make_board(&m);
	assert_true(reserves(&m, 0x7f000000, 0x10000));
	assert_true(noted(&m, "1 of this machine's memory reservations"));
	end(&m);
}

static void reserved_memory_is_taken_over(void **state)
{
	struct made m;
	struct ranges found;

	(void)state;
	board_file(&m);
	make_board(&m);
	found = reg(&m, "/reserved-memory", "/reserved-memory/secure@7e000000");
	assert_int_equal(found.count, 1);
	assert_int_equal(found.items[0].start, 0x7e000000);
	assert_true(has(&m, "/reserved-memory/secure@7e000000", "no-map"));
	assert_true(has(&m, "/reserved-memory", "ranges"));
	assert_int_equal(number(&m, "/reserved-memory", "#address-cells"), 2);
	assert_int_equal(fdt_path_offset(m.tree.fdt, "/reserved-memory/pool"), -FDT_ERR_NOTFOUND);
	end(&m);
}

/* The user's uart has the number that the machine's psci node has. */
static void numbers_of_nodes_are_not_taken_over(void **state)
{
	struct made m;

	(void)state;
	board_file(&m);
	make_board(&m);
	assert_true(has(&m, "/psci", "method"));
	assert_false(has(&m, "/psci", "phandle"));
	assert_false(has(&m, "/reserved-memory/secure@7e000000", "phandle"));
	end(&m);
}

static void firmware_calls_are_taken_over(void **state)
{
	struct made m;

	(void)state;
	board_file(&m);
	make_board(&m);
	assert_true(flat_tree_says(&m.tree, "/psci", "method", "smc"));
	assert_true(flat_tree_says(&m.tree, "/cpus/cpu@0", "enable-method", "psci"));
	assert_true(noted(&m, "lacks the node psci"));
	end(&m);
}

static void what_firmware_fills_in_is_taken_over(void **state)
{
	struct made m;

	(void)state;
	board_file(&m);
	make_board(&m);
	assert_int_equal(property(&m, "/ethernet@1", "local-mac-address").n, 6);
	assert_true(flat_tree_says(&m.tree, "/", "serial-number", "0815"));
	assert_true(noted(&m, "lacks 3 properties"));
	end(&m);
}

static void what_the_user_says_stays(void **state)
{
	struct made m;

	(void)state;
	begin(&m);
	running_machine(&m);
	tree_root(&m.file);
	tree_string(&m.file, "serial-number", "4711");
	tree_open(&m.file, "psci");
	tree_string(&m.file, "method", "hvc");
	tree_close(&m.file);
	make_board(&m);
	assert_true(flat_tree_says(&m.tree, "/", "serial-number", "4711"));
	assert_true(flat_tree_says(&m.tree, "/psci", "method", "hvc"));
	assert_false(noted(&m, "psci"));
	end(&m);
}

static void the_console_is_taken_over_where_it_exists(void **state)
{
	struct made m;

	(void)state;
	board_file(&m);
	make_board(&m);
	assert_true(flat_tree_says(&m.tree, "/chosen", "stdout-path", "serial0:115200n8"));
	end(&m);

	begin(&m);
	running_machine(&m);
	tree_root(&m.file);
	make_board(&m);
	assert_false(has(&m, "/chosen", "stdout-path"));
	end(&m);
}

/* The user kept the tree of an earlier boot: its map of memory lay elsewhere. */
static void efi_is_the_running_machines(void **state)
{
	struct made m;

	(void)state;
	begin(&m);
	tree_root(&m.file);
	tree_open(&m.file, "chosen");
	tree_u64(&m.file, "linux,uefi-system-table", 1);
	tree_u64(&m.file, "linux,uefi-mmap-start", 2);
	tree_u32(&m.file, "linux,uefi-secure-boot", 3);
	tree_close(&m.file);
	m.running = tree_begin();
	tree_root(&m.running);
	tree_open(&m.running, "chosen");
	tree_u64(&m.running, "linux,uefi-system-table", 0x13c030018);
	tree_u64(&m.running, "linux,uefi-mmap-start", 0x138f46018);
	tree_close(&m.running);
	m.request.running = tree_end(&m.running);
	make_board(&m);
	assert_true(m.made.is_efi);
	assert_int_equal(number(&m, "/chosen", "linux,uefi-system-table"), 0x13c030018);
	assert_int_equal(number(&m, "/chosen", "linux,uefi-mmap-start"), 0x138f46018);
	assert_false(has(&m, "/chosen", "linux,uefi-secure-boot"));
	end(&m);
}

static void a_damaged_running_tree_is_named(void **state)
{
	struct made m;

	(void)state;
	begin(&m);
	tree_root(&m.file);
	m.request.base = tree_end(&m.file);
	m.request.running = (struct view){ (const uint8_t *)"junk", 4 };
	assert_false(try_make(&m));
	assert_reason(m.error, "/sys/firmware/fdt: device tree: ");
	end(&m);
}

/* Whatever one of the two trees is, what is made of both is sound, or there is a reason. */
static void try_damaged(struct made *m)
{
	struct arena made = { 0 };
	struct notes notes = { .arena = &made };
	struct device_tree tree;
	struct flat_tree again;
	struct error err = { 0 };

	if (device_tree_make(&m->request, &made, &notes, &tree, &err)) {
		if (!flat_tree_open(tree.bytes, &made, &again, &err))
			fail_msg("made of damaged bytes: %s", err.reason);
	} else {
		assert_true(err.reason[0]);
		assert_true(err.fault == FAULT_DEVICE_TREE || err.fault == FAULT_FIT_DEVICE_TREE ||
			err.fault == FAULT_NO_DEVICE_TREE);
	}
	arena_free(&made);
}

static void damage(struct made *m, struct tree_file *file, struct view *bytes)
{
	static const uint8_t others[] = { 0, 1, 3, 9, 0x80, 0xff };
	struct view whole = *bytes;

	for (size_t n = 0; n < whole.n; n++) {
		uint8_t before = file->p[n];

		*bytes = view_first(whole, n);
		try_damaged(m);
		*bytes = whole;
		for (size_t k = 0; k < sizeof others; k++) {
			file->p[n] = others[k];
			try_damaged(m);
		}
		file->p[n] = before;
	}
}

static void any_byte_of_either_tree_may_be_another(void **state)
{
	struct made m;

	(void)state;
	board_file(&m);
	make_board(&m);
	damage(&m, &m.file, &m.request.base);
	damage(&m, &m.running, &m.request.running);
	end(&m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(memory_that_is_left_out_is_filled_in),
		CASE(memory_that_is_described_stays),
		CASE(memory_that_does_not_fit_the_cells_is_noted),
		CASE(reservations_are_taken_over),
		CASE(reserved_memory_is_taken_over),
		CASE(numbers_of_nodes_are_not_taken_over),
		CASE(firmware_calls_are_taken_over),
		CASE(what_firmware_fills_in_is_taken_over),
		CASE(what_the_user_says_stays),
		CASE(the_console_is_taken_over_where_it_exists),
		CASE(efi_is_the_running_machines),
		CASE(a_damaged_running_tree_is_named),
		CASE(any_byte_of_either_tree_may_be_another),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
