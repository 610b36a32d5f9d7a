/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Arm's generic watchdog, by ACPI and by the device tree, and the SP805. */
#include "watchdog/watched.h"

#include <libfdt.h>

enum {
	GTDT_SIZE = 176,
	TIMERS = 104, /* where the list begins: a block of timers without any, then two watchdogs */
	BLOCK_SIZE = 16,
	WATCHDOG_SIZE = 28,
};

static uint8_t gtdt[GTDT_SIZE];

static void seal(void)
{
	uint8_t sum = 0;

	gtdt[9] = 0;
	for (size_t i = 0; i < sizeof gtdt; i++)
		sum = (uint8_t)(sum + gtdt[i]);
	gtdt[9] = (uint8_t)-sum;
}

static void make_gtdt(void)
{
	struct block b = { gtdt, sizeof gtdt, false };

	memset(gtdt, 0, sizeof gtdt);
	block_put_bytes(&b, 0, view_of_string("GTDT"));
	block_put_le32(&b, 4, sizeof gtdt);
	block_put_le32(&b, 88, 3);
	block_put_le32(&b, 92, TIMERS);
	block_put_u8(&b, TIMERS, 0);
	block_put_le16(&b, TIMERS + 1, BLOCK_SIZE);
	for (unsigned i = 0; i < 2; i++) {
		unsigned at = TIMERS + BLOCK_SIZE + i * WATCHDOG_SIZE;

		block_put_u8(&b, at, 1);
		block_put_le16(&b, at + 1, WATCHDOG_SIZE);
		block_put_le64(&b, at + 4, i ? 0x50010000 : 0x60010000);
		block_put_le64(&b, at + 12, i ? 0x50011000 : 0x60011000);
		/* The first one is the firmware's own. */
		block_put_le32(&b, at + 24, i ? 0 : 1 << 2);
	}
	assert_false(b.overrun);
	seal();
}

static bool capture(struct watched *w, size_t size)
{
	struct table_source source =
		TABLE_SOURCE({ "sys/firmware/acpi/tables/GTDT", (const char *)gtdt, size, false });

	if (!watched_begin(w, ARCH_ARM64, &source.source))
		return false;
	w->machine.cpu.counter_khz = 62500;
	return watched_find(w);
}

#define STARTED "m4 50011000=0;m4 50011008=6fc23ac0;m4 5001100c=0;m4 50011000=1;m4 50010000=1;"

static void the_generic_watchdog_by_acpi(void **state)
{
	struct watched w;

	(void)state;
	make_gtdt();
	assert_true(capture(&w, sizeof gtdt));
	assert_string_equal(w.watchdog.driver, "sbsa_gwdt");
	assert_int_equal(w.watchdog.longest, 137);
	assert_true(watched_set(&w, 60));
	assert_int_equal(w.setting.latest, 60);
	assert_string_equal(watched_text(&w), STARTED);
	assert_true(watched_set(&w, 137));
	assert_false(watched_set(&w, 138));
	watched_refused(&w, "counts to 137 s at most");
}

static void a_bad_gtdt_is_refused(void **state)
{
	static const struct {
		unsigned at, value;
	} cases[] = { { 4, GTDT_SIZE + 1 }, { 88, 257 }, { 88, UINT32_MAX }, { 92, GTDT_SIZE - 1 },
		{ 92, UINT32_MAX }, { TIMERS, 0x000000 }, { TIMERS, 0x000300 } };
	struct block b = { gtdt, sizeof gtdt, false };

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct watched w;

		make_gtdt();
		block_put_le32(&b, cases[i].at, cases[i].value);
		seal();
		assert_false(capture(&w, sizeof gtdt));
		watched_refused(&w, "GTDT");
	}
	make_gtdt();
	for (size_t n = 1; n < sizeof gtdt; n++) {
		struct watched w;

		assert_false(capture(&w, n));
		watched_refused(&w, "is damaged");
	}
	/* The last watchdog's structure is cut by the table's own length. */
	for (unsigned n = TIMERS + BLOCK_SIZE + WATCHDOG_SIZE + 1; n < sizeof gtdt - 4; n++) {
		struct watched w;
		uint8_t sum = 0;

		make_gtdt();
		block_put_le32(&b, 4, n);
		gtdt[9] = 0;
		for (unsigned i = 0; i < n; i++)
			sum = (uint8_t)(sum + gtdt[i]);
		gtdt[9] = (uint8_t)-sum;
		assert_false(capture(&w, sizeof gtdt));
		watched_refused(&w,
			n < TIMERS + BLOCK_SIZE + WATCHDOG_SIZE + 4 ? "no structure"
								    : "ends within");
	}
}

static void a_clock_that_is_not_known_is_none(void **state)
{
	struct table_source source = TABLE_SOURCE(
		{ "sys/firmware/acpi/tables/GTDT", (const char *)gtdt, sizeof gtdt, false });
	struct watched w;

	(void)state;
	make_gtdt();
	assert_true(watched_begin(&w, ARCH_ARM64, &source.source));
	assert_false(watched_find(&w));
	watched_refused(&w, "the frequency of the generic timer is not");
	assert_true(watched_begin(&w, ARCH_ARM64, &source.source));
	w.machine.cpu.counter_khz = 1000000;
	assert_true(watched_find(&w));
	assert_false(watched_set(&w, 8));
	watched_refused(&w, "counts to 8 s at most, and 30 s are needed");
}

