/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What machines with a device tree tell: arm64, riscv64. */
#include "test.h"

#include "machine/facts.h"
#include "machine/tree-file.h"
#include "table-source.h"

#define IOMEM "80000000-8007ffff : Reserved\n80080000-bfffffff : System RAM\n"

static struct tree_file board(void)
{
	struct tree_file t = tree_begin();

	tree_reservation(&t, 0xb0000000, 0x10000);
	tree_reservation(&t, 0xa0000000, 0x300000);
	tree_root(&t);
	tree_open(&t, "chosen");
	tree_u64(&t, "linux,initrd-start", 0xa0000000);
	tree_u64(&t, "linux,initrd-end", 0xa0300000);
	tree_u64(&t, "linux,uefi-system-table", 0xbfe00018);
	tree_close(&t);
	tree_open(&t, "cpus");
	tree_u32(&t, "timebase-frequency", 10000000);
	tree_close(&t);
	tree_open(&t, "psci");
	tree_string(&t, "method", "hvc");
	tree_close(&t);
	tree_open(&t, "intc");
	tree_string(&t, "compatible", "arm,gic-v3");
	tree_close(&t);
	tree_open(&t, "reserved-memory");
	tree_u32(&t, "#address-cells", 2);
	tree_u32(&t, "#size-cells", 2);
	tree_bytes(&t, "ranges", "", 0);
	tree_open(&t, "mmode_resv0@80000000");
	tree_reg(&t, 0x80000000, 0x80000);
	tree_bytes(&t, "no-map", "", 0);
	tree_close(&t);
	tree_open(&t, "secure@90000000");
	tree_reg(&t, 0x90000000, 0x200000);
	tree_close(&t);
	tree_close(&t);
	t.n = tree_end(&t).n;
	return t;
}

static struct machine capture(
	const char *uname, const char *iomem, const struct tree_file *tree, struct arena *a)
{
	const struct table_source t = TABLE_SOURCE({ "saut/uname", uname }, { "proc/iomem", iomem },
		{ "sys/firmware/fdt", (const char *)tree->p, tree->n });
	struct error err = { 0 };
	struct machine m;

	if (!machine_capture(&t.source, a, &m, &err))
		fail_msg("%s", err.reason);
	return m;
}

/* Older kernels of riscv show no reservation within their memory. */
static void what_the_tree_reserves_is_reserved(void **state)
{
	struct tree_file t = board();
	struct arena a = { 0 };
	struct machine m = capture("6.1.0 riscv64\n", IOMEM, &t, &a);

	(void)state;
	assert_int_equal(m.reserved.count, 2);
	assert_int_equal(m.reserved.items[0].start, 0x90000000);
	assert_int_equal(m.reserved.items[0].size, 0x200000);
	assert_int_equal(m.reserved.items[1].start, 0xb0000000);
	assert_int_equal(m.reserved.items[1].size, 0x10000);
	/* What the firmware guards is no RAM to begin with. */
	assert_int_equal(m.ram.count, 1);
	assert_int_equal(m.ram.items[0].start, 0x80080000);
	arena_free(&a);
	free(t.p);
}

static void the_tree_tells_of_the_machine(void **state)
{
	struct tree_file t = board();
	struct arena a = { 0 };
	struct machine m = capture("6.1.0 aarch64\n", IOMEM, &t, &a);

	(void)state;
	assert_int_equal(m.device_tree.n, t.n);
	assert_int_equal(m.psci, PSCI_HVC);
	assert_int_equal(m.cpu.counter_khz, 10000);
	assert_int_equal(m.efi.system_table, 0xbfe00018);
	assert_true(m.gic.is_v3);
	assert_int_equal(m.gic.lpis_enabled, ANSWER_NO);
	arena_free(&a);
	free(t.p);
}

static void psci_is_arm64s(void **state)
{
	struct tree_file t = board();
	struct arena a = { 0 };
	struct machine m = capture("6.1.0 riscv64\n", IOMEM, &t, &a);

	(void)state;
	assert_int_equal(m.psci, PSCI_NONE);
	assert_false(m.gic.is_v3);
	arena_free(&a);
	free(t.p);
}

static void a_damaged_tree_tells_nothing(void **state)
{
	struct tree_file t = board();
	struct arena a = { 0 };

	(void)state;
	for (size_t n = 1; n < t.n; n++) {
		struct tree_file cut = { t.p, n };
		struct machine m = capture("6.1.0 aarch64\n", IOMEM, &cut, &a);

		assert_int_equal(m.device_tree.n, n);
		assert_int_equal(m.psci, PSCI_NONE);
		assert_int_equal(m.reserved.count, 0);
	}
	arena_free(&a);
	free(t.p);
}

static void reservations_may_wrap(void **state)
{
	struct tree_file t = tree_begin();
	struct arena a = { 0 };
	struct machine m;

	(void)state;
	tree_reservation(&t, 0xb0000000, UINT64_MAX);
	tree_root(&t);
	t.n = tree_end(&t).n;
	m = capture("6.1.0 riscv64\n", IOMEM, &t, &a);
	assert_int_equal(m.reserved.count, 1);
	assert_int_equal(m.reserved.items[0].start, 0xb0000000);
	arena_free(&a);
	free(t.p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(what_the_tree_reserves_is_reserved),
		CASE(the_tree_tells_of_the_machine),
		CASE(psci_is_arm64s),
		CASE(a_damaged_tree_tells_nothing),
		CASE(reservations_may_wrap),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
