/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test.h"

#include "../machine/table-source.h"
#include "service/record.h"

static bool read_text(const char *text, struct arena *arena, struct reboot_record *ret)
{
	struct table_source source = TABLE_SOURCE({ "var/lib/saut/last-reboot", text });

	return reboot_record_read(&source.source, arena, ret);
}

static void what_is_written_is_read(void **state)
{
	const struct reboot_record records[] = {
		{ 1796000000, "6f1c5d5e-0000-4000-8000-000000000000", REBOOT_BY_KEXEC,
			"/boot/vmlinuz-6.12", "by saut reboot" },
		{ 0, "", REBOOT_BY_FIRMWARE, "", "it's switched off: $HOME \"x\" \\ `y`" },
	};
	struct arena arena = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof records / sizeof *records; i++) {
		struct reboot_record r;

		assert_true(read_text(reboot_record_text(&records[i], &arena), &arena, &r));
		assert_int_equal(r.when, records[i].when);
		assert_int_equal(r.way, records[i].way);
		assert_string_equal(r.boot_id, records[i].boot_id);
		assert_string_equal(r.kernel, records[i].kernel);
		assert_string_equal(r.reason, records[i].reason);
	}
	arena_free(&arena);
}

static void nothing_reaches_a_terminal(void **state)
{
	struct reboot_record record = { 1, "", REBOOT_BY_KEXEC, "/boot/\033[2J", "a\nREASON=b" }, r;
	struct arena arena = { 0 };

	(void)state;
	assert_true(read_text(reboot_record_text(&record, &arena), &arena, &r));
	assert_string_equal(r.kernel, "/boot/?[2J");
	assert_string_equal(r.reason, "a?REASON=b");
	assert_true(read_text("WHEN=1\nWAY=kexec\nREASON='\033[2J'\n", &arena, &r));
	assert_string_equal(r.reason, "");
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
	assert_false(reboot_record_read(&none.source, &arena, &r));
	arena_free(&arena);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		CASE(what_is_written_is_read),
		CASE(nothing_reaches_a_terminal),
		CASE(damaged_ones_are_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
