/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a kernel lacks that hands no keys over is named. */
#include "test.h"

#include "../machine/table-source.h"
#include "system/dump-keys.h"

static void assert_refused(const struct table_source *files, const char *reason)
{
	static const char *const names[] = { "one" };
	struct system s = { .source = &files->source };
	struct error err = { 0 };

	assert_false(dump_keys_choose(&s, names, 1, &err));
	assert_reason(err, reason);
	arena_free(&s.arena);
}

static void what_is_missing_is_named(void **state)
{
	const struct table_source without = TABLE_SOURCE({ "saut/uname", "6.12 x86_64\n" },
					  { "boot/config-6.12", "CONFIG_KEXEC=y\n" }),
				  built = TABLE_SOURCE({ "saut/uname", "7.0 x86_64\n" },
					  { "boot/config-7.0", "CONFIG_CRASH_DM_CRYPT=y\n" }),
				  unknown = TABLE_SOURCE({ "saut/uname", "6.12 x86_64\n" });

	(void)state;
	assert_refused(&without, "/boot/config-6.12 has no CONFIG_CRASH_DM_CRYPT=y");
	assert_refused(&built, "configfs is not mounted on /sys/kernel/config");
	assert_refused(&unknown, "configfs is not mounted, or the running kernel has no");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(what_is_missing_is_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
