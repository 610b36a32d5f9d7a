/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Whether the next boot can load the driver that stops a watchdog. */
#include "watched.h"

static const struct watchdog some = { .name = "TCO", .driver = "iTCO_wdt", .identity = "iTCO_wdt" };

static void by_the_systems_settings(void **state)
{
	static const struct {
		struct table_file file;
		const char *refusal; /* NULL: it can */
	} cases[] = {
		{ { "etc/fstab", "" }, NULL },
		{ { "proc/sys/kernel/modules_disabled", "0\n" }, NULL },
		{ { "proc/sys/kernel/modules_disabled", "1\n" }, "kernel.modules_disabled" },
		{ { "proc/sys/kernel/modules_disabled", .is_unreadable = true }, "cannot be read" },
		{ { "etc/modprobe.d/a.conf", "# x\nblacklist iTCO_wdt\n" }, NULL },
		{ { "etc/modprobe.d/a.conf", "install iTCO-wdt /bin/false\n" },
			"/etc/modprobe.d/a.conf has a command" },
		{ { "usr/lib/modprobe.d/a.conf", "\tinstall iTCO_wdt /bin/true" },
			"/usr/lib/modprobe.d/a.conf has a command" },
		{ { "etc/modprobe.d/a.conf", "install other /bin/true\ninstall\n" }, NULL },
		{ { "etc/modprobe.d/a.conf.bak", "install iTCO_wdt /bin/true\n" }, NULL },
		{ { "etc/modprobe.d", .is_unreadable = true }, "cannot be read" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const struct table_source source = {
			{ table_read, source_look_by_read, table_list }, &cases[i].file, 1
		};
		struct watched w = { 0 };
		bool can = watchdog_check_loadable(&source.source, &some, &w.arena, &w.error);

		assert_int_equal(can, !cases[i].refusal);
		if (!can && !strstr(w.error.reason, cases[i].refusal))
			fail_msg("case %zu: %s", i, w.error.reason);
		arena_free(&w.arena);
	}
}

static void by_the_command_line(void **state)
{
	static const struct {
		const char *line;
		bool can;
	} cases[] = { { "", true }, { "quiet modprobe.blacklist=iTCO_wdt", true },
		{ "module_blacklist=iTCO_wdt", false },
		{ "x module_blacklist=a,iTCO-wdt,b y", false }, { "module_blacklist=a,b", true },
		{ "module_blacklist=", true } };
	struct error err;

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		assert_int_equal(watchdog_check_line(cases[i].line, &some, &err), cases[i].can);
}

/* What counts for all watchdogs is only said where there is no other one. */
static void whether_there_is_another(void **state)
{
	const struct watchdog_device devices[] = {
		{ .identity = view_of_string("iTCO_wdt") },
		{ .identity = view_of_string("mei"), .driver = view_of_string("mei_wdt") },
	};
	struct watchdog_facts facts = { .devices = devices };

	(void)state;
	for (facts.device_count = 0; facts.device_count < 3; facts.device_count++)
		assert_int_equal(watchdog_is_alone(&facts, &some), facts.device_count < 2);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		CASE(by_the_systems_settings),
		CASE(by_the_command_line),
		CASE(whether_there_is_another),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
