/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test.h"

#include "machine/table-source.h"
#include "machine/os-release.h"

static void values_are_as_a_shell_would_set_them(void **state)
{
	static const char text[] =
		"NAME=Debian\n# PRETTY_NAME=no\nEMPTY=\nHALF=\"open\n"
		" ID = 'a b' \nQ=\"say \\\"x\\\" \\$1\"\nS='\\n'\nNAME=\"Debian 13\"\nLAST=x";
	static const struct {
		const char *key, *value;
	} rows[] = {
		{ "NAME", "Debian 13" }, /* the last one counts */
		{ "PRETTY_NAME", "" },
		{ "EMPTY", "" },
		{ "HALF", "open" },
		{ "ID", "a b" },
		{ "Q", "say \"x\" $1" },
		{ "S", "\\n" },
		{ "LAST", "x" },
		{ "NONE", "" },
	};
	struct arena arena = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		assert_string_equal(
			os_release_value(view_of_string(text), rows[i].key, &arena), rows[i].value);
	/* Cut anywhere it is read to its end, and no further. */
	for (size_t n = 0; n < sizeof text; n++) {
		struct view cut = { (const uint8_t *)text, n };

		assert_true(strlen(os_release_value(cut, "Q", &arena)) <= n);
	}
	arena_free(&arena);
}

static void the_first_file_that_is_there_counts(void **state)
{
	const struct table_source both = TABLE_SOURCE(
		{ "etc/os-release", "ID=a\n", 5 }, { "usr/lib/os-release", "ID=b\nNAME=c\n", 12 });
	const struct table_source vendors = TABLE_SOURCE({ "usr/lib/os-release", "ID=b\n", 5 });
	const struct table_source none = TABLE_SOURCE({ "etc/issue", "x", 1 });
	struct arena arena = { 0 };

	(void)state;
	assert_string_equal(os_release_read(&both.source, "ID", &arena), "a");
	assert_string_equal(os_release_read(&both.source, "NAME", &arena), "");
	assert_string_equal(os_release_read(&vendors.source, "ID", &arena), "b");
	assert_string_equal(os_release_read(&none.source, "ID", &arena), "");
	arena_free(&arena);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		CASE(values_are_as_a_shell_would_set_them),
		CASE(the_first_file_that_is_there_counts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
