/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The newest dump, whoever has saved it, and what is ready for the next one. */
#include "test.h"

#include "machine/table-source.h"

#include "crash/crash-facts.h"
#include "crash/last-dump.h"

static struct dump find(const struct source *source, struct arena *arena)
{
	struct error err = { 0 };
	struct dump dump;

	if (!dump_find_last(source, arena, &dump, &err))
		fail_msg("%s", err.reason);
	return dump;
}

static void the_newest_of_three_tools(void **state)
{
	const struct table_source files = TABLE_SOURCE(
		{ "var/crash/127.0.0.1-2026-11-27-18:30:05/vmcore", "" },
		{ "var/crash/127.0.0.1-2026-11-27-18:30:05/vmcore-dmesg.txt",
			"[    1.0] up\n[    9.0] Kernel panic - not syncing: sysrq\n" },
		{ "var/crash/2026-11-27-18:29/vmcore", "" },
		{ "var/crash/202611271828/dmesg.202611271828", "" }, { "var/crash/kexec_cmd", "" },
		{ "var/crash/linux-image-6.1.20-amd64.crash", "" });
	struct arena arena = { 0 };
	struct dump dump = find(&files.source, &arena);

	(void)state;
	assert_string_equal(dump.folder, "/var/crash/127.0.0.1-2026-11-27-18:30:05");
	assert_string_equal(dump.when, "2026-11-27 18:30");
	assert_string_equal(dump.core, "vmcore");
	assert_string_equal(dump.log, "vmcore-dmesg.txt");
	assert_string_equal(dump.panic, "Kernel panic - not syncing: sysrq");
	assert_false(dump.is_partial);
	arena_free(&arena);
}

static void of_kdump_tools(void **state)
{
	const struct table_source files =
		TABLE_SOURCE({ "var/crash/202611271828/dmesg.202611271828", "no reason" },
			{ "var/crash/202611271828/dump.202611271828", "" },
			{ "var/crash/202611271827/dump.202611271827", "" });
	struct arena arena = { 0 };
	struct dump dump = find(&files.source, &arena);

	(void)state;
	assert_string_equal(dump.folder, "/var/crash/202611271828");
	assert_string_equal(dump.core, "dump.202611271828");
	assert_string_equal(dump.log, "dmesg.202611271828");
	assert_null(dump.panic);
	arena_free(&arena);
}

static void what_was_not_finished(void **state)
{
	const struct table_source files =
		TABLE_SOURCE({ "var/crash/2026-11-27-18:29/vmcore-dmesg-incomplete.txt", "" },
			{ "var/crash/2026-11-27-18:29/vmcore-incomplete", "" });
	struct arena arena = { 0 };
	struct dump dump = find(&files.source, &arena);

	(void)state;
	assert_true(dump.is_partial);
	assert_string_equal(dump.core, "vmcore-incomplete");
	arena_free(&arena);
}

static void none_is_none(void **state)
{
	const struct table_source nothing = TABLE_SOURCE({ "etc/fstab", "" }),
				  others = TABLE_SOURCE(
					  { "var/crash/x.crash", "" }, { "var/crash/2026", "" });
	struct arena arena = { 0 };

	(void)state;
	assert_null(find(&nothing.source, &arena).folder);
	assert_null(find(&others.source, &arena).folder);
	arena_free(&arena);
}

static void what_cannot_be_read_is_not_none(void **state)
{
	const struct table_source files = TABLE_SOURCE({ "var/crash", .is_unreadable = true });
	struct arena arena = { 0 };
	struct error err = { 0 };
	struct dump dump;

	(void)state;
	assert_false(dump_find_last(&files.source, &arena, &dump, &err));
	assert_reason(err, "cannot be read");
	arena_free(&arena);
}

static void facts_by_either_name(void **state)
{
	const struct table_source newer = TABLE_SOURCE({ "sys/kernel/kexec/crash_loaded", "1\n" },
					  { "sys/kernel/kexec/crash_size", "268435456\n" },
					  { "sys/kernel/kexec/crash_elfcorehdr_size", "507904\n" },
					  { "sys/devices/system/cpu/crash_hotplug", "1\n" }),
				  older = TABLE_SOURCE({ "sys/kernel/kexec_crash_loaded", "0\n" },
					  { "sys/kernel/kexec_crash_size", "0\n" }),
				  bad = TABLE_SOURCE(
					  { "sys/kernel/kexec_crash_size", .is_unreadable = true });
	struct arena arena = { 0 };
	struct error err = { 0 };
	struct crash_facts facts;

	(void)state;
	assert_true(crash_facts_read(&newer.source, &arena, &facts, &err));
	assert_int_equal(facts.loaded, ANSWER_YES);
	assert_true(facts.is_reserved_known && facts.is_header_known);
	assert_int_equal(facts.reserved, 256 << 20);
	assert_int_equal(facts.header, 507904);
	assert_int_equal(facts.updates_cpus, ANSWER_YES);
	assert_int_equal(facts.updates_memory, ANSWER_UNKNOWN);
	assert_true(crash_facts_read(&older.source, &arena, &facts, &err));
	assert_int_equal(facts.loaded, ANSWER_NO);
	assert_true(facts.is_reserved_known && facts.reserved == 0 && !facts.is_header_known);
	assert_false(crash_facts_read(&bad.source, &arena, &facts, &err));
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(the_newest_of_three_tools),
		CASE(of_kdump_tools),
		CASE(what_was_not_finished),
		CASE(none_is_none),
		CASE(what_cannot_be_read_is_not_none),
		CASE(facts_by_either_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
