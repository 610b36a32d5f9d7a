/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The tables of a GICv3, by logs as kernels of different ages write them. */
#include "test.h"

#include "machine/facts.h"
#include "table-source.h"

#define START "Booting Linux on physical CPU 0x0000000000 [0x411fd070]\nLinux version 6.1.0-44\n"
#define V3    "GICv3: 256 SPIs implemented\nGICv3: CPU0: found redistributor 0\n"
#define TABLE "GICv3: using LPI property table @0x00000000421a0000\n"
#define CPU0  "GICv3: CPU0: using allocated LPI pending table @0x00000000421b0000\n"
#define CPU1  "GICv3: CPU1: using allocated LPI pending table @0x00000000421c0000\n"

enum { TABLES = 4, WITH_EFI = 1, WITH_TREE = 2, WITH_ITS = 4 };

static const struct {
	const char *what, *log, *release;
	unsigned cpus, flags;
	enum answer lpis;
	bool complete;
	struct range tables[TABLES];
} cases[] = {
	{ "one CPU", START V3 TABLE CPU0, "6.1.0", 1, 0, ANSWER_YES, true,
		{ { 0x421a0000, 0x20000 } } },
	{ "two CPUs", START V3 TABLE CPU0 "smp: Bringing up secondary CPUs ...\n" CPU1, "6.1.0", 2,
		0, ANSWER_YES, true, { { 0x421a0000, 0x30000 } } },
	{ "behind a jump",
		START V3 "GICv3: Using preallocated redistributor tables\n" TABLE
			 "GICv3: CPU0: using reserved LPI pending table @0x0000000045000000\n",
		"6.1.0", 1, 0, ANSWER_YES, true,
		{ { 0x421a0000, 0x10000 }, { 0x45000000, 0x10000 } } },
	{ "one pending table is missing", START V3 TABLE CPU0, "6.1.0", 2, 0, ANSWER_YES, false,
		{ { 0x421a0000, 0x20000 } } },
	{ "the property table is missing", START V3 CPU0, "6.1.0", 1, 0, ANSWER_YES, false,
		{ { 0x421b0000, 0x10000 } } },
	{ "the log has lost its beginning", V3 TABLE CPU0, "6.1.0", 1, 0, ANSWER_YES, false,
		{ { 0x421a0000, 0x20000 } } },
	{ "the log has lost it all", "usb 1-1: new device\n", "6.1.0", 1, 0, ANSWER_UNKNOWN, false,
		{ { 0 } } },
	{ "there is no log", "", "6.1.0", 1, 0, ANSWER_UNKNOWN, false, { { 0 } } },
	{ "no log, but EFI", "", "6.1.0", 1, WITH_EFI, ANSWER_UNKNOWN, true, { { 0 } } },
	{ "no log, EFI, too old", "", "4.19.0", 1, WITH_EFI, ANSWER_UNKNOWN, false, { { 0 } } },
	{ "no log, EFI, no release", "", "", 1, WITH_EFI, ANSWER_UNKNOWN, false, { { 0 } } },
	{ "no LPIs by the log", START V3, "6.1.0", 1, 0, ANSWER_NO, true, { { 0 } } },
	{ "no LPIs by the tree", "", "6.1.0", 1, WITH_TREE, ANSWER_NO, true, { { 0 } } },
	{ "an ITS by the tree", "", "6.1.0", 1, WITH_TREE | WITH_ITS, ANSWER_UNKNOWN, false,
		{ { 0 } } },
	{ "Linux 4.20",
		START "GIC: using LPI property table @0x0000000880220000\n"
		      "CPU0: using LPI pending table @0x0000000880230000\n",
		"4.20.0", 1, 0, ANSWER_YES, true, { { 0x880220000, 0x20000 } } },
	{ "with times, as dmesg has them",
		"[    0.000000] Linux version 6.1.0\n[    0.000000] " TABLE "[    0.000000] " CPU0,
		"6.1.0", 1, 0, ANSWER_YES, true, { { 0x421a0000, 0x20000 } } },
	{ "no address",
		START "GICv3: using LPI property table @\nGICv3: using LPI property table @junk\n",
		"6.1.0", 1, 0, ANSWER_NO, true, { { 0 } } },
	{ "an address at the end of all addresses",
		START "GICv3: using LPI property table @0xffffffffffff0000\n" CPU0, "6.1.0", 1, 0,
		ANSWER_YES, false, { { 0x421b0000, 0x10000 } } },
};

