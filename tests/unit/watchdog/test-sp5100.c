/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* AMD's watchdog, where its driver has it. */
#include "watchdog/watched.h"

#define DRIVER                                                                       \
	{ "sys/class/watchdog/watchdog0/identity", "SP5100 TCO timer\n", 0, false }, \
	{                                                                            \
		"sys/class/watchdog/watchdog0/state", "active\n", 0, false           \
	}

static void it_is_set_and_started(void **state)
{
	struct table_source source = TABLE_SOURCE(DRIVER,
		{ "proc/iomem", "fd000000-ffffffff : Reserved\n  feb00000-feb00007 : SB800 TCO\n",
			0, false });
	struct watched w;

	(void)state;
	assert_true(watched_begin(&w, ARCH_X86_64, &source.source) && watched_find(&w));
	assert_string_equal(w.watchdog.driver, "sp5100_tco");
	assert_int_equal(w.watchdog.longest, 65535);
	assert_true(watched_set(&w, 180));
	assert_string_equal(watched_text(&w),
		"m4 feb00000+ffffff78=0;m4 feb00004=b4;m4 feb00000+ffffff78=1;"
		"m4 feb00000+ffffff78=81;");
	arena_free(&w.arena);
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
	struct table_source free = TABLE_SOURCE({ PCI "0000:00:14.0/vendor", "0x1022\n", 0, false },
		{ PCI "0000:00:14.0/device", "0x790b\n", 0, false },
		{ PCI "0000:00:14.0/class", "0x0c0500\n", 0, false });
	struct table_source hidden =
		TABLE_SOURCE(DRIVER, { "proc/iomem", "00000000-00000000 : SB800 TCO\n", 0, false });
	struct table_source none = TABLE_SOURCE(DRIVER);
	struct table_source small =
		TABLE_SOURCE(DRIVER, { "proc/iomem", "feb00000-feb00003 : SB800 TCO\n", 0, false });

	(void)state;
	refused(&free, "its driver sp5100_tco has it, and that is not loaded");
	refused(&hidden, "/proc/iomem does not show");
	refused(&none, "/proc/iomem does not show");
	refused(&small, "/proc/iomem does not show");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_is_set_and_started),
		cmocka_unit_test(what_is_not_certain_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