static char tree[4096];

/* A watchdog below a bus, with the clock that it counts. */
struct node {
	const char *compatible, *status;
	uint32_t reg[8];
	unsigned cells;
	uint32_t hertz; /* 0: no clock */
	bool mapped;    /* the bus has other addresses than the CPU */
};

static void put_string(const char *name, const char *value)
{
	fdt_property(tree, name, value, (int)strlen(value) + 1);
}

static void make_tree(const struct node *n)
{
	static const uint32_t other[3] = { 0, 0, 0 };

	assert_int_equal(fdt_create(tree, sizeof tree), 0);
	fdt_finish_reservemap(tree);
	fdt_begin_node(tree, "");
	fdt_property_u32(tree, "#address-cells", 1);
	fdt_property_u32(tree, "#size-cells", 1);
	fdt_begin_node(tree, "clock");
	put_string("compatible", "fixed-clock");
	fdt_property_u32(tree, "phandle", 7);
	fdt_property_u32(tree, "clock-frequency", n->hertz);
	fdt_end_node(tree);
	fdt_begin_node(tree, "bus");
	fdt_property_u32(tree, "#address-cells", 1);
	fdt_property_u32(tree, "#size-cells", 1);
	fdt_property(tree, "ranges", other, n->mapped ? sizeof other : 0);
	fdt_begin_node(tree, "watchdog");
	put_string("compatible", n->compatible);
	if (n->status)
		put_string("status", n->status);
	if (n->hertz)
		fdt_property_u32(tree, "clocks", 7);
	{
		fdt32_t cells[8];

		for (unsigned i = 0; i < n->cells; i++)
			cells[i] = cpu_to_fdt32(n->reg[i]);
		fdt_property(tree, "reg", cells, (int)(n->cells * sizeof cells[0]));
	}
	fdt_end_node(tree);
	fdt_end_node(tree);
	fdt_end_node(tree);
	assert_int_equal(fdt_finish(tree), 0);
}

static bool find_in_tree(struct watched *w, const struct node *n)
{
	struct table_source source = TABLE_SOURCE({ "proc/cmdline", "", 0, false });

	make_tree(n);
	assert_true(watched_begin(w, ARCH_ARM64, &source.source));
	w->machine.cpu.counter_khz = 62500;
	w->machine.device_tree = (struct view){ (const uint8_t *)tree, fdt_totalsize(tree) };
	return watched_find(w);
}

static void both_by_the_device_tree(void **state)
{
	struct watched w;

	(void)state;
	assert_true(find_in_tree(&w,
		&(struct node){ .compatible = "arm,sbsa-gwdt",
			.reg = { 0x50011000, 0x1000, 0x50010000, 0x1000 },
			.cells = 4 }));
	assert_true(watched_set(&w, 60));
	assert_string_equal(watched_text(&w), STARTED);
	arena_free(&w.arena);

	assert_true(find_in_tree(&w,
		&(struct node){ .compatible = "arm,sp805",
			.reg = { 0x9c090000, 0x1000 },
			.cells = 2,
			.hertz = 32768 }));
	assert_string_equal(w.watchdog.driver, "sp805_wdt");
	assert_int_equal(w.watchdog.longest, WATCHDOG_SECONDS_MAX);
	assert_true(watched_set(&w, 60));
	assert_string_equal(watched_text(&w),
		"m4 9c090c00=1acce551;m4 9c090008=0;m4 9c090000=f0000;m4 9c09000c=1;"
		"m4 9c090008=3;m4 9c090c00=0;");
	arena_free(&w.arena);
}

static void bad_nodes_are_refused(void **state)
{
	static const struct {
		struct node node;
		const char *words;
	} cases[] = {
		{ { "arm,sp805", "disabled", { 0x9c090000, 0x1000 }, 2, 32768, false },
			"no hardware watchdog" },
		{ { "arm,sp805", NULL, { 0x9c090000, 0x1000 }, 2, 32768, true },
			"other addresses" },
		{ { "arm,sp805", NULL, { 0x9c090000, 0x1000 }, 2, 0, false }, "no fixed clock" },
		{ { "arm,sp805", NULL, { 0x9c090000, 0x800 }, 2, 32768, false },
			"where its registers lie" },
		{ { "arm,sp805", NULL, { 0x9c090000 }, 1, 32768, false },
			"where its registers lie" },
		{ { "arm,sp805", NULL, { 0 }, 0, 32768, false }, "where its registers lie" },
		{ { "arm,sbsa-gwdt", NULL, { 0x50011000, 0x1000 }, 2, 0, false },
			"1 frames, not 2" },
		{ { "arm,sp805", "okay", { 0x1000000, 0x1000 }, 2, 32768, false },
			"lies in memory" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct watched w;

		assert_false(find_in_tree(&w, &cases[i].node) && watched_set(&w, 60));
		watched_refused(&w, cases[i].words);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_generic_watchdog_by_acpi),
		cmocka_unit_test(a_bad_gtdt_is_refused),
		cmocka_unit_test(a_clock_that_is_not_known_is_none),
		cmocka_unit_test(both_by_the_device_tree),
		cmocka_unit_test(bad_nodes_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
