/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Shell-like assignments: what a shell makes of them, and what is refused since only a shell could. */
#include "test.h"

#include <stdlib.h>

#include "service/assignments.h"

struct case_of_value {
	const char *text, *value;
};

static const struct case_of_value values[] = {
	{ "A=b", "b" },
	{ "A=b\n", "b" },
	{ "A=", "" },
	{ "A=\"\"", "" },
	{ "A=''", "" },
	{ "  A=b  ", "b" },
	{ "\tA=b\r\n", "b" },
	{ "export A=b", "b" },
	{ "A=1\nA=2", "2" },
	{ "A=1; A=2;", "2" },
	{ "A=b # c", "b" },
	{ "A=b#c", "b#c" },
	{ "A= # c", "" },
	{ "# A=c\nA=b", "b" },
	{ "#\n\n\n#A='\nA=b", "b" },
	{ "A='b c'", "b c" },
	{ "A=\"b c\"", "b c" },
	{ "A=a'b c'\"d e\"f", "ab cd ef" },
	{ "A='$(x) `y` \\ \"'", "$(x) `y` \\ \"" },
	{ "A=\"\\$(x) \\`y\\` \\\\ \\\" '\"", "$(x) `y` \\ \" '" },
	{ "A=\"a\\b\"", "a\\b" },
	{ "A=b\\ c\\'d", "b c'd" },
	{ "A=b\\\nc", "bc" },
	{ "A=\"b\\\nc\"", "bc" },
	{ "A='b\nc\td'", "b c d" },
	{ "A=b \\\n # c\n", "b" },
	{ "A=x=y", "x=y" },
	{ "B=/boot A=", NULL },
	{ "B=/boot\nA=$B/k", "/boot/k" },
	{ "B=/boot\nA=${B}k", "/bootk" },
	{ "B='a b'\nA=\"$B c\"", "a b c" },
	{ "B='a b'\nA=$B", "a b" },
	{ "A=1\nA=${A}2", "12" },
	{ "A=\xc3\xa9", "\xc3\xa9" },
	{ "A=*?[x]~", "*?[x]~" },
	{ "A=b\\", "b" },
	{ "A=b\nexport A", "b" },
	{ "A=b\nexport A B # c\nexport\tC;", "b" },
	{ "A=b\nA+=c\nA+=\" d\"", "bc d" },
	{ "A+=b", "b" },
	{ "export A+=b", "b" },
	{ "A=${B:-c}", "c" },
	{ "A=${B-c}", "c" },
	{ "B=\nA=${B:-c}", "c" },
	{ "B=\nA=${B-c}", "" },
	{ "B=b\nA=${B:-c}d", "bd" },
	{ "B=b\nA=\"${B-c d} e\"", "b e" },
	{ "A=\"${B:-c 'd'}\"", "c 'd'" },
	{ "A=${B:-}", "" },
};

static void values_are_as_in_a_shell(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
		struct assignments all = { 0 };
		struct arena arena = { 0 };
		struct error err = { 0 };
		const char *value = NULL;

		assert_true(assignments_read(&all, "f", view_of_string(values[i].text), &arena));
		if (!values[i].value) {
			assert_false(assignments_value(&all, "B", &value, &err));
		} else if (!assignments_check(&all, &err) ||
			!assignments_value(&all, "A", &value, &err)) {
			fail_msg("%s: %s", values[i].text, err.reason);
		} else {
			assert_non_null(value);
			assert_string_equal(value, values[i].value);
		}
		arena_free(&arena);
	}
}

