/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What verifies where nobody asked, and that who asks gets it. */
#include "test.h"

#include "plan/check.h"

static void the_cpu_decides_where_nobody_does(void **state)
{
	static const struct {
		bool sha, sse42;
		enum check_wanted check;
	} rows[] = {
		{ false, false, CHECK_CRC32C },
		{ false, true, CHECK_CRC32C },
		{ true, false, CHECK_SHA256 },
		{ true, true, CHECK_SHA256 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		const struct cpu_facts cpu = { .sha = rows[i].sha, .sse42 = rows[i].sse42 };

		assert_int_equal(check_choose(&cpu, CHECK_AUTO), rows[i].check);
		assert_int_equal(check_choose(&cpu, CHECK_SHA256), CHECK_SHA256);
		assert_int_equal(check_choose(&cpu, CHECK_CRC32C), CHECK_CRC32C);
		assert_int_equal(check_choose(&cpu, CHECK_NONE), CHECK_NONE);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(the_cpu_decides_where_nobody_does),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
