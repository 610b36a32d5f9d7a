/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test.h"

#include <stdlib.h>
#include <string.h>

#include "base/fields.h"

static const struct field_name own[] = { { "limits", "both limits" }, { "none", "" } };
static const struct field_names dashes = { "--", own, sizeof own / sizeof *own };

static const struct {
	const char *text, *spelled;
} rows[] = {
	{ "", "" },
	{ "plain", "plain" },
	{ FIELD("noefi"), "--noefi" },
	{ "only " FIELD("limits") " and " FIELD("noefi") " are",
		"only both limits and --noefi are" },
	{ FIELD("limit") FIELD("limits2"), "--limit--limits2" },
	{ "a" FIELD("none") "b" FIELD(""), "ab--" },
	/* Of a text that was cut. */
	{ "the field \001noe", "the field noe" },
	{ "\001", "" },
};

static void fields_are_called_as_the_table_has_them(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		char text[64];

		fields_spell(&dashes, rows[i].text, text, sizeof text);
		assert_string_equal(text, rows[i].spelled);
	}
}

static void what_has_no_room_is_cut(void **state)
{
	static const char whole[] = "only both limits and --noefi are";

	(void)state;
	for (size_t size = 1; size <= sizeof whole + 1; size++) {
		char *text = malloc(size);

		assert_non_null(text);
		fields_spell(&dashes, rows[3].text, text, size);
		assert_int_equal(strlen(text), size <= sizeof whole ? size - 1 : sizeof whole - 1);
		assert_memory_equal(text, whole, strlen(text));
		free(text);
	}
}

static void errors_and_notes_are_put_in_words(void **state)
{
	struct arena arena = { 0 };
	struct notes notes = { .arena = &arena };
	struct error err;

	(void)state;
	notes_add(&notes, "%s has no effect", FIELD("noefi"));
	notes_add(&notes, "as it is");
	fields_spell_notes(&dashes, &notes);
	assert_string_equal(notes.items[0], "--noefi has no effect");
	assert_string_equal(notes.items[1], "as it is");
	fail(&err, FAULT_USAGE, "%s", FIELD("limits") " are too narrow");
	fields_spell_error(&dashes, &err);
	assert_string_equal(err.reason, "both limits are too narrow");
	arena_free(&arena);
}

/* Every hint reads as a sentence, whoever shows it. */
static void hints_are_put_in_words(void **state)
{
	(void)state;
	for (int i = FAULT_NONE + 1; i < FAULT_COUNT; i++) {
		char text[512];

		assert_non_null(fault_hint((enum fault)i));
		fields_spell(&dashes, fault_hint((enum fault)i), text, sizeof text);
		assert_null(strchr(text, FIELD("")[0]));
		assert_true(strlen(text) < sizeof text - 1);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		CASE(fields_are_called_as_the_table_has_them),
		CASE(what_has_no_room_is_cut),
		CASE(errors_and_notes_are_put_in_words),
		CASE(hints_are_put_in_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
