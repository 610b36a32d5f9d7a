/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "table-source.h"
#include "test.h"

#include "machine/own-build.h"

/* As /sys/kernel/notes of a kernel for x86 has it: Xen's, whose text is not filled up, then the build ID. */
#define XEN_NOTE                            \
	"\x04\0\0\0\x02\0\0\0\x12\0\0\0Xen" \
	"\0ab\0\0"
#define ID_NOTE                             \
	"\x04\0\0\0\x14\0\0\0\x03\0\0\0GNU" \
	"\0" ID
#define ID "0123456789abcdefghij"

enum { ID_NOTE_SIZE = 36 };

#define PASSED                                                                                   \
	{ "proc/crypto",                                                                         \
		"name         : aes\nselftest     : passed\n\nname : x\nselftest : passed\n", 0, \
		false }
#define TESTS       { "sys/module/cryptomgr/parameters/notests", "N\n", 0, false }
#define VERSION     { "proc/sys/kernel/version", "#1 SMP Debian 6.12.57-1\n", 0, false }
#define NOTES(text) { "sys/kernel/notes", text, sizeof(text) - 1, false }

static struct own_build read_own(struct table_source files, struct arena *arena)
{
	struct own_build own;

	assert_true(own_build_read(&files.source, arena, &own));
	return own;
}

static void what_there_is_is_read(void **state)
{
	struct arena arena = { 0 };
	struct own_build own =
		read_own(TABLE_SOURCE(VERSION, NOTES(XEN_NOTE ID_NOTE), TESTS, PASSED), &arena);

	(void)state;
	assert_string_equal(own.version, "#1 SMP Debian 6.12.57-1");
	assert_int_equal(own.id.n, ID_NOTE_SIZE);
	assert_memory_equal(own.id.p, ID_NOTE, ID_NOTE_SIZE);
	assert_null(own.ciphers_untested);
	own = read_own(TABLE_SOURCE({ "proc/cmdline", "", 0, false }), &arena);
	assert_string_equal(own.version, "");
	assert_int_equal(own.id.n, 0);
	assert_non_null(own.ciphers_untested);
	arena_free(&arena);
}

static void notes_may_end_anywhere(void **state)
{
	static const char notes[] = XEN_NOTE ID_NOTE;

	(void)state;
	for (size_t n = 1; n < sizeof notes; n++) {
		struct arena arena = { 0 };
		const struct own_build own =
			read_own(TABLE_SOURCE({ "sys/kernel/notes", notes, n, false }), &arena);

		assert_int_equal(own.id.n, n == sizeof notes - 1 ? ID_NOTE_SIZE : 0);
		arena_free(&arena);
	}
}

static void other_notes_are_no_build_id(void **state)
{
	static const char *const notes[] = {
		"\x04\0\0\0\x14\0\0\0\x05\0\0\0GNU\0" ID, /* another type */
		"\x04\0\0\0\x14\0\0\0\x03\0\0\0GNX\0" ID, /* another owner */
		"\x04\0\0\0\x04\0\0\0\x03\0\0\0GNU\0" ID, /* too short to tell builds apart */
		/* Sizes that end nowhere. */
		"\xff\xff\xff\xff\x14\0\0\0\x03\0\0\0GNU\0" ID,
		"\x04\0\0\0\xff\xff\xff\xff\x03\0\0\0GNU\0" ID,
		"\xff\xff\xff\xff\xff\xff\xff\xff\x03\0\0\0GNU\0" ID,
	};

	(void)state;
	for (size_t i = 0; i < sizeof notes / sizeof notes[0]; i++) {
		struct arena arena = { 0 };
		const struct own_build own = read_own(
			TABLE_SOURCE({ "sys/kernel/notes", notes[i], ID_NOTE_SIZE, false }),
			&arena);

		assert_int_equal(own.id.n, 0);
		arena_free(&arena);
	}
}

static void untested(struct table_source files, const char *why)
{
	struct arena arena = { 0 };
	const struct own_build own = read_own(files, &arena);

	assert_non_null(own.ciphers_untested);
	if (!strstr(own.ciphers_untested, why))
		fail_msg("\"%s\" is not \"%s\"", own.ciphers_untested, why);
	arena_free(&arena);
}

static void only_tests_that_were_passed_count(void **state)
{
	(void)state;
	untested(
		TABLE_SOURCE(TESTS,
			{ "proc/crypto", "selftest : passed\nselftest     : unknown\n", 0, false }),
		"not every cipher");
	untested(TABLE_SOURCE(TESTS, { "proc/crypto", "name : aes\n", 0, false }), "no cipher");
	untested(TABLE_SOURCE(TESTS), "no cipher");
	untested(TABLE_SOURCE(TESTS, { "proc/crypto", .is_unreadable = true }), "/proc/crypto");
	untested(TABLE_SOURCE(PASSED), "does not say");
	untested(TABLE_SOURCE(
			 { "sys/module/cryptomgr/parameters/notests", "Y\n", 0, false }, PASSED),
		"has not tested");
	untested(TABLE_SOURCE({ "sys/module/cryptomgr/parameters/notests", .is_unreadable = true },
			 PASSED),
		"notests cannot be read");
	untested(TABLE_SOURCE(TESTS, PASSED, { "proc/sys/crypto/fips_enabled", "1\n", 0, false }),
		"FIPS");
	untested(TABLE_SOURCE(
			 TESTS, PASSED, { "proc/sys/crypto/fips_enabled", .is_unreadable = true }),
		"fips_enabled cannot be read");
}

static void without_fips_its_switch_says_so(void **state)
{
	struct arena arena = { 0 };
	const struct own_build own = read_own(
		TABLE_SOURCE(TESTS, PASSED, { "proc/sys/crypto/fips_enabled", "0\n", 0, false }),
		&arena);

	(void)state;
	assert_null(own.ciphers_untested);
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_there_is_is_read),
		cmocka_unit_test(notes_may_end_anywhere),
		cmocka_unit_test(other_notes_are_no_build_id),
		cmocka_unit_test(only_tests_that_were_passed_count),
		cmocka_unit_test(without_fips_its_switch_says_so),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
