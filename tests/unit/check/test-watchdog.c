/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "checked.h"

#define WATCHDOG(identity)                                                            \
	TABLE_SOURCE(CHECKED_UNAME,                                                   \
		{ "sys/class/watchdog/watchdog0/identity", identity "\n", 0, false }, \
		{ "sys/class/watchdog/watchdog0/nowayout", "0\n", 0, false },         \
		{ "sys/class/watchdog/watchdog0/state", "active\n", 0, false },       \
		{ "sys/class/watchdog/watchdog0/timeout", "30\n", 0, false })

static const struct table_source itco = WATCHDOG("iTCO_wdt");
static const struct table_source softdog = WATCHDOG("Software Watchdog");

static void tells_of_the_machines_own(void **state)
{
	(void)state;
	assert_made(check_watchdog, &itco, CHECK_PASS,
		"watchdog0 is \"iTCO_wdt\", active, 30 seconds, nowayout 0");
}

static void notes_one_that_dies_with_the_kernel_and_none(void **state)
{
	(void)state;
	assert_made(check_watchdog, &softdog, CHECK_NOTE, "a timer of the running kernel");
	assert_captured(check_watchdog, "q35-1g", CHECK_NOTE, "no watchdog's driver is loaded");
}

static void does_not_know_what_is_unreadable(void **state)
{
	const struct table_source broken =
		TABLE_SOURCE(CHECKED_UNAME, { "sys/class/watchdog", .is_unreadable = true });
	const struct table_source bare = TABLE_SOURCE(
		CHECKED_UNAME, { "sys/class/watchdog/watchdog0/status", "0x0\n", 0, false });

	(void)state;
	assert_made(check_watchdog, &broken, CHECK_UNKNOWN, "cannot be read");
	assert_made(check_watchdog, &bare, CHECK_PASS, "watchdog0 is \"?\", ?, ? seconds");
}

static void does_not_take_hidden_for_absent(void **state)
{
	const struct table_source masked = TABLE_SOURCE(CHECKED_UNAME);

	(void)state;
	assert_made(check_watchdog, &masked, CHECK_UNKNOWN, "is not there to be looked at");
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
