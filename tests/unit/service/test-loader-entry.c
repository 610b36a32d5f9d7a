/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test.h"

#include "../machine/table-source.h"
#include "service/loader-entry.h"

#define VENDOR "-4a67b082-0a4c-41cf-b6c7-440b29bb8c4f"
#define EFI    "sys/firmware/efi/efivars/"

/* Attributes 7: it outlives a reset, and the boot loader and the system may see it. */
static const char a_conf[] = "\7\0\0\0a\0.\0c\0o\0n\0f\0\0";

static void a_name_is_written_as_the_interface_wants_it(void **state)
{
	struct arena arena = { 0 };
	struct view file;

	(void)state;
	assert_true(loader_entry_bytes("a.conf", &arena, &file));
	assert_int_equal(file.n, sizeof a_conf);
	assert_memory_equal(file.p, a_conf, sizeof a_conf);
	assert_false(loader_entry_bytes("", &arena, &file));
	assert_false(loader_entry_bytes("\303\244.conf", &arena, &file));
	assert_false(loader_entry_bytes("a\n.conf", &arena, &file));
	arena_free(&arena);
}

static void only_the_whole_name_is_that_name(void **state)
{
	const struct view whole = { (const uint8_t *)a_conf, sizeof a_conf };
	uint8_t other[sizeof a_conf];

	(void)state;
	assert_true(loader_entry_is(whole, "a.conf"));
	assert_false(loader_entry_is(whole, "a.con"));
	assert_false(loader_entry_is(whole, "a.confx"));
	for (size_t n = 0; n < whole.n; n++)
		assert_false(loader_entry_is(view_first(whole, n), "a.conf"));
	for (size_t i = 0; i < whole.n; i++) {
		memcpy(other, a_conf, sizeof other);
		other[i] ^= 0x20;
		/* Whatever its attributes are. */
		assert_int_equal(
			loader_entry_is((struct view){ other, sizeof other }, "a.conf"), i < 4);
	}
}

#define FEATURES(bits) { EFI "LoaderFeatures" VENDOR, "\6\0\0\0" bits "\0\0\0\0\0\0\0", 12 }

#define TOLD { EFI "LoaderEntryOneShot" VENDOR, a_conf, sizeof a_conf }

static void who_cannot_or_is_told_already_is_not_told(void **state)
{
	static const struct {
		struct table_file files[3];
		const char *why, *own;
	} rows[] = {
		{ { FEATURES("\x08") }, NULL },
		{ { FEATURES("\x7f") }, NULL },
		{ { { "x", "x" } }, "does not say" },
		{ { FEATURES("\x77") }, "does not say" },
		{ { { EFI "LoaderFeatures" VENDOR, "\6\0\0\0\x08\0\0", 7 } }, "does not say" },
		{ { { EFI "LoaderFeatures" VENDOR, .is_unreadable = true } }, "cannot be read" },
		{ { FEATURES("\x08"), { EFI "LoaderEntryOneShot" VENDOR, "x" } }, "another entry" },
		{ { FEATURES("\x08"), { EFI "LoaderEntryOneShot" VENDOR, .is_unreadable = true } },
			"cannot be read" },
		{ { FEATURES("\x08"), { "sys/kernel/boot_params/version", "x" } },
			"the next kernel could not take it back" },
		{ { FEATURES("\x08"), { "sys/kernel/boot_params/version", "x" },
			  { "sys/firmware/efi/runtime-map/0/type", "x" } },
			NULL },
		/* Ours, which is taken back before another one is set. */
		{ { FEATURES("\x08"), TOLD }, "another entry", NULL },
		{ { FEATURES("\x08"), TOLD }, NULL, "a.conf" },
		{ { FEATURES("\x08"), TOLD }, "another entry", "b.conf" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const size_t count = rows[i].files[2].path ? 3 : rows[i].files[1].path ? 2 : 1;
		struct table_source source = { { table_read, source_look_by_read, table_list },
			rows[i].files, count };
		struct arena arena = { 0 };
		const char *why = loader_entry_obstacle(&source.source, rows[i].own, &arena);

		if (!why != !rows[i].why || (why && !strstr(why, rows[i].why)))
			fail_msg("row %zu: %s", i, why ? why : "nothing");
		arena_free(&arena);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		CASE(a_name_is_written_as_the_interface_wants_it),
		CASE(only_the_whole_name_is_that_name),
		CASE(who_cannot_or_is_told_already_is_not_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
