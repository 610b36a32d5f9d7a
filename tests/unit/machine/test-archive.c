/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test.h"

#include <stdio.h>
#include <stdlib.h>

#include "machine/archive.h"
#include "machine/text.h"
#include "table-source.h"

static const char good[] = "saut-machine 1\n"
			   "A machine.\n"
			   "== no mark\n"
			   "=== proc/cmdline\n"
			   "quiet\n"
			   "=== map/10/start\n"
			   "0x1\n"
			   "=== map/9/start\n"
			   "0x0\n"
			   "=== map/9/end\n"
			   "===\n"
			   " === none\n"
			   "=== empty\n"
			   "=== blob hex\n"
			   "00 ff\n"
			   "0aA9 \n"
			   "=== empty-blob hex\n"
			   "=== sized-blob hex 5\n"
			   "01 02\n"
			   "=== shorter-size hex 1\n"
			   "01 02\n"
			   "=== zeros hex 3\n";

static bool parse(struct arena *a, const char *text, struct archive *ret, struct error *err)
{
	return archive_parse(view_of_string(text), a, ret, err);
}

static const struct {
	const char *path, *bytes;
	size_t n;
} contents[] = {
	{ "proc/cmdline", "quiet\n", 6 },
	{ "map/10/start", "0x1\n", 4 },
	{ "map/9/start", "0x0\n", 4 },
	{ "map/9/end", "===\n === none\n", 14 },
	{ "empty", "", 0 },
	{ "blob", "\x00\xff\x0a\xa9", 4 },
	{ "empty-blob", "", 0 },
	{ "sized-blob", "\1\2\0\0\0", 5 },
	{ "shorter-size", "\1\2", 2 },
	{ "zeros", "\0\0\0", 3 },
};

static void files_are_what_their_lines_say(void **state)
{
	struct arena a = { 0 };
	struct error err = { 0 };
	struct archive archive;
	struct view v;

	(void)state;
	assert_true(parse(&a, good, &archive, &err));
	assert_int_equal(archive.count, sizeof contents / sizeof *contents);
	for (size_t i = 0; i < archive.count; i++) {
		assert_true(source_read(&archive.source, contents[i].path, &a, &v));
		assert_int_equal(v.n, contents[i].n);
		assert_memory_equal(v.p, contents[i].bytes, v.n);
		assert_int_equal(v.p[v.n], 0);
	}
	assert_false(source_read(&archive.source, "map/9", &a, &v));
	assert_false(source_read(&archive.source, "none", &a, &v));
	arena_free(&a);
}

static void folders_are_listed_as_people_count(void **state)
{
	struct arena a = { 0 };
	struct error err = { 0 };
	struct archive archive;
	const char *const *names;

	(void)state;
	assert_true(parse(&a, good, &archive, &err));
	assert_true(source_list(&archive.source, "map", &a, &names));
	assert_string_equal(names[0], "9");
	assert_string_equal(names[1], "10");
	assert_null(names[2]);
	assert_true(source_list(&archive.source, "map/9", &a, &names));
	assert_string_equal(names[0], "end");
	assert_string_equal(names[1], "start");
	assert_null(names[2]);
	assert_false(source_list(&archive.source, "ma", &a, &names));
	assert_false(source_list(&archive.source, "proc/cmdline", &a, &names));
	arena_free(&a);
}

/* What the first one says goes into the second as it is, however often. */
static void a_capture_of_a_capture_has_the_same_reason(void **state)
{
	static const char said[] = "/a/b could not be read where it was captured: /a/b: I/O error";
	const char *reason = "/a/b: I/O error\n";
	struct arena a = { 0 };

	(void)state;
	for (unsigned i = 0; i < 3; i++) {
		const struct archive_file file = { "a/b", view_of_string(reason), true };
		const char *text = archive_write(&file, 1, "", &a);
		struct error err = { 0 };
		struct archive archive;
		struct view v;

		assert_true(parse(&a, text, &archive, &err));
		assert_false(source_take(&archive.source, "a/b", &a, &v, &err));
		assert_string_equal(err.reason, said);
		reason = arena_printf(&a, "%s\n", err.reason);
	}
	arena_free(&a);
}

