/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is said where there is none, and whether the next kernel can stop the one that there is. */
#include "watchdog/watched.h"

static void others_are_named(void **state)
{
	struct table_source soft = TABLE_SOURCE(
		{ "sys/class/watchdog/watchdog0/identity", "Software Watchdog\n", 0, false });
	struct table_source ipmi =
		TABLE_SOURCE({ "sys/module/ipmi_watchdog/parameters", "", 0, false });
	struct watched w;

	(void)state;
	assert_true(watched_begin(&w, ARCH_X86_64, &soft.source));
	assert_false(watched_find(&w));
	watched_refused(&w, "(Software Watchdog) is of no kind that is known here");
	assert_true(watched_begin(&w, ARCH_X86_64, &ipmi.source));
	assert_false(watched_find(&w));
	watched_refused(&w, "keeps 120 s across the jump by itself");
	assert_true(watched_begin(&w, ARCH_X86_64, &ipmi.source));
	w.machine.no_memory = "/proc/iomem is not there";
	assert_false(watched_find(&w));
	watched_refused(&w, "/proc/iomem is not there");
}

static const struct watchdog some = { .name = "Intel TCO", .driver = "iTCO_wdt" };

static bool next_has(struct table_source *source, const char *release, struct watched *w)
{
	*w = (struct watched){ 0 };
	return watchdog_check_next(&source->source, &some, release, &w->arena, &w->error);
}

static void the_next_kernel_must_have_the_driver(void **state)
{
	struct table_source source = TABLE_SOURCE(
		{ "lib/modules/1/modules.builtin", "kernel/drivers/watchdog/iTCO_wdt.ko\n", 0,
			false },
		{ "lib/modules/1/modules.dep", "kernel/x.ko:\n", 0, false },
		{ "lib/modules/2/modules.builtin", "kernel/x.ko\n", 0, false },
		{ "lib/modules/2/modules.dep",
			"kernel/drivers/watchdog/iTCO_wdt.ko.xz: kernel/drivers/watchdog/watchdog.ko.xz\n",
			0, false },
		{ "lib/modules/3/modules.builtin", "kernel/x.ko\n", 0, false },
		{ "lib/modules/3/modules.dep", "kernel/y.ko:\n", 0, false },
		{ "lib/modules/4/modules.builtin", "kernel/x.ko\n", 0, false });
	struct watched w;

	(void)state;
	assert_true(next_has(&source, "1", &w));
	arena_free(&w.arena);
	assert_true(next_has(&source, "2", &w));
	arena_free(&w.arena);
	assert_false(next_has(&source, "3", &w));
	watched_refused(&w, "the next kernel, 3, has no driver iTCO_wdt");
	assert_false(next_has(&source, "4", &w));
	watched_refused(&w, "/lib/modules/4 does not tell");
	assert_false(next_has(&source, "5", &w));
	watched_refused(&w, "/lib/modules/5 does not tell");
	assert_false(next_has(&source, "", &w));
	watched_refused(&w, "its version is not");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(others_are_named),
		cmocka_unit_test(the_next_kernel_must_have_the_driver),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
