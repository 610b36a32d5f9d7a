/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test.h"

#include "plan/line-edits.h"

static const struct {
	const char *line, *removed[3], *added, *edited;
	size_t notes;
} rows[] = {
	{ "ro quiet", { NULL }, NULL, "ro quiet", 0 },
	{ "ro quiet", { NULL }, "panic=10 single", "ro quiet panic=10 single", 0 },
	{ "", { NULL }, "panic=10", "panic=10", 0 },
	/* As often as it is asked for. */
	{ "ro panic=10", { NULL }, "panic=10", "ro panic=10", 0 },
	{ "ro quiet splash", { "quiet" }, NULL, "ro splash", 0 },
	{ "ro quiet splash", { "quiet", "splash" }, "x", "ro x", 0 },
	/* A name is all of its values, a word that word alone. */
	{ "console=tty0 ro console=ttyS0", { "console" }, NULL, "ro", 0 },
	{ "console=tty0 ro console=ttyS0", { "console=tty0" }, NULL, "ro console=ttyS0", 0 },
	{ "quietly quiet=1 myquiet", { "quiet" }, NULL, "quietly myquiet", 0 },
	{ "a=b=c", { "a=b" }, NULL, "a=b=c", 1 },
	{ "x=\"a quiet b\" quiet", { "quiet" }, NULL, "x=\"a quiet b\"", 0 },
	{ "ro", { "quiet" }, NULL, "ro", 1 },
	{ "ro", { "" }, NULL, "ro", 1 },
	{ "quiet", { "quiet" }, NULL, "", 0 },
};

static void a_line_is_edited_by_words(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct line_edits edits = { .removed = rows[i].removed, .added = rows[i].added };
		struct arena arena = { 0 };
		struct notes notes = { .arena = &arena };

		while (edits.removed_count < 3 && rows[i].removed[edits.removed_count])
			edits.removed_count++;
		assert_string_equal(
			line_edits_apply(&edits, rows[i].line, &arena, &notes), rows[i].edited);
		assert_int_equal(notes.count, rows[i].notes);
		arena_free(&arena);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		CASE(a_line_is_edited_by_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
