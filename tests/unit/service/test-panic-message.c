/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test.h"

#include <stdio.h>

#include "../machine/table-source.h"
#include "service/panic-message.h"

#define PANIC "Kernel panic - not syncing: VFS: Unable to mount root fs"

static void what_pstore_has(void **state)
{
	struct table_source live = TABLE_SOURCE({ "sys/fs/pstore/console-ramoops-0", PANIC },
		{ "sys/fs/pstore/dmesg-efi-179600010001001",
			"Panic#1 Part1\n<6>[ 1.0] x\n<0>[ 2.0] " PANIC "\n" });
	struct table_source ram = TABLE_SOURCE({ "sys/fs/pstore/dmesg-ramoops-0", PANIC });
	struct table_source none = TABLE_SOURCE({ "sys/fs/pstore/dmesg-efi-1", "Oops#1\n" });
	struct arena arena = { 0 };

	(void)state;
	assert_string_equal(panic_message_find(&live.source, 1796000100, &arena), PANIC);
	assert_null(panic_message_find(&live.source, 1796000101, &arena));
	assert_string_equal(panic_message_find(&ram.source, 1796000101, &arena), PANIC);
	assert_null(panic_message_find(&none.source, 0, &arena));
	arena_free(&arena);
}

/* ERST counts on from the second of its first record in the upper half: 1796000100 << 32 and behind. */
static void an_old_panic_of_erst_is_not_this_one(void **state)
{
	struct table_source live =
		TABLE_SOURCE({ "sys/fs/pstore/dmesg-erst-7713761693112729603", PANIC });
	struct arena arena = { 0 };

	(void)state;
	assert_string_equal(panic_message_find(&live.source, 1796000100, &arena), PANIC);
	assert_null(panic_message_find(&live.source, 1796000101, &arena));
	arena_free(&arena);
}

/* Each version of systemd-pstore calls its folders otherwise; of what cannot be dated nothing is said. */
static void what_systemd_has_kept(void **state)
{
	static const struct {
		const char *folder;
		uint64_t latest; /* 0: never */
	} rows[] = {
		{ "1796000100/001", 1796000100 },
		{ "1796000100", 1796000100 },
		{ "179600010", 1796000109 },
		{ "7713761693112729603", 1796000100 },
		{ "7713761693112", 1796000100 },
		{ "1796000100000000", 0 },
		{ "18446744073709551615", 0 },
		{ "1", 0 },
		{ "x", 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct arena arena = { 0 };
		char path[96];
		struct table_source kept = TABLE_SOURCE({ path, "<0>[ 2.0] " PANIC "\n" });
		const char *then, *later;

		snprintf(path, sizeof path, "var/lib/systemd/pstore/%s/dmesg.txt", rows[i].folder);
		then = panic_message_find(&kept.source, rows[i].latest, &arena);
		later = panic_message_find(&kept.source, rows[i].latest + 1, &arena);
		if (!then != !rows[i].latest || later)
			fail_msg(
				"%s: %s, %s", rows[i].folder, then ? then : "", later ? later : "");
		arena_free(&arena);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		CASE(what_pstore_has),
		CASE(an_old_panic_of_erst_is_not_this_one),
		CASE(what_systemd_has_kept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
