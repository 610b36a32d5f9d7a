/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The timer of Intel's chipsets, with the configuration that q35 has. */
#include "watchdog/watched.h"

static char config[256];

/* The command, where the power management's ports are, where the chipset's registers are. */
static void make_config(uint16_t ports, uint32_t chipset)
{
	memset(config, 0, sizeof config);
	config[0x40] = (char)(ports & 0xff);
	config[0x41] = (char)(ports >> 8);
	for (int i = 0; i < 4; i++)
		config[0xf0 + i] = (char)(chipset >> 8 * i);
}

#define BRIDGE(id)                                                           \
	{ PCI "0000:00:1f.0/vendor", "0x8086\n", 0, false },                 \
		{ PCI "0000:00:1f.0/device", id, 0, false },                 \
		{ PCI "0000:00:1f.0/class", "0x060100\n", 0, false },        \
		{ PCI "0000:00:1f.0/config", config, sizeof config, false }, \
	{                                                                    \
		PCI "0000:00:1f.0/resource", "0x0 0x0 0x0\n", 0, false       \
	}

#define DRIVER                                                               \
	{ "sys/class/watchdog/watchdog0/identity", "iTCO_wdt\n", 0, false }, \
	{                                                                    \
		"sys/class/watchdog/watchdog0/state", "inactive\n", 0, false \
	}

static void it_is_set_and_started(void **state)
{
	struct table_source source = TABLE_SOURCE(BRIDGE("0x2918\n"), DRIVER);
	struct watched w;

	(void)state;
	make_config(0x601, 0xfed1c001);
	assert_true(watched_begin(&w, ARCH_X86_64, &source.source));
	assert_true(watched_find(&w));
	assert_string_equal(w.watchdog.driver, "iTCO_wdt");
	assert_int_equal(w.watchdog.longest, 613);
	assert_true(watched_set(&w, 60));
	assert_int_equal(w.setting.first, 60);
	assert_int_equal(w.setting.latest, 120);
	assert_string_equal(watched_text(&w),
		"p2 668+f6ff=800;p2 672+fc00=64;p2 664=8;p2 666=6;"
		"m4 fed1f410+ffffffdf=0;p2 660=1;p2 668+f6ff=0;");
	assert_true(watched_set(&w, 613));
	assert_int_equal(w.setting.recipe.steps[1].value, 1022);
	assert_false(watched_set(&w, 614));
	watched_refused(&w, "counts to 613 s at most");
}

static void refused(struct table_source *source, const char *words)
{
	struct watched w;

	assert_true(watched_begin(&w, ARCH_X86_64, &source->source));
	assert_false(watched_find(&w));
	watched_refused(&w, words);
}

static void what_is_not_certain_is_refused(void **state)
{
	struct table_source bound = TABLE_SOURCE(BRIDGE("0x2918\n"), DRIVER),
			    free = TABLE_SOURCE(BRIDGE("0x2918\n")),
			    unknown = TABLE_SOURCE(BRIDGE("0xa143\n"), DRIVER);

	(void)state;
	make_config(0x601, 0xfed1c001);
	refused(&free, "its driver iTCO_wdt has it, and that is not loaded");
	refused(&unknown, "not known here");
	make_config(0x601, 0xfed1c000);
	refused(&bound, "cannot be read");
	make_config(0x001, 0xfed1c001);
	refused(&bound, "cannot be read");
}

/* An unprivileged reader gets the first 64 bytes only. */
static void a_short_configuration_is_refused(void **state)
{
	(void)state;
	make_config(0x601, 0xfed1c001);
	for (size_t n = 1; n < 0xf4; n++) {
		struct table_source source =
			TABLE_SOURCE({ PCI "0000:00:1f.0/vendor", "0x8086\n", 0, false },
				{ PCI "0000:00:1f.0/device", "0x2918\n", 0, false },
				{ PCI "0000:00:1f.0/class", "0x060100\n", 0, false },
				{ PCI "0000:00:1f.0/config", config, n, false }, DRIVER);

		refused(&source, "cannot be read");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_is_set_and_started),
		cmocka_unit_test(what_is_not_certain_is_refused),
		cmocka_unit_test(a_short_configuration_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
