/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The watchdog that QEMU has as a PCI device. */
#include "watchdog/watched.h"

/* Configuration space: the command register at 4, the lock at 0x68. */
static char config[256];

static void make_config(uint8_t command, uint8_t lock)
{
	memset(config, 0, sizeof config);
	config[4] = (char)command;
	config[0x68] = (char)lock;
}

#define DEVICE(domain, resources)                                               \
	TABLE_SOURCE({ PCI domain ":00:04.0/vendor", "0x8086\n", 0, false },    \
		{ PCI domain ":00:04.0/device", "0x25ab\n", 0, false },         \
		{ PCI domain ":00:04.0/class", "0x088000\n", 0, false },        \
		{ PCI domain ":00:04.0/config", config, sizeof config, false }, \
		{ PCI domain ":00:04.0/resource", resources, 0, false })

#define REGION "0x00000000febd1000 0x00000000febd100f 0x0000000000040200\n"

static void both_halves_are_counted(void **state)
{
	struct table_source source = DEVICE("0000", REGION);
	struct watched w;

	(void)state;
	make_config(3, 0);
	assert_true(watched_begin(&w, ARCH_X86_64, &source.source));
	assert_true(watched_find(&w));
	assert_string_equal(w.watchdog.driver, "i6300esb");
	assert_int_equal(w.watchdog.longest, 2080);
	assert_true(watched_set(&w, 60));
	assert_int_equal(w.setting.first, 60);
	assert_int_equal(w.setting.latest, 60);
	assert_string_equal(watched_text(&w),
		"p4 cf8=80002068;p1 cfc=0;"
		"p4 cf8=80002060;p2 cfc=3;"
		"m1 febd100c=80;m1 febd100c=86;m4 febd1000=7620;"
		"m1 febd100c=80;m1 febd100c=86;m4 febd1004=7620;"
		"m1 febd100c=80;m1 febd100c=86;m2 febd100c=100;"
		"p4 cf8=80002068;p1 cfc=2;");
	arena_free(&w.arena);
}

static void the_longest_time_fits_20_bits(void **state)
{
	struct table_source source = DEVICE("0000", REGION);
	struct watched w;

	(void)state;
	make_config(3, 0);
	assert_true(watched_begin(&w, ARCH_X86_64, &source.source) && watched_find(&w));
	assert_true(watched_set(&w, 2080));
	assert_true(w.setting.recipe.steps[6].value <= 0xfffff);
	assert_false(watched_set(&w, 2081));
	watched_refused(&w, "counts to 2080 s at most, and 2081 s are needed");
}

static void what_is_too_short_is_lengthened(void **state)
{
	struct table_source source = DEVICE("0000", REGION);
	struct watched w;

	(void)state;
	make_config(3, 0);
	assert_true(watched_begin(&w, ARCH_X86_64, &source.source) && watched_find(&w));
	assert_true(watched_set(&w, 1));
	assert_int_equal(w.setting.seconds, WATCHDOG_SECONDS_MIN);
	arena_free(&w.arena);
}

static void refused(struct table_source *source, enum cpu_arch arch, const char *words)
{
	struct watched w;

	assert_true(watched_begin(&w, arch, &source->source));
	assert_false(watched_find(&w));
	watched_refused(&w, words);
}

static void what_cannot_be_reached_is_refused(void **state)
{
	struct table_source good = DEVICE("0000", REGION), far = DEVICE("0001", REGION),
			    none = DEVICE("0000", "0x0 0x0 0x0\n"),
			    port = DEVICE("0000", "0xc000 0xc00f 0x40101\n"),
			    small = DEVICE("0000", "0xfebd1000 0xfebd1007 0x40200\n"),
			    text = DEVICE("0000", "nonsense\n");

	(void)state;
	make_config(3, 0);
	refused(&good, ARCH_ARM64, "this CPU does not have");
	refused(&far, ARCH_X86_64, "PCI domain 1");
	refused(&none, ARCH_X86_64, "switched off");
	refused(&port, ARCH_X86_64, "switched off");
	refused(&small, ARCH_X86_64, "switched off");
	refused(&text, ARCH_X86_64, "switched off");
	make_config(1, 0);
	refused(&good, ARCH_X86_64, "switched off");
	make_config(3, 1);
	refused(&good, ARCH_X86_64, "locked");
}

static void registers_in_ram_are_refused(void **state)
{
	struct table_source source = DEVICE("0000", "0x1000000 0x100000f 0x40200\n");
	struct watched w;

	(void)state;
	make_config(3, 0);
	assert_true(watched_begin(&w, ARCH_X86_64, &source.source) && watched_find(&w));
	assert_false(watched_set(&w, 60));
	watched_refused(&w, "lies in memory");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(both_halves_are_counted),
		cmocka_unit_test(the_longest_time_fits_20_bits),
		cmocka_unit_test(what_is_too_short_is_lengthened),
		cmocka_unit_test(what_cannot_be_reached_is_refused),
		cmocka_unit_test(registers_in_ram_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
