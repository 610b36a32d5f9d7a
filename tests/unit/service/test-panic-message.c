/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test.h"

#include "../machine/table-source.h"
#include "service/panic-message.h"

#define PANIC "Kernel panic - not syncing: VFS: Unable to mount root fs"

static void what_pstore_has(void **state)
{
	struct table_source live = TABLE_SOURCE({ "sys/fs/pstore/console-ramoops-0", PANIC },
		{ "sys/fs/pstore/dmesg-efi-1",
			"Panic#1 Part1\n<6>[ 1.0] x\n<0>[ 2.0] " PANIC "\n" });
	struct table_source kept = TABLE_SOURCE(
		{ "var/lib/systemd/pstore/1796000000000000/dmesg.txt",
			"<0>[ 2.0] " PANIC " (old)\n" },
		{ "var/lib/systemd/pstore/1796000100000000/dmesg.txt", "<0>[ 2.0] " PANIC "\n" });
	struct table_source none = TABLE_SOURCE({ "sys/fs/pstore/dmesg-efi-1", "Oops#1\n" });
	struct arena arena = { 0 };

	(void)state;
	assert_string_equal(panic_message_find(&live.source, 0, &arena), PANIC);
	assert_string_equal(panic_message_find(&kept.source, 1796000050, &arena), PANIC);
	assert_null(panic_message_find(&kept.source, 1796000200, &arena));
	assert_null(panic_message_find(&none.source, 0, &arena));
	arena_free(&arena);
}

int main(void)
{
	static const struct CMUnitTest tests[] = { CASE(what_pstore_has) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