static void an_archive_may_hold_nothing(void **state)
{
	struct arena a = { 0 };
	struct error err = { 0 };
	struct archive archive;
	const char *const *names;
	struct view v;

	(void)state;
	assert_true(parse(&a, "saut-machine 1\n", &archive, &err));
	assert_false(source_read(&archive.source, "proc/iomem", &a, &v));
	assert_false(source_list(&archive.source, "proc", &a, &names));
	arena_free(&a);
}

static const struct {
	const char *text, *reason;
} bad[] = {
	{ "", "does not begin with \"saut-machine 1\"" },
	{ "saut-machine 2\n", "does not begin with" },
	{ "\nsaut-machine 1\n", "does not begin with" },
	{ "saut-machine 1", "ends within a line, after 14 bytes" },
	{ "saut-machine 1\n=== \nx\n", "\"=== \" is no name of a file" },
	{ "saut-machine 1\n=== a b\n", "\"=== a b\" is no name" },
	{ "saut-machine 1\n=== a hex b\n", "\"=== a hex b\" is no name" },
	{ "saut-machine 1\n=== a hex 1 2\n", "\"=== a hex 1 2\" is no name" },
	{ "saut-machine 1\n=== a hex 2097153\n", "\"=== a hex 2097153\" is no name" },
	{ "saut-machine 1\n=== a hex -1\n", "is no name" },
	{ "saut-machine 1\n=== a hex\n0\n", "archive: a is not hexadecimal" },
	{ "saut-machine 1\n=== a hex\n000\n", "archive: a is not hexadecimal" },
	{ "saut-machine 1\n=== a hex\n0 0\n", "archive: a is not hexadecimal" },
	{ "saut-machine 1\n=== a hex\n0x\n", "archive: a is not hexadecimal" },
	{ "saut-machine 1\n=== a hex\n0g\n", "archive: a is not hexadecimal" },
};

static void broken_archives_are_errors(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		struct arena a = { 0 };
		struct error err = { 0 };
		struct archive archive;

		assert_false(parse(&a, bad[i].text, &archive, &err));
		assert_int_equal(err.fault, FAULT_MACHINE_UNREADABLE);
		assert_reason(err, bad[i].reason);
		arena_free(&a);
	}
}

/* Cut between lines it has fewer files or a shorter one, cut anywhere else it is an error. */
static void truncation_at_every_byte(void **state)
{
	(void)state;
	for (size_t n = 1; n < sizeof good - 1; n++) {
		uint8_t *exact = malloc(n);
		struct arena a = { 0 };
		struct error err = { 0 };
		struct archive archive;

		memcpy(exact, good, n);
		assert_int_equal(archive_parse((struct view){ exact, n }, &a, &archive, &err),
			good[n - 1] == '\n');
		assert_int_equal(
			err.fault, good[n - 1] == '\n' ? FAULT_NONE : FAULT_MACHINE_UNREADABLE);
		arena_free(&a);
		free(exact);
	}
}

static void too_many_files_are_an_error(void **state)
{
	enum { FILES = 65537, LINE = 13 };
	struct arena a = { 0 };
	struct error err = { 0 };
	struct archive archive;
	char *text = arena_alloc(&a, 15 + FILES * LINE + 1);
	char *first = text + sprintf(text, "saut-machine 1\n");
	struct view v;

	(void)state;
	for (unsigned i = 0; i < FILES; i++)
		assert_int_equal(sprintf(first + (size_t)i * LINE, "=== %08x\n", i), LINE);
	assert_false(parse(&a, text, &archive, &err));
	assert_reason(err, "more than 65536 files");
	first[(size_t)(FILES - 1) * LINE] = '\0';
	assert_true(parse(&a, text, &archive, &err));
	assert_true(source_read(&archive.source, "0000ffff", &a, &v));
	arena_free(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(files_are_what_their_lines_say),
		CASE(folders_are_listed_as_people_count),
		CASE(a_capture_of_a_capture_has_the_same_reason),
		CASE(an_archive_may_hold_nothing),
		CASE(broken_archives_are_errors),
		CASE(truncation_at_every_byte),
		CASE(too_many_files_are_an_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
