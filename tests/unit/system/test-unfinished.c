/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A load in the shutdown that has begun and not ended is known for one, and only in its own boot. */
#include "test.h"

#include "../machine/table-source.h"
#include "system/unfinished.h"

#define BOOT_ID "proc/sys/kernel/random/boot_id"

static const struct {
	const char *what;
	struct table_file file;
	bool is;
} rows[] = {
	{ "none has begun", { "x", "" }, false },
	{ "one has", { "run/saut/loading", "this-boot" }, true },
	{ "one had, in an earlier boot", { "run/saut/loading", "other-boot" }, false },
	{ "nobody can say", { "run/saut/loading", .is_unreadable = true }, true },
};

static void each_is_told(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct table_source files = TABLE_SOURCE(rows[i].file, { BOOT_ID, "this-boot\n" });
		struct arena arena = { 0 };

		if (unfinished_is(&files.source, &arena) != rows[i].is)
			fail_msg("%s", rows[i].what);
		arena_free(&arena);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = { CASE(each_is_told) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
