/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is read of a machine's watchdogs, and what becomes of files that cannot be. */
#include "machine/text.h"
#include "watchdog/watched.h"

static enum presence link_of(const struct source *source, const char *path, struct arena *arena,
	const char **ret, struct error *err)
{
	(void)source, (void)arena, (void)err;
	if (strcmp(path, "sys/class/watchdog/watchdog0/device/driver/module") != 0)
		return IS_ABSENT;
	*ret = "../../../../module/iTCO_wdt";
	return IS_THERE;
}

static void what_is_there_is_read(void **state)
{
	struct table_source source =
		TABLE_SOURCE({ "sys/class/watchdog/watchdog0/identity", "iTCO_wdt\n", 0, false },
			{ "sys/class/watchdog/watchdog0/state", "active\n", 0, false },
			{ "sys/class/watchdog/watchdog0/nowayout", "1\n", 0, false },
			{ "sys/class/watchdog/watchdog1/identity", "softdog\n", 0, false },
			{ PCI "0000:00:02.0/vendor", "0x1234\n", 0, false },
			{ PCI "0000:00:02.0/device", "0x1111\n", 0, false },
			{ PCI "0000:00:02.0/class", "0x030000\n", 0, false },
			{ PCI "0000:00:1f.3/vendor", "0x8086\n", 0, false },
			{ PCI "0000:00:1f.3/device", "0xa323\n", 0, false },
			{ PCI "0000:00:1f.3/class", "0x0c0500\n", 0, false },
			{ PCI "0000:00:1f.3/config", "1234", 0, false },
			{ PCI "name/vendor", "0x8086\n", 0, false },
			{ "sys/module/ipmi_watchdog/parameters", "", 0, false },
			{ "sys/module/watchdog/parameters/stop_on_reboot", "0\n", 0, false },
			{ "sys/firmware/acpi/tables/WDAT", "WDAT", 0, false });
	struct watched w;

	(void)state;
	source.source.link = link_of;
	assert_true(watched_begin(&w, ARCH_X86_64, &source.source));
	assert_int_equal(w.facts.device_count, 2);
	assert_true(text_is(w.facts.devices[0].driver, "iTCO_wdt"));
	assert_int_equal(w.facts.devices[1].driver.n, 0);
	assert_true(w.facts.keeps_at_reboot);
	assert_true(w.facts.devices[0].is_active && !w.facts.devices[1].is_active);
	assert_true(w.facts.devices[0].cannot_stop && !w.facts.devices[1].cannot_stop);
	assert_int_equal(w.facts.function_count, 1);
	assert_int_equal(w.facts.functions[0].slot, 0x1f);
	assert_int_equal(w.facts.functions[0].function, 3);
	assert_int_equal(w.facts.functions[0].device, 0xa323);
	assert_int_equal(w.facts.functions[0].config.n, 4);
	assert_true(w.facts.has_ipmi);
	assert_int_equal(w.facts.wdat.n, 4);
	arena_free(&w.arena);
}

static void nothing_is_not_an_error(void **state)
{
	struct table_source source = TABLE_SOURCE({ "proc/cmdline", "", 0, false });
	struct watched w;

	(void)state;
	assert_true(watched_begin(&w, ARCH_X86_64, &source.source));
	assert_false(watched_find(&w));
	watched_refused(&w, "no hardware watchdog of a kind that is known here was found");
}

static void what_cannot_be_read_is_not_absent(void **state)
{
	static const char *const paths[] = { "sys/class/watchdog", "sys/bus/pci/devices",
		"sys/firmware/acpi/tables/WDAT", "sys/firmware/acpi/tables/GTDT",
		"sys/module/ipmi_watchdog", "sys/module/watchdog/parameters/stop_on_reboot" };

	(void)state;
	for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
		struct table_source source = TABLE_SOURCE({ paths[i], NULL, 0, true });
		struct watched w;

		assert_false(watched_begin(&w, ARCH_X86_64, &source.source));
		assert_int_equal(w.error.fault, FAULT_MACHINE_UNREADABLE);
		assert_non_null(strstr(w.error.reason, paths[i]));
		arena_free(&w.arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_there_is_read),
		cmocka_unit_test(nothing_is_not_an_error),
		cmocka_unit_test(what_cannot_be_read_is_not_absent),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
