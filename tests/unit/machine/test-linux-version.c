/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test.h"

#include "machine/linux-version.h"

static void reads_the_first_two_numbers(void **state)
{
	static const struct {
		const char *text;
		bool is_version;
		unsigned version;
	} rows[] = {
		{ "6.12", true, LINUX_VERSION(6, 12) },
		{ "6.12.1-44-cloud-amd64", true, LINUX_VERSION(6, 12) },
		{ "4.18.0-553.el8", true, LINUX_VERSION(4, 18) },
		{ "10.0-rc1", true, LINUX_VERSION(10, 0) },
		{ "65535.65535", true, 0xffffffff },
		{ "65536.1", false, 0 },
		{ "1.65536", false, 0 },
		{ "99999999999999999999.1", false, 0 },
		{ "6", false, 0 },
		{ "6.", false, 0 },
		{ ".6", false, 0 },
		{ "v6.1", false, 0 },
		{ "-6.1", false, 0 },
		{ "", false, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		unsigned version = 77;

		assert_int_equal(linux_version(rows[i].text, &version), rows[i].is_version);
		assert_int_equal(version, rows[i].is_version ? rows[i].version : 77);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { CASE(reads_the_first_two_numbers) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
