/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test.h"

#include <getopt.h>

#include "cmd/saut/choice.h"

static const struct {
	const char *words[4];
	const char *wrong; /* a part of what is said; NULL: it is understood */
	struct choice choice;
	enum choice_verb verb; /* 0: reboot */
} rows[] = {
	{ { NULL }, NULL, { .delay = 0 } },
	{ { "--entry=a b" }, NULL, { .wish = { ENTRY_BY_NAME, "a b" }, .is_given = true } },
	{ { "--running" }, NULL, { .wish = { ENTRY_BY_RUNNING, NULL }, .is_given = true } },
	{ { "--newest", "--dry-run" }, NULL,
		{ .wish = { ENTRY_BY_NEWEST, NULL }, .is_given = true, .dry_run = true } },
	{ { "--firmware", "--delay", "30" }, NULL,
		{ .firmware = true, .delay = 30, .has_delay = true } },
	{ { "--no-checks" }, NULL, { .no_checks = true } },
	{ { "--cancel" }, NULL, { .cancel = true } },
	{ { "--delay=0" }, NULL, { .has_delay = true } },
	{ { "--running", "--newest" }, "several are named" },
	{ { "--entry=a", "--entry=b" }, "several are named" },
	{ { "--delay=soon" }, "--delay=soon is no number of seconds from 0 to 604800" },
	{ { "--delay=-1" }, "--delay=-1 is no number" },
	{ { "--delay=99999999999999999999" }, "is no number" },
	{ { "--delay=700000" }, "--delay=700000 is no number of seconds from 0 to 604800" },
	{ { "--entry" }, "--entry is no option of saut reboot, or wants a value" },
	{ { "6.12" }, NULL, { .wish = { ENTRY_BY_NAME, "6.12" }, .is_given = true } },
	{ { "./vmlinuz" }, NULL,
		{ .wish = { ENTRY_BY_NAME, "./vmlinuz" }, .is_given = true, .path = "./vmlinuz" } },
	{ { "--entry=/boot/k" }, NULL,
		{ .wish = { ENTRY_BY_NAME, "/boot/k" }, .is_given = true, .path = "/boot/k" } },
	/* The default, but not as it is: what is loaded already is not that. */
	{ { "--append=quiet a=b" }, NULL,
		{ .is_given = true, .appended = { { "quiet a=b" }, 1 } } },
	{ { "--remove=a", "--remove=b", "--newest" }, NULL,
		{ .wish = { ENTRY_BY_NEWEST, NULL },
			.is_given = true,
			.removed = { { "a", "b" }, 2 } } },
	{ { "--initrd=x", "--initrd", "y" }, NULL,
		{ .is_given = true, .initrds = { { "x", "y" }, 2 } } },
	{ { "a", "b" }, "several are named" },
	{ { "a", "--newest" }, "several are named" },
	{ { "--append=" }, "want a value" },
	{ { "--initrd=" }, "want a value" },
	{ { "--remove" }, "--remove is no option of saut reboot, or wants a value" },
	{ { "--within=29" }, "--within=29 is no number of seconds from 30 to 86400" },
	{ { "--confirm=me" }, "--confirm=me is neither auto nor manual" },
	{ { "--what" }, "--what is no option of saut reboot" },
	{ { "--delay=5" }, "--delay=5 is no option of saut load", .verb = CHOICE_LOAD },
	{ { "--svg=x" }, "--svg=x is no option of saut load", .verb = CHOICE_LOAD },
	{ { "--strict" }, "--strict is no option of saut plan", .verb = CHOICE_PLAN },
	{ { "--svg=x", "a", "b" }, "--svg=FILE draws one ENTRY or KERNEL, and 2 are named",
		.verb = CHOICE_PLAN },
	{ { "--newest", "a" }, "--running and --newest go with no ENTRY", .verb = CHOICE_PLAN },
	{ { "a", "/b" }, NULL, { .name_count = 2 }, CHOICE_PLAN },
	{ { "--root=/r", "--command-line=", "/k" }, NULL,
		{ .wish = { ENTRY_BY_NAME, "/k" },
			.is_given = true,
			.path = "/k",
			.command_line = "",
			.root = "/r" },
		CHOICE_CHECK },
	{ { "--strict" }, NULL, { .strict = true }, CHOICE_CHECK },
	{ { "a", "b" }, "several are named", .verb = CHOICE_CHECK },
};

static void assert_list(const struct choice_list *list, const struct choice_list *expected)
{
	assert_int_equal(list->count, expected->count);
	for (size_t i = 0; i < list->count; i++)
		assert_string_equal(list->items[i], expected->items[i]);
}

static void assert_text(const char *text, const char *expected)
{
	assert_int_equal(text != NULL, expected != NULL);
	if (text)
		assert_string_equal(text, expected);
}

static const char *verb_name(enum choice_verb verb)
{
	return verb == CHOICE_LOAD     ? "load"
		: verb == CHOICE_PLAN  ? "plan"
		: verb == CHOICE_CHECK ? "check"
				       : "reboot";
}

static void words_become_a_choice(void **state)
{
	(void)state;
	opterr = 0;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const struct choice *expected = &rows[i].choice;
		const enum choice_verb verb = rows[i].verb ? rows[i].verb : CHOICE_REBOOT;
		char *argv[7] = { (char *)(uintptr_t)verb_name(verb) };
		struct error err = { 0 };
		struct choice c;
		int argc = 1;

		for (; rows[i].words[argc - 1]; argc++)
			argv[argc] = (char *)(uintptr_t)rows[i].words[argc - 1];
		optind = 0; /* getopt(3): begins anew */
		print_message("%zu\n", i);
		assert_int_equal(choice_read(argc, argv, verb, &c, &err), !rows[i].wrong);
		if (rows[i].wrong) {
			assert_int_equal(err.fault, FAULT_USAGE);
			assert_reason(err, rows[i].wrong);
			continue;
		}
		assert_int_equal(c.wish.by, expected->wish.by);
		assert_text(c.wish.name, expected->wish.name);
		assert_int_equal(c.is_given, expected->is_given);
		assert_int_equal(c.dry_run, expected->dry_run);
		assert_int_equal(c.no_checks, expected->no_checks);
		assert_int_equal(c.firmware, expected->firmware);
		assert_int_equal(c.cancel, expected->cancel);
		assert_int_equal(c.delay, expected->delay);
		assert_int_equal(c.has_delay, expected->has_delay);
		assert_text(c.path, expected->path);
		assert_text(c.command_line, expected->command_line);
		assert_text(c.root, expected->root);
		assert_int_equal(c.name_count, expected->name_count);
		assert_int_equal(c.strict, expected->strict);
		assert_list(&c.initrds, &expected->initrds);
		assert_list(&c.appended, &expected->appended);
		assert_list(&c.removed, &expected->removed);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		CASE(words_become_a_choice),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
