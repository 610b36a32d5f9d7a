/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "checked.h"

#define WATCHDOG(identity)                                                            \
	TABLE_SOURCE({ "saut/uname", "6.12.1 x86_64\n", 0, false },                   \
		{ "sys/class/watchdog/watchdog0/identity", identity "\n", 0, false }, \
		{ "sys/class/watchdog/watchdog0/nowayout", "0\n", 0, false },         \
		{ "sys/class/watchdog/watchdog0/state", "active\n", 0, false },       \
		{ "sys/class/watchdog/watchdog0/timeout", "30\n", 0, false })

static const struct table_source itco = WATCHDOG("iTCO_wdt");
static const struct table_source softdog = WATCHDOG("Software Watchdog");

static void tells_of_the_machines_own(void **state)
{
	struct checked c;

	(void)state;
	checked_made(&c, &itco);
	assert_finding(check_watchdog(&c.subject), CHECK_PASS,
		"watchdog0 is \"iTCO_wdt\", active, 30 seconds, nowayout 0");
	checked_free(&c);
}

static void notes_one_that_dies_with_the_kernel_and_none(void **state)
{
	struct checked c;

	(void)state;
	checked_made(&c, &softdog);
	assert_finding(check_watchdog(&c.subject), CHECK_NOTE, "a timer of the running kernel");
	checked_free(&c);
	checked_captured(&c, "q35-1g");
	assert_finding(check_watchdog(&c.subject), CHECK_NOTE, "no watchdog's driver is loaded");
	checked_free(&c);
}

static void does_not_know_what_is_unreadable(void **state)
{
	const struct table_source broken =
		TABLE_SOURCE({ "saut/uname", "6.12.1 x86_64\n", 0, false },
			{ "sys/class/watchdog", .is_unreadable = true });
	const struct table_source bare = TABLE_SOURCE({ "saut/uname", "6.12.1 x86_64\n", 0, false },
		{ "sys/class/watchdog/watchdog0/status", "0x0\n", 0, false });
	struct checked c;

	(void)state;
	checked_made(&c, &broken);
	assert_finding(check_watchdog(&c.subject), CHECK_UNKNOWN, "cannot be read");
	checked_free(&c);
	checked_made(&c, &bare);
	assert_finding(check_watchdog(&c.subject), CHECK_PASS, "watchdog0 is \"?\", ?, ? seconds");
	checked_free(&c);
}

static void does_not_take_hidden_for_absent(void **state)
{
	const struct table_source masked =
		TABLE_SOURCE({ "saut/uname", "6.12.1 x86_64\n", 0, false });
	struct checked c;

	(void)state;
	checked_made(&c, &masked);
	assert_finding(check_watchdog(&c.subject), CHECK_UNKNOWN, "is not there to be looked at");
	checked_free(&c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(tells_of_the_machines_own),
		CASE(notes_one_that_dies_with_the_kernel_and_none),
		CASE(does_not_know_what_is_unreadable),
		CASE(does_not_take_hidden_for_absent),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
