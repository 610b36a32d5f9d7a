/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test.h"

#include "../machine/table-source.h"
#include "service/schedule.h"

#define STAT "42 (a ) b) S 1 42 42 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 98765 1000 200"

static const struct schedule waiting = {
	.record = { .when = 1796000000,
		.boot_id = "id",
		.way = REBOOT_BY_FIRMWARE,
		.reason = "saut reboot --firmware" },
	.process = 42,
	.started = 98765,
	.switches = "/run/nokexec /run/other",
};

static enum presence read_of(
	const struct table_source *source, struct arena *arena, struct schedule *ret)
{
	struct error err;

	return schedule_read(&source->source, arena, ret, &err);
}

static void what_is_written_is_read(void **state)
{
	struct arena arena = { 0 };
	struct schedule s;
	struct table_source source = TABLE_SOURCE(
		{ "run/saut/reboot", schedule_text(&waiting, &arena) }, { "proc/42/stat", STAT });

	(void)state;
	assert_int_equal(read_of(&source, &arena, &s), IS_THERE);
	assert_int_equal(s.process, 42);
	assert_int_equal(s.record.when, 1796000000);
	assert_int_equal(s.record.way, REBOOT_BY_FIRMWARE);
	assert_string_equal(s.switches, "/run/nokexec /run/other");
	arena_free(&arena);
}

/* The file alone says nothing: its process may have been killed, and its number be another's. */
static void without_its_process_there_is_none(void **state)
{
	struct arena arena = { 0 };
	const char *text = schedule_text(&waiting, &arena);
	struct schedule s;
	struct table_source gone = TABLE_SOURCE({ "run/saut/reboot", text });
	struct table_source other = TABLE_SOURCE({ "run/saut/reboot", text },
		{ "proc/42/stat",
			"42 (x) S 1 42 42 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 98766 1" });
	struct table_source cut =
		TABLE_SOURCE({ "run/saut/reboot", text }, { "proc/42/stat", "42 (x) S 1 42" });

	(void)state;
	assert_int_equal(read_of(&gone, &arena, &s), IS_ABSENT);
	assert_int_equal(read_of(&other, &arena, &s), IS_ABSENT);
	assert_int_equal(read_of(&cut, &arena, &s), IS_UNREADABLE);
	arena_free(&arena);
}

/* A unit is there as long as systemd has its file; a name that schedule_unit does not make is none. */
static void a_unit_waits(void **state)
{
	struct arena arena = { 0 };
	struct schedule s, unit = waiting, foreign = waiting;
	const char *text;

	(void)state;
	unit.unit = schedule_unit(42, &arena);
	text = schedule_text(&unit, &arena);
	struct table_source there = TABLE_SOURCE({ "run/saut/reboot", text },
		{ "run/systemd/transient/saut-reboot-42.service", "[Service]\n" });
	struct table_source gone = TABLE_SOURCE({ "run/saut/reboot", text });
	struct table_source unreadable = TABLE_SOURCE({ "run/saut/reboot", text },
		{ "run/systemd/transient/saut-reboot-42.service", .is_unreadable = true });

	foreign.unit = "saut-reboot-4/../../../etc/passwd";
	struct table_source elsewhere =
		TABLE_SOURCE({ "run/saut/reboot", schedule_text(&foreign, &arena) });

	assert_int_equal(read_of(&there, &arena, &s), IS_THERE);
	assert_string_equal(s.unit, "saut-reboot-42");
	assert_string_equal(s.switches, "/run/nokexec /run/other");
	assert_int_equal(read_of(&gone, &arena, &s), IS_ABSENT);
	assert_int_equal(read_of(&unreadable, &arena, &s), IS_UNREADABLE);
	assert_int_equal(read_of(&elsewhere, &arena, &s), IS_UNREADABLE);
	arena_free(&arena);
}

/* One that may wait can be cancelled, or its place taken: it is not taken for none. */
static void what_cannot_be_read_is_not_none(void **state)
{
	struct arena arena = { 0 };
	const char *text = schedule_text(&waiting, &arena);
	struct schedule s;
	struct table_source file = TABLE_SOURCE({ "run/saut/reboot", .is_unreadable = true });
	struct table_source process = TABLE_SOURCE(
		{ "run/saut/reboot", text }, { "proc/42/stat", .is_unreadable = true });

	(void)state;
	assert_int_equal(read_of(&file, &arena, &s), IS_UNREADABLE);
	assert_int_equal(read_of(&process, &arena, &s), IS_UNREADABLE);
	arena_free(&arena);
}

static void damaged_ones_are_not_taken(void **state)
{
	struct arena arena = { 0 };
	const char *text = schedule_text(&waiting, &arena);
	struct schedule s;

	(void)state;
	/* The last lines are of no account for a reader; all before them are. */
	for (size_t n = 0; n < strlen(text) - strlen("SWITCHES='/run/nokexec /run/other'\n") - 1;
		n++) {
		struct table_source source = TABLE_SOURCE(
			{ "run/saut/reboot",
				arena_string(&arena, view_first(view_of_string(text), n)) },
			{ "proc/42/stat", STAT });

		assert_int_not_equal(read_of(&source, &arena, &s), IS_THERE);
	}
	arena_free(&arena);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		CASE(what_is_written_is_read),
		CASE(without_its_process_there_is_none),
		CASE(a_unit_waits),
		CASE(what_cannot_be_read_is_not_none),
		CASE(damaged_ones_are_not_taken),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
