/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What keeps a file system from being written by a read-only mount, by its first bytes. */
#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sys/journal.h"

static uint8_t bytes[JOURNAL_LOOK];

static struct view with(size_t at, const char *magic, size_t n)
{
	memset(bytes, 0, sizeof bytes);
	memcpy(bytes + at, magic, n);
	return (struct view){ bytes, sizeof bytes };
}

static void each_journal_has_its_option(void **state)
{
	static const struct {
		size_t at;
		const char *magic;
		size_t n;
		const char *options;
	} cases[] = {
		{ 0, "XFSB", 4, ",norecovery" }, { 0x10040, "_BHRfS_M", 8, ",rescue=nologreplay" },
		{ 0x400, "\x10\x20\xf5\xf2", 4, ",norecovery" }, { 0x52, "FAT32", 5, "" },
		{ 0x36, "FAT1", 4, "" }, { 0x8001, "CD001", 5, "" },
		{ 0x438, "\x53\xef", 2, "" }, /* without a journal */
	};
	struct error err = { 0 };
	const char *options;

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct view whole = with(cases[i].at, cases[i].magic, cases[i].n);

		assert_true(journal_options(whole, &options, &err));
		assert_string_equal(options, cases[i].options);
		/* Cut within what tells it, it is not known. */
		for (size_t n = cases[i].at; n < cases[i].at + cases[i].n; n++)
			assert_false(journal_options((struct view){ bytes, n }, &options, &err));
	}
}

static void what_is_not_known_is_not_mounted(void **state)
{
	struct view nothing = with(0, "", 0);
	struct error err = { 0 };
	const char *options;

	(void)state;
	assert_false(journal_options(nothing, &options, &err));
	assert_int_equal(err.fault, FAULT_NOT_MOUNTED);
	assert_reason(err, "no file system that is known to be left as it is");
}

/* Their removal is no matter of the journal, and not kept from by its option. */
static void an_ext4_with_files_to_remove_is_not_mounted(void **state)
{
	struct view ext = with(0x438, "\x53\xef", 2);
	struct error err = { 0 };
	const char *options;

	(void)state;
	bytes[0x45c] = 0x4;
	assert_true(journal_options(ext, &options, &err));
	assert_string_equal(options, ",noload");
	bytes[0x4e8] = 12;
	assert_false(journal_options(ext, &options, &err));
	assert_reason(err, "would remove files from it");
	bytes[0x4e8] = 0;
	bytes[0x466] = 1;
	assert_false(journal_options(ext, &options, &err));
}

static void what_is_no_device_needs_no_option(void **state)
{
	static const char *const cases[] = { "server:/boot", "bpool/BOOT/debian", "/", "tmpfs" };
	char path[] = "/tmp/saut-journal-XXXXXX";
	int fd = mkstemp(path);
	struct error err = { 0 };
	const char *options;

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		assert_true(journal_options_of(cases[i], &options, &err));
		assert_string_equal(options, "");
	}
	assert_false(journal_options_of("UUID=no-such-device", &options, &err));
	assert_reason(err, "there is no device UUID=no-such-device");
	assert_false(journal_options_of("/dev/no-such-device", &options, &err));
	(void)with(0, "XFSB", 4);
	assert_int_equal(write(fd, bytes, sizeof bytes), sizeof bytes);
	close(fd);
	assert_true(journal_options_of(path, &options, &err));
	assert_string_equal(options, ",norecovery");
	unlink(path);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		CASE(each_journal_has_its_option),
		CASE(what_is_not_known_is_not_mounted),
		CASE(an_ext4_with_files_to_remove_is_not_mounted),
		CASE(what_is_no_device_needs_no_option),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
