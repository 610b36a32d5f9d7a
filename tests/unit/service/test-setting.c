/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test.h"

#include <stdlib.h>

#include "service/setting.h"

/* As a shell has it that sources the file, but for carriage returns, which are blanks here. */
static const struct {
	const char *text;
	const char *value; /* NULL: there is no assignment to X */
	unsigned line;
	bool is_expanded;
} rows[] = {
	{ "X=no\n", "no", 1 },
	{ "X=no", "no", 1 },
	{ "X=\n", "", 1 },
	{ "\n# X=1\n  X=2 # three\n", "2", 3 },
	{ "X=1\nX=2\n", "2", 2 },
	{ "X='a b'\"c d\"e\n", "a bc de", 1 },
	{ "X=\"--append=\\\"quiet ro\\\"\"\n", "--append=\"quiet ro\"", 1 },
	{ "X=\"a\\nb\"\n", "a\\nb", 1 },
	{ "X='it'\\''s'\n", "it's", 1 },
	{ "X=a\\ b\n", "a b", 1 },
	{ "X=a\\\nb\n", "ab", 1 },
	{ "X='two\nlines'\nY=1\nX=3\n", "3", 4 },
	{ "A='\nX=1\n'\n", NULL },
	{ "# it's\nX=1\n", "1", 2 },
	{ "A=1; X=2\n", "2", 1 },
	{ "export X=5\n", "5", 1 },
	{ "X=a#b\n", "a#b", 1 },
	{ "X=1 true\n", NULL },
	{ "echo X=1\n", NULL },
	{ "XY=1\nYX=2\n", NULL },
	{ "X =1\n", NULL },
	{ "X=$HOME\n", "$HOME", 1, true },
	{ "X=\"`id`\"\n", "`id`", 1, true },
	{ "X='$HOME'\n", "$HOME", 1 },
	{ "X=\"\\$HOME\"\n", "$HOME", 1 },
	{ "X=no\r\n", "no", 1 },
	{ "X=\"never closed\n", "never closed\n", 1 },
};

static void values_are_those_of_a_shell(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct arena arena = { 0 };
		struct setting s;
		bool found = setting_find(view_of_string(rows[i].text), "X", &arena, &s);

		print_message("%s\n", rows[i].text);
		assert_int_equal(found, rows[i].value != NULL);
		if (found) {
			assert_string_equal(s.value, rows[i].value);
			assert_int_equal(s.line, rows[i].line);
			assert_int_equal(s.is_plain, !rows[i].is_expanded);
		}
		arena_free(&arena);
	}
}

/* Gentoo's configuration, its older one with all variables. */
static const char gentoo[] = "# Load kexec kernel image into memory during shutdown instead of bootup\n"
			     "LOAD_DURING_SHUTDOWN=\"yes\"\n"
			     "\n"
			     "KEXEC_OPT_ARGS=\"--reuse-cmdline\"\n"
			     "BOOTPART=\"/boot\"\n"
			     "KNAME=\"bzImage\"\n"
			     "KPARAM=\"splash=silent quiet\"\n"
			     "DONT_MOUNT_BOOT=\"no\"\n";

static void all_of_a_file_are_read_in_order(void **state)
{
	static const char *const names[] = { "LOAD_DURING_SHUTDOWN", "KEXEC_OPT_ARGS", "BOOTPART",
		"KNAME", "KPARAM", "DONT_MOUNT_BOOT" };
	struct arena arena = { 0 };
	struct setting_reader r = setting_reader_make(view_of_string(gentoo), &arena);
	struct setting s;
	size_t n = 0;

	(void)state;
	while (setting_next(&r, &s))
		assert_string_equal(s.name, names[n++]);
	assert_int_equal(n, 6);
	assert_true(setting_find(view_of_string(gentoo), "KPARAM", &arena, &s));
	assert_string_equal(s.value, "splash=silent quiet");
	assert_int_equal(s.line, 7);
	arena_free(&arena);
}

/* Whatever is cut off, what is read lies inside of it. */
static void it_may_end_anywhere(void **state)
{
	static const char text[] = "export X=\"a\\\"b\\\nc\"'d e'\\ f; Y=`x` # z\nZ='";

	(void)state;
	for (size_t n = 0; n < sizeof text; n++) {
		char *copy = malloc(n + 1);
		struct arena arena = { 0 };
		struct setting_reader r;
		struct setting s;

		memcpy(copy, text, n);
		r = setting_reader_make((struct view){ (uint8_t *)copy, n }, &arena);
		while (setting_next(&r, &s))
			assert_true(strlen(s.name) == 1 && strlen(s.value) <= n);
		free(copy);
		arena_free(&arena);
	}
}

static void words_of_yes_and_no(void **state)
{
	bool yes;

	(void)state;
	assert_true(setting_is_yes("Yes", &yes) && yes);
	assert_true(setting_is_yes("1", &yes) && yes);
	assert_true(setting_is_yes("OFF", &yes) && !yes);
	assert_false(setting_is_yes("", &yes));
	assert_false(setting_is_yes("nein", &yes));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		CASE(values_are_those_of_a_shell),
		CASE(all_of_a_file_are_read_in_order),
		CASE(it_may_end_anywhere),
		CASE(words_of_yes_and_no),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
