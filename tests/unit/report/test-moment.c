/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test.h"

#include "report/moment.h"

static void what_is_written_is_read(void **state)
{
	const struct stamp stamp = { true, 1796000000000000, 12345678, UINT64_MAX };
	struct arena arena = { 0 };
	struct stamp read = stamp_parse(view_of_string(stamp_text(&stamp, &arena)));

	(void)state;
	assert_true(read.is_known);
	assert_int_equal(read.wall_us, stamp.wall_us);
	assert_int_equal(read.boot_us, stamp.boot_us);
	assert_int_equal(read.ticks, stamp.ticks);
	arena_free(&arena);
}

static void anything_else_is_not_known(void **state)
{
	static const char *const texts[] = { "", "1", "1 2", "1 2 3 4", "1 2 x", "-1 2 3",
		"1 2 18446744073709551616" };

	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		assert_false(stamp_parse(view_of_string(texts[i])).is_known);
}

static void every_moment_has_a_name_of_its_own(void **state)
{
	(void)state;
	for (unsigned i = 0; i < MOMENTS; i++)
		for (unsigned k = 0; k < i; k++)
			assert_string_not_equal(
				moment_name((enum moment)i), moment_name((enum moment)k));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		CASE(what_is_written_is_read),
		CASE(anything_else_is_not_known),
		CASE(every_moment_has_a_name_of_its_own),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
