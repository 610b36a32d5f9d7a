/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test.h"

#include "report/systemd-times.h"

static const char manager[] =
	"Version=252\nKernelTimestampMonotonic=0\nInitRDTimestampMonotonic=700000\n"
	"UserspaceTimestampMonotonic=1400000\nFinishTimestampMonotonic=9000000\n";
static const char units[] =
	"Id=slow.service\nInactiveExitTimestampMonotonic=1500000\nActiveEnterTimestampMonotonic=4500000\n\n"
	"Id=never.service\nInactiveExitTimestampMonotonic=0\nActiveEnterTimestampMonotonic=0\n\n"
	"InactiveExitTimestampMonotonic=1500000\nActiveEnterTimestampMonotonic=1600000\nId=quick.mount\n\n"
	"Id=later.service\nInactiveExitTimestampMonotonic=1500000\nActiveEnterTimestampMonotonic=99500000\n\n"
	"Id=at-once.device\nInactiveExitTimestampMonotonic=1500000\nActiveEnterTimestampMonotonic=1500000\n\n"
	"Id=back.service\nInactiveExitTimestampMonotonic=1500001\nActiveEnterTimestampMonotonic=1500000\n";

static void the_managers_times(void **state)
{
	struct systemd_times t = systemd_times_parse(view_of_string(manager));

	(void)state;
	assert_int_equal(t.initrd.us, 700000);
	assert_int_equal(t.system.us, 1400000);
	assert_true(t.finished.is_known);
	assert_int_equal(t.finished.us, 9000000);
	t = systemd_times_parse(view_of_string("FinishTimestampMonotonic=0\n"));
	assert_false(t.finished.is_known);
	assert_false(t.system.is_known);
}

static void the_slowest_units_of_the_boot(void **state)
{
	struct arena arena = { 0 };
	struct longest l = systemd_units_parse(view_of_string(units), 9000000, &arena);

	(void)state;
	assert_int_equal(l.count, 2);
	assert_string_equal(l.items[0].name, "slow.service");
	assert_int_equal(l.items[0].us, 3000000);
	assert_string_equal(l.items[1].name, "quick.mount");
	l = systemd_units_parse(view_of_string(units), 0, &arena);
	assert_string_equal(l.items[0].name, "later.service");
	arena_free(&arena);
}

static void cut_anywhere_it_is_read_to_there(void **state)
{
	struct arena arena = { 0 };

	(void)state;
	for (size_t n = 0; n < sizeof units; n++)
		assert_true(systemd_units_parse(
				    (struct view){ (const uint8_t *)units, n }, 9000000, &arena)
				    .count <= 3);
	arena_free(&arena);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		CASE(the_managers_times),
		CASE(the_slowest_units_of_the_boot),
		CASE(cut_anywhere_it_is_read_to_there),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
