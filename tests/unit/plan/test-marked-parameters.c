/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Words of ours on a command line: added with a mark, taken out by it, and nothing else with them. */
#include "test.h"

#include "plan/command-line.h"
#include "plan/marked-parameters.h"

static const struct {
	const char *line;
	const char *words[3];
	const char *marked;
} added[] = {
	{ "ro quiet", { "panic=10", "a.b" }, "ro quiet saut.words=2 panic=10 a.b" },
	{ "", { "x" }, "saut.words=1 x" },
	{ "ro", { NULL }, "ro" },
	/* Behind "--" words are those of init. */
	{ "ro  -- single", { "x" }, "ro saut.words=1 x -- single" },
	{ "-- single", { "x" }, "saut.words=1 x -- single" },
	{ "a=\"b -- c\" d", { "x" }, "a=\"b -- c\" d saut.words=1 x" },
	/* Behind a quote that is not closed they would be in it. */
	{ "ro a=\"b -- c", { "x" }, "ro saut.words=1 x a=\"b -- c" },
};

static void what_is_added_is_taken_out_again(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof added / sizeof *added; i++) {
		struct arena a = { 0 };
		struct notes notes = { .arena = &a };
		size_t count = 0;
		const char *line, *before;

		while (added[i].words[count])
			count++;
		line = marked_parameters_add(added[i].line, added[i].words, count, &a);
		assert_string_equal(line, added[i].marked);
		before = marked_parameters_strip(added[i].line, &a, &notes);
		assert_int_equal(notes.count, 0);
		assert_string_equal(marked_parameters_strip(line, &a, &notes), before);
		assert_int_equal(notes.count, count);
		arena_free(&a);
	}
}

static const struct {
	const char *line, *stripped;
} others[] = {
	/* The user's own word of the same name stays. */
	{ "quiet ro saut.words=1 quiet", "quiet ro" },
	{ "ro saut.words=1 quiet quiet", "ro quiet" },
	{ "saut.words=1 \"a b\" c", "c" },
	{ "saut.words=1 a saut.words=1 b", "" },
	/* Marks that nobody of us made. */
	{ "saut.words=2 a", "saut.words=2 a" },
	{ "saut.words=2 a -- b", "saut.words=2 a -- b" },
	{ "saut.words=0 a", "saut.words=0 a" },
	{ "saut.words=-1 a", "saut.words=-1 a" },
	{ "saut.words=99999999999999999999 a", "saut.words=99999999999999999999 a" },
	{ "saut.words= a", "saut.words= a" },
	{ "saut.words a", "saut.words a" },
	{ "xsaut.words=1 a", "xsaut.words=1 a" },
	{ "a=\"saut.words=1 b\" c", "a=\"saut.words=1 b\" c" },
};

static void a_mark_takes_nothing_else(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
		struct arena a = { 0 };
		struct notes notes = { .arena = &a };

		assert_string_equal(
			marked_parameters_strip(others[i].line, &a, &notes), others[i].stripped);
		arena_free(&a);
	}
}

static void a_reused_line_has_none(void **state)
{
	struct arena a = { 0 };
	struct notes notes = { .arena = &a };

	(void)state;
	assert_string_equal(
		command_line_reuse("BOOT_IMAGE=/vmlinuz ro saut.words=1 cryptomgr.notests x", false,
			&a, &notes),
		"ro x");
	assert_int_equal(notes.count, 2);
	arena_free(&a);
}

static const struct {
	const char *line, *end, *without;
} ends[] = {
	{ "ro quiet panic=10", "quiet panic=10", "ro" },
	{ "ro quiet  panic=10 ", "quiet panic=10", "ro" },
	{ "quiet panic=10", " quiet panic=10", "" },
	{ "quiet panic=10 ro", "quiet panic=10", "quiet panic=10 ro" },
	{ "notquiet", "quiet", "notquiet" },
	{ "quiet", "ro quiet", "quiet" },
	{ "a=\"b c\"", "c\"", "a=\"b c\"" },
	{ "ro", "", "ro" },
	{ "", "", "" },
};

static void an_end_is_left_out_by_words(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
		struct arena a = { 0 };

		assert_string_equal(
			command_line_without_end(ends[i].line, ends[i].end, &a), ends[i].without);
		arena_free(&a);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		CASE(what_is_added_is_taken_out_again),
		CASE(a_mark_takes_nothing_else),
		CASE(a_reused_line_has_none),
		CASE(an_end_is_left_out_by_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