static void tables_are_found(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const struct tree_facts tree = { .has_gic_v3 = cases[i].flags & WITH_TREE,
			.has_its = cases[i].flags & WITH_ITS };
		const struct gic_grounds grounds = { .tree = &tree,
			.release = cases[i].release,
			.cpus = cases[i].cpus,
			.efi = cases[i].flags & WITH_EFI };
		struct arena a = { 0 };
		struct gic_facts gic;

		assert_true(gic_read(view_of_string(cases[i].log), &grounds, &a, &gic));
		if (gic.lpis_enabled != cases[i].lpis || gic.tables_complete != cases[i].complete)
			fail_msg("%s: LPIs %d, complete %d", cases[i].what, gic.lpis_enabled,
				gic.tables_complete);
		for (size_t k = 0; k < TABLES; k++) {
			struct range want = cases[i].tables[k];
			struct range is =
				k < gic.tables.count ? gic.tables.items[k] : (struct range){ 0 };

			if (is.start != want.start || is.size != want.size)
				fail_msg("%s: table %zu at %#llx", cases[i].what, k,
					(unsigned long long)is.start);
		}
		arena_free(&a);
	}
}

static void a_log_may_end_anywhere(void **state)
{
	static const char log[] = START V3 TABLE CPU0 CPU1;
	const struct tree_facts tree = { 0 };
	const struct gic_grounds grounds = { .tree = &tree, .release = "6.1", .cpus = 2 };

	(void)state;
	for (size_t n = 0; n < sizeof log; n++) {
		uint8_t *exact = malloc(n + (n == 0));
		struct arena a = { 0 };
		struct gic_facts gic;

		memcpy(exact, log, n);
		assert_true(gic_read((struct view){ exact, n }, &grounds, &a, &gic));
		assert_true(gic.tables.count <= 2);
		arena_free(&a);
		free(exact);
	}
}

static struct machine arm64(const struct table_source *t, struct arena *a)
{
	struct error err = { 0 };
	struct machine m;

	if (!machine_capture(&t->source, a, &m, &err))
		fail_msg("%s", err.reason);
	return m;
}

/* Without EFI nothing else says that this memory is in use. */
static void tables_are_kept_out_of_every_placement(void **state)
{
	const struct table_source t = TABLE_SOURCE({ "saut/uname", "6.1.0 aarch64\n" },
		{ "proc/iomem", "40000000-7fffffff : System RAM\n" },
		{ "proc/cpuinfo", "processor\t: 0\n" },
		{ "proc/interrupts", " 11:   12   GICv3  27 Level   arch_timer\n" },
		{ "saut/kmsg", START V3 TABLE CPU0 });
	struct arena a = { 0 };
	struct machine m = arm64(&t, &a);

	(void)state;
	assert_true(m.gic.is_v3 && m.gic.tables_complete);
	assert_int_equal(m.reserved.count, 1);
	assert_int_equal(m.reserved.items[0].start, 0x421a0000);
	assert_int_equal(m.reserved.items[0].size, 0x20000);
	arena_free(&a);
}

static void other_controllers_have_none(void **state)
{
	const struct table_source v2 = TABLE_SOURCE({ "saut/uname", "6.1.0 aarch64\n" },
		{ "proc/iomem", "40000000-7fffffff : System RAM\n" },
		{ "proc/interrupts", " 11:   12   GICv2  27 Level   arch_timer\n" },
		{ "saut/kmsg", START TABLE });
	const struct table_source x86 = TABLE_SOURCE({ "saut/uname", "6.1.0 x86_64\n" },
		{ "proc/iomem", "40000000-7fffffff : System RAM\n" },
		{ "proc/interrupts", " 11:   12   GICv3\n" }, { "saut/kmsg", START TABLE });
	struct arena a = { 0 };
	struct machine m = arm64(&v2, &a);

	(void)state;
	assert_false(m.gic.is_v3);
	assert_int_equal(m.gic.lpis_enabled, ANSWER_NO);
	assert_true(m.gic.tables_complete);
	assert_int_equal(m.reserved.count, 0);
	m = arm64(&x86, &a);
	assert_int_equal(m.gic.tables.count, 0);
	arena_free(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(tables_are_found),
		CASE(a_log_may_end_anywhere),
		CASE(tables_are_kept_out_of_every_placement),
		CASE(other_controllers_have_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
