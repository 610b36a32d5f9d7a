/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test.h"

#include "../machine/table-source.h"
#include "service/record.h"

static bool read_text(const char *text, struct arena *arena, struct reboot_record *ret)
{
	struct table_source source = TABLE_SOURCE({ "var/lib/saut/last-reboot", text });

	return reboot_record_read(&source.source, REBOOT_RECORD_FILE, arena, ret);
}

static void what_is_written_is_read(void **state)
{
	const struct reboot_record records[] = {
		{ .when = 1796000000,
			.boot_id = "6f1c5d5e-0000-4000-8000-000000000000",
			.way = REBOOT_BY_KEXEC,
			.of = { .kernel = "/boot/vmlinuz-6.12", .by = LOADER_SERVICE, .when = 5 },
			.reason = "by saut reboot" },
		{ .boot_id = "",
			.way = REBOOT_BY_FIRMWARE,
			.of = { .kernel = "" },
			.reason = "it's switched off: $HOME \"x\" \\ `y`" },
	};
	struct arena arena = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof records / sizeof *records; i++) {
		struct reboot_record r;

		assert_true(read_text(reboot_record_text(&records[i], &arena), &arena, &r));
		assert_int_equal(r.when, records[i].when);
		assert_int_equal(r.way, records[i].way);
		assert_string_equal(r.boot_id, records[i].boot_id);
		assert_string_equal(r.of.kernel, records[i].of.kernel);
		assert_int_equal(r.of.by, records[i].of.by);
		assert_int_equal(r.of.when, records[i].of.when);
		assert_false(r.is_old);
		assert_string_equal(r.reason, records[i].reason);
	}
	arena_free(&arena);
}

static void nothing_reaches_a_terminal(void **state)
{
	struct reboot_record record = { .when = 1,
		.way = REBOOT_BY_KEXEC,
		.of.kernel = "/boot/\033[2J",
		.reason = "a\nREASON=b" };
	struct reboot_record r;
	struct arena arena = { 0 };

	(void)state;
	assert_true(read_text(reboot_record_text(&record, &arena), &arena, &r));
	assert_string_equal(r.of.kernel, "/boot/?[2J");
	assert_string_equal(r.reason, "a?REASON=b");
	assert_true(read_text("WHEN=1\nWAY=kexec\nREASON='\033[2J'\n", &arena, &r));
	assert_string_equal(r.reason, "");
	arena_free(&arena);
}

/* As an earlier version wrote it. */
static void an_old_one_is_known_for_that(void **state)
{
	struct arena arena = { 0 };
	struct reboot_record r;

	(void)state;
	assert_true(read_text("WHEN=7\nBOOT_ID='b'\nWAY=kexec\nKERNEL='/boot/k'\n"
			      "REASON='the boot service'\n",
		&arena, &r));
	assert_true(r.is_old);
	assert_string_equal(r.of.kernel, "/boot/k");
	assert_int_equal(r.of.by, LOADER_UNKNOWN);
	assert_null(r.of.command_line);
	assert_null(r.of.initrds);
	arena_free(&arena);
}

static void damaged_ones_are_none(void **state)
{
	static const char *const texts[] = { "", "WHEN=1\n", "WAY=kexec\n", "WHEN=x\nWAY=kexec\n",
		"WHEN=1\nWAY=magic\n", "\377\376" };
	struct arena arena = { 0 };
	struct reboot_record r;
	struct table_source none = TABLE_SOURCE({ "x", "" });

	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		assert_false(read_text(texts[i], &arena, &r));
	assert_false(reboot_record_read(&none.source, REBOOT_RECORD_FILE, &arena, &r));
	arena_free(&arena);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		CASE(what_is_written_is_read),
		CASE(nothing_reaches_a_terminal),
		CASE(an_old_one_is_known_for_that),
		CASE(damaged_ones_are_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
