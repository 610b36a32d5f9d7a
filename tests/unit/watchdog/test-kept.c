/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which watchdog a driver leaves running where no recipe can run, and why none is. */
#include "test.h"

#include <string.h>

#include "watchdog/watchdog.h"

static struct watchdog_device device(const char *driver, bool is_active)
{
	return (struct watchdog_device){ .name = view_of_string("watchdog1"),
		.identity = view_of_string("a timer"),
		.driver = view_of_string(driver),
		.is_active = is_active };
}

static void the_driver_must_be_told_to_keep_it(void **state)
{
	static const struct {
		const char *driver;
		bool is_active, keeps;
		const char *refusal; /* NULL: it is kept */
	} cases[] = {
		{ "iTCO_wdt", false, true, NULL },
		{ "iTCO_wdt", false, false, "driver iTCO_wdt may stop the watchdog" },
		{ "iTCO_wdt", true, true, "(a timer) is open already" },
		{ "softdog", false, true, "no driver is loaded that could" },
		{ "", false, true, "no driver is loaded that could" },
	};
	struct arena arena = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const struct watchdog_device devices[] = { device("softdog", false),
			device(cases[i].driver, cases[i].is_active) };
		const struct watchdog_facts facts = {
			.devices = devices, .device_count = 2, .keeps_at_reboot = cases[i].keeps
		};
		struct error err = { 0 };
		struct watchdog found;

		assert_int_equal(
			watchdog_find_kept(&facts, &arena, &found, &err), !cases[i].refusal);
		if (cases[i].refusal) {
			assert_reason(err, cases[i].refusal);
			assert_int_equal(err.fault, FAULT_NO_WATCHDOG);
			continue;
		}
		assert_string_equal(found.device, "/dev/watchdog1");
		assert_string_equal(found.driver, "iTCO_wdt");
		assert_string_equal(found.name, "a timer");
		assert_null(found.kind);
	}
	arena_free(&arena);
}

/* Where sysfs has no link from the device to its driver, as of i6300esb: by what that calls itself. */
static void a_driver_is_known_by_what_it_says(void **state)
{
	static const struct {
		const char *identity, *driver; /* NULL: it is not known */
	} cases[] = {
		{ "i6300ESB timer", "i6300esb" },
		{ "iTCO_wdt", "iTCO_wdt" },
		{ "wdat_wdt", "wdat_wdt" },
		{ "SP5100 TCO timer", "sp5100_tco" },
		{ "SBSA Generic Watchdog", "sbsa_gwdt" },
		{ "sp805-wdt", "sp805_wdt" },
		{ "another timer", NULL },
	};
	struct arena arena = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const struct watchdog_device one = { .name = view_of_string("watchdog0"),
			.identity = view_of_string(cases[i].identity) };
		const struct watchdog_facts facts = {
			.devices = &one, .device_count = 1, .keeps_at_reboot = true
		};
		struct error err = { 0 };
		struct watchdog found;

		assert_int_equal(
			watchdog_find_kept(&facts, &arena, &found, &err), cases[i].driver != NULL);
		if (!cases[i].driver)
			continue;
		assert_string_equal(found.driver, cases[i].driver);
		assert_string_equal(found.identity, cases[i].identity);
	}
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_driver_must_be_told_to_keep_it),
		cmocka_unit_test(a_driver_is_known_by_what_it_says),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
