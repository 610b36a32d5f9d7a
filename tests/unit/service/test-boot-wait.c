/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test.h"

#include "../machine/table-source.h"
#include "service/boot-wait.h"

static bool read_text(const char *text, struct arena *arena, struct boot_time *ret)
{
	const struct table_source source = TABLE_SOURCE({ "var/lib/saut/boot-time", text });

	return boot_time_read(&source.source, arena, ret);
}

static void what_is_measured_is_read(void **state)
{
	static const char *const damaged[] = { "", "\n", "12", "12 ", "x id", "-1 id", "1.5 id" };
	const struct boot_time made = { 47, "a-boot" };
	struct arena arena = { 0 };
	struct boot_time t;

	(void)state;
	assert_true(read_text(boot_time_text(&made, &arena), &arena, &t));
	assert_int_equal(t.seconds, 47);
	assert_string_equal(t.boot_id, "a-boot");
	for (size_t i = 0; i < sizeof damaged / sizeof *damaged; i++)
		assert_false(read_text(damaged[i], &arena, &t));
	arena_free(&arena);
}

static void what_waits_for_a_person(void **state)
{
	static const struct {
		const char *crypttab, *line, *words; /* NULL: nothing */
	} cases[] = {
		{ "", "root=/dev/sda1", NULL },
		{ "# a b none\nswap /dev/sda2 /dev/urandom swap\n", "quiet", NULL },
		{ "data UUID=1 /etc/keys/data luks\n", "quiet", NULL },
		{ "root UUID=1 none luks,discard\n", "quiet", "/etc/crypttab" },
		{ "root UUID=1 -\n", "quiet", "/etc/crypttab" },
		{ "root UUID=1\n", "quiet", "/etc/crypttab" },
		{ "root UUID=1 none luks,tpm2-device=auto\n", "quiet", NULL },
		{ "usb UUID=1 none luks,noauto\n", "quiet", NULL },
		{ "root UUID=1 none luks,fido2-device=auto\n", "quiet", "/etc/crypttab" },
		{ "", "quiet rd.luks.uuid=luks-1", "(rd.luks.uuid=luks-1)" },
		{ "", "cryptdevice=UUID=1:root", "(cryptdevice=" },
		{ "", "quiet fsck.mode=force", "fsck.mode=force" },
		{ "", "quiet fsck.mode=auto", NULL },
	};
	struct arena arena = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const struct table_source source = TABLE_SOURCE(
			{ "etc/crypttab", cases[i].crypttab }, { "proc/cmdline", cases[i].line });
		const char *words = boot_waits_for(&source.source, &arena);

		if (!cases[i].words)
			assert_null(words);
		else if (!words || !strstr(words, cases[i].words))
			fail_msg("case %zu: %s", i, words ? words : "nothing");
	}
	arena_free(&arena);
}

/* Whatever file system it is: which one a boot waits for is not known. */
static void what_is_damaged_is_checked_at_length(void **state)
{
	const struct table_source well = TABLE_SOURCE({ "sys/fs/ext4/sda1/errors_count", "0\n" },
		{ "sys/fs/ext4/features/casefold", "supported\n" });
	const struct table_source damaged = TABLE_SOURCE({ "sys/fs/ext4/sda1/errors_count", "0\n" },
		{ "sys/fs/ext4/sdb1/errors_count", "3\n" });
	struct arena arena = { 0 };
	const char *words = boot_waits_for(&damaged.source, &arena);

	(void)state;
	assert_null(boot_waits_for(&well.source, &arena));
	assert_non_null(words);
	assert_non_null(strstr(words, "/sys/fs/ext4/sdb1/errors_count is 3"));
	arena_free(&arena);
}

int main(void)
{
	static const struct CMUnitTest tests[] = { CASE(what_is_measured_is_read),
		CASE(what_waits_for_a_person), CASE(what_is_damaged_is_checked_at_length) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