static const struct {
	const char *text, *reason;
} refused[] = {
	{ "\nA=$(uname -r)", "f, line 2: it is not run by a shell" },
	{ "A=\"x $(uname -r)\"", "line 1: it is not run by a shell" },
	{ "A=`uname -r`", "line 1: it is not run by a shell" },
	{ "A=\"`uname -r`\"", "line 1: it is not run by a shell" },
	{ "A=$((1+1))", "line 1: it is not run by a shell" },
	{ "A=${B:-$C}", "line 1: it is not run by a shell" },
	{ "A=${B:-c", "line 1: a brace is not closed" },
	{ "A=${B:+c}", "line 1: it is not run by a shell" },
	{ "A=${B:=c}", "line 1: it is not run by a shell" },
	{ "A=${B%c}", "line 1: it is not run by a shell" },
	{ "B=$(x)\nA=${B:-c}", "line 2: it takes the value of a variable" },
	{ "B=$(x)\nB+=c\nA=$B", "line 3: it takes the value of a variable" },
	{ "A=${B", "line 1: it is not run by a shell" },
	{ "A=$1", "line 1: it is not run by a shell" },
	{ "A=$", "line 1: it is not run by a shell" },
	{ "A=$B", "line 1: it takes the value of a variable that is not set above" },
	{ "B=$(x)\nA=$B", "line 2: it takes the value of a variable that is not set above" },
	{ "A='b", "line 1: a quote is not closed" },
	{ "A=\"b\n\n", "line 1: a quote is not closed" },
	{ "A=b c", "line 1: a command stands behind the assignment" },
	{ "A=b | c", "line 1: a command stands behind the assignment" },
	{ "A=b|c", "line 1: it is a command of a shell" },
	{ "A=(b c)", "line 1: it is a command of a shell" },
	{ "A=b>c", "line 1: it is a command of a shell" },
	{ "A=b\x01", "line 1: there is a control character" },
	{ "A=\"\x1b[2J\"", "line 1: there is a control character" },
};

static void what_only_a_shell_knows_is_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
		struct assignments all = { 0 };
		struct arena arena = { 0 };
		struct error err = { 0 };
		const char *value;

		assert_true(assignments_read(&all, "f", view_of_string(refused[i].text), &arena));
		assert_true(assignments_check(&all, &err));
		if (assignments_value(&all, "A", &value, &err))
			fail_msg("%s: \"%s\"", refused[i].text, value ? value : "(not set)");
		assert_int_equal(err.fault, FAULT_SETTINGS);
		assert_reason(err, refused[i].reason);
		arena_free(&arena);
	}
}

static const char *const commands[] = { "if true; then", "A", "A =b", "1A=b", "=b", ". /etc/x",
	"A+b", "export -p", "export 'A'", "'A'=b", "\x7f", "A-B=c" };

static void lines_that_assign_nothing_are_named(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
		struct assignments all = { 0 };
		struct arena arena = { 0 };
		struct error err = { 0 };
		const char *value;

		assert_true(assignments_read(&all, "f", view_of_string("B=c\n\n"), &arena));
		assert_true(assignments_read(&all, "g", view_of_string(commands[i]), &arena));
		if (assignments_check(&all, &err))
			fail_msg("%s is taken", commands[i]);
		assert_reason(err, "g, line 1: it is no assignment NAME=VALUE");
		/* The others still are what they are. */
		assert_true(assignments_value(&all, "B", &value, &err));
		assert_string_equal(value, "c");
		arena_free(&arena);
	}
}

static void zero_bytes_are_refused(void **state)
{
	static const char text[] = "A=b\0c\nB=d\n";
	struct assignments all = { 0 };
	struct arena arena = { 0 };
	struct error err = { 0 };
	const char *value;

	(void)state;
	assert_true(assignments_read(
		&all, "f", (struct view){ (const uint8_t *)text, sizeof text - 1 }, &arena));
	assert_false(assignments_value(&all, "A", &value, &err));
	assert_reason(err, "control character");
	assert_true(assignments_value(&all, "B", &value, &err));
	assert_string_equal(value, "d");
	arena_free(&arena);
}

/* A=x, then doubled until no memory would hold it. */
static void values_do_not_grow_for_ever(void **state)
{
	struct assignments all = { 0 };
	struct arena arena = { 0 };
	struct error err = { 0 };
	char text[40 * 16] = "A=12345678\n";
	const char *value;

	(void)state;
	for (int i = 0; i < 40; i++)
		strcat(text, "A=$A$A\n");
	assert_true(assignments_read(&all, "f", view_of_string(text), &arena));
	assert_false(assignments_value(&all, "A", &value, &err));
	arena_free(&arena);
}

