/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test.h"

#include "report/kernel-times.h"

static const char messages[] =
	"0 Linux version 6.12.90 (builder@host)\n"
	"310000 calling  pci_init+0x0/0x40 @ 1\n"
	"312000 initcall pci_init+0x0/0x40 returned 0 after 2000 usecs\n"
	"312500 initcall early_one+0x0/0x40 [mod] returned 0 after 12 usecs\n"
	"400000 probe of 0000:00:01.0 returned 0 after 45000 usecs\n"
	"410000 probe of vda1 returned 1 after no usecs\n"
	"500000 Run /init as init process\n"
	"500100   with arguments:\n"
	"900000 EXT4-fs (vda10): mounted filesystem with ordered data mode\n"
	"1200000 EXT4-fs (vda1): mounted filesystem with ordered data mode\n"
	"1900000 EXT4-fs (vda1): re-mounted. Quota mode: none.\n"
	"2000000 EXT4-fs (vda1): mounted filesystem with ordered data mode\n"
	"2000001 Run /sbin/init as init process\n"
	"no time\n";

static void moments_are_found(void **state)
{
	struct arena arena = { 0 };
	struct kernel_times t = kernel_times_parse(view_of_string(messages), "vda1", &arena);

	(void)state;
	assert_true(t.has_beginning);
	assert_true(t.init.is_known);
	assert_int_equal(t.init.us, 500000);
	assert_true(t.root.is_known);
	assert_int_equal(t.root.us, 1200000);
	assert_int_equal(t.initcalls.count, 2);
	assert_string_equal(t.initcalls.items[0].name, "pci_init");
	assert_int_equal(t.initcalls.items[0].us, 2000);
	assert_int_equal(t.initcalls.items[0].begun_us, 310000);
	assert_string_equal(t.initcalls.items[1].name, "early_one");
	assert_int_equal(t.probes.count, 1);
	assert_string_equal(t.probes.items[0].name, "0000:00:01.0");
	arena_free(&arena);
}

/* Each file system says it in its own words, of this device alone. */
static void mounts_of_each_file_system(void **state)
{
	static const struct {
		const char *line, *device;
		bool is_one;
	} rows[] = {
		{ "0 Linux version 6\n7 XFS (sda2): Ending clean mount\n", "sda2", true },
		{ "0 Linux version 6\n7 XFS (sda2): Mounting V5 Filesystem\n", "sda2", false },
		{ "0 Linux version 6\n7 XFS (sda22): Ending clean mount\n", "sda2", false },
		{ "0 Linux version 6\n7 BTRFS info (device dm-0): using crc32c\n", "dm-0", true },
		{ "0 Linux version 6\n7 F2FS-fs (sdb): Mounted with checkpoint version = 1\n",
			"sdb", true },
		{ "0 Linux version 6\n7 EXT4-fs (sdb): mounted filesystem with ordered data mode\n",
			"", false },
		{ "0 Linux version 6\n7 EXT4-fs error (device sdb): mounted filesystem\n", "sdb",
			false },
	};
	struct arena arena = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		assert_int_equal(
			kernel_times_parse(view_of_string(rows[i].line), rows[i].device, &arena)
				.root.is_known,
			rows[i].is_one);
	arena_free(&arena);
}

static void a_log_without_its_beginning_tells_so(void **state)
{
	const char *late = strstr(messages, "1900000");
	struct arena arena = { 0 };
	struct kernel_times t = kernel_times_parse(view_of_string(late), "vda1", &arena);

	(void)state;
	assert_false(t.has_beginning);
	/* It may have been mounted before. */
	assert_false(t.root.is_known);
	arena_free(&arena);
}

static void cut_anywhere_it_tells_no_more(void **state)
{
	struct arena arena = { 0 };

	(void)state;
	for (size_t n = 0; n < sizeof messages; n++) {
		struct kernel_times t = kernel_times_parse(
			(struct view){ (const uint8_t *)messages, n }, "vda1", &arena);

		assert_true(!t.init.is_known || t.init.us == 500000);
		assert_true(!t.root.is_known || t.root.us == 1200000);
		assert_true(t.initcalls.count <= 2 && t.probes.count <= 1);
	}
	arena_free(&arena);
}

static void the_longest_stay(void **state)
{
	struct longest longest = { 0 };

	(void)state;
	for (uint64_t us = 1; us <= 25; us++)
		longest_add(&longest, (struct long_one){ "x", us * 7 % 26, 0 });
	assert_int_equal(longest.count, LONGEST);
	for (size_t i = 0; i < LONGEST; i++)
		assert_int_equal(longest.items[i].us, 25 - i);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		CASE(moments_are_found),
		CASE(mounts_of_each_file_system),
		CASE(a_log_without_its_beginning_tells_so),
		CASE(cut_anywhere_it_tells_no_more),
		CASE(the_longest_stay),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