static void there_is_a_limit_of_settings(void **state)
{
	struct assignments all = { 0 };
	struct arena arena = { 0 };
	struct error err = { 0 };
	const size_t n = 2 * ASSIGNMENTS_MAX;
	char *text = malloc(4 * n + 1);

	(void)state;
	for (size_t i = 0; i < n; i++)
		memcpy(text + 4 * i, "A=b\n", 5);
	assert_true(assignments_read(&all, "f", view_of_string(text), &arena));
	assert_int_equal(all.count, ASSIGNMENTS_MAX);
	assert_false(assignments_check(&all, &err));
	assert_reason(err, "f, line 1024: there are too many settings");
	arena_free(&arena);
	free(text);
}

static void truncated_at_every_byte(void **state)
{
	static const char text[] = "# all\nBOOTPART=\"/boot\" # x\nexport KNAME='a b'\\ c\n"
				   "KPARAM=\"$BOOTPART ${KNAME} \\\" \"\nINITRD=$(x)\nif x; then\n";

	(void)state;
	for (size_t n = 0; n < sizeof text; n++) {
		char *copy = malloc(n + !n);
		struct assignments all = { 0 };
		struct arena arena = { 0 };

		/* Of exactly this size, so that a sanitizer sees a byte too many. */
		memcpy(copy, text, n);
		assert_true(assignments_read(
			&all, "f", (struct view){ (const uint8_t *)copy, n }, &arena));
		for (size_t i = 0; i < all.count; i++)
			assert_true(!all.items[i].value != !all.items[i].obstacle);
		arena_free(&arena);
		free(copy);
	}
}

static void later_ones_win_wherever_they_come_from(void **state)
{
	struct assignments all = { 0 };
	struct arena arena = { 0 };
	struct error err = { 0 };
	const char *value;

	(void)state;
	assert_true(assignments_read(&all, "f", view_of_string("A=$(x)\nC=1\n"), &arena));
	assert_true(assignments_add(&all, "the environment", "A", "b $(c) '", &arena));
	assert_true(assignments_value(&all, "A", &value, &err));
	assert_string_equal(value, "b $(c) '");
	assert_true(assignments_value(&all, "D", &value, &err));
	assert_null(value);
	assert_true(assignments_add(&all, "the environment", "C", "\x1b", &arena));
	assert_false(assignments_value(&all, "C", &value, &err));
	assert_reason(err, "C of the environment: there is a control character");
	arena_free(&arena);
}

static void yes_and_no(void **state)
{
	bool yes;

	(void)state;
	assert_true(assignment_is_yes("Yes", &yes) && yes);
	assert_true(assignment_is_yes("1", &yes) && yes);
	assert_true(assignment_is_yes("off", &yes) && !yes);
	assert_true(assignment_is_yes("FALSE", &yes) && !yes);
	assert_false(assignment_is_yes("", &yes));
	assert_false(assignment_is_yes("yes ", &yes));
	assert_false(assignment_is_yes("nein", &yes));
}

static void values_have_words(void **state)
{
	struct arena arena = { 0 };
	struct error err = { 0 };
	struct shell_words words;

	(void)state;
	assert_true(
		assignment_words("  --append=\"a b\" -s 'c'  d\\ e $x;y ", &arena, &words, &err));
	assert_int_equal(words.count, 5);
	assert_string_equal(words.items[0], "--append=a b");
	assert_string_equal(words.items[1], "-s");
	assert_string_equal(words.items[2], "c");
	assert_string_equal(words.items[3], "d e");
	assert_string_equal(words.items[4], "$x;y");
	assert_null(words.items[5]);
	assert_true(assignment_words("", &arena, &words, &err));
	assert_int_equal(words.count, 0);
	assert_null(words.items[0]);
	assert_false(assignment_words("a 'b", &arena, &words, &err));
	assert_reason(err, "a quote is not closed");
	arena_free(&arena);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		CASE(values_are_as_in_a_shell),
		CASE(what_only_a_shell_knows_is_refused),
		CASE(lines_that_assign_nothing_are_named),
		CASE(zero_bytes_are_refused),
		CASE(values_do_not_grow_for_ever),
		CASE(there_is_a_limit_of_settings),
		CASE(truncated_at_every_byte),
		CASE(later_ones_win_wherever_they_come_from),
		CASE(yes_and_no),
		CASE(values_have_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
