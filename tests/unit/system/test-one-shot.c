/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test.h"

#include <stdio.h>
#include <unistd.h>

#include "../machine/table-source.h"
#include "system/one-shot.h"

#define MENU                                                                                        \
	"load_env\nset default=\"${saved_entry}\"\nif [ \"${next_entry}\" ]; then save_env x; fi\n" \
	"menuentry 'New' --id new {\n linux /boot/vmlinuz-6.12 root=/dev/sda1\n}\n"                 \
	"submenu 'More' --id more {\nmenuentry 'Old' --id old {\n linux /boot/vmlinuz-6.1 root=/dev/sda1\n}\n}\n"

/* What one_shot_find looks at, where GRUB was told something and there is a trial. */
static struct one_shot found_with(
	const struct table_file *given, const char *told, const char *trial, bool is_default)
{
	static struct arena arena;
	static char block[1025];
	struct table_source source = TABLE_SOURCE(given[0], given[1], given[2],
		{ "boot/grub/grubenv", block }, { "var/lib/saut/trial", trial });
	const struct entry items[] = {
		{ .title = "New",
			.is_default = !is_default,
			.command_line = "root=/dev/sda1",
			.boot_once_by = ONCE_BY_GRUB,
			.boot_once = "new" },
		{ .title = "Old",
			.is_default = is_default,
			.is_running = true,
			.command_line = "root=/dev/sda1",
			.boot_once_by = ONCE_BY_GRUB,
			.boot_once = "more>old" },
		{ .title = "Old, rescue",
			.is_running = true,
			.boot_once_by = ONCE_BY_GRUB,
			.boot_once = "rescue",
			.command_line = "root=/dev/sda1 single" },
	};
	const struct entries entries = { .items = items, .count = 3 };

	memset(block, '#', 1024);
	memcpy(block, "# GRUB Environment Block\nsaved_entry=new\n", 41);
	memcpy(block + 41, told, strlen(told));
	return one_shot_find(&source.source, &entries, &arena);
}

static struct one_shot found(
	const char *menu, const char *mounts, const char *line, bool is_default)
{
	const struct table_file files[] = { { "boot/grub/grub.cfg", menu },
		{ "proc/self/mountinfo", mounts }, { "proc/cmdline", line } };

	return found_with(files, "", "", is_default);
}

#define EXT4  "25 1 8:1 / / rw - ext4 /dev/sda1 rw\n"
#define BTRFS "25 1 0:22 /@ / rw - btrfs /dev/sda1 rw\n"
#define LVM   "25 1 253:0 / / rw - ext4 /dev/mapper/vg-root rw\n"

static void what_grub_cannot_do_is_not_asked_of_it(void **state)
{
	(void)state;
	assert_string_equal(found(MENU, BTRFS, "root=/dev/sda1", false).why_not,
		"GRUB cannot write to the file system of grubenv, or that is not known");
	assert_string_equal(found(MENU, LVM, "root=/dev/sda1", false).why_not,
		"GRUB cannot write to the file system of grubenv, or that is not known");
	assert_string_equal(found(MENU, "", "root=/dev/sda1", false).why_not,
		"GRUB cannot write to the file system of grubenv, or that is not known");
	assert_string_equal(found("set default=0\n", EXT4, "root=/dev/sda1", false).why_not,
		"GRUB's menu does not read next_entry");
	assert_string_equal(found(MENU, EXT4, "root=/dev/sda1 else", false).why_not,
		"which entry runs is not known");
	assert_null(found(MENU, BTRFS, "root=/dev/sda1", false).file);
}

#define TRIAL(state, one_shot)                                                          \
	"STATE=" state "\nCONFIRM=auto\nID=1\nBOOT_ID=2\nKERNEL=/k\nWHEN=1\nWITHIN=1\n" \
	"AFTER=0\nONE_SHOT='/boot/grub/grubenv " one_shot "'\n"

/* What is loaded anew in a shutdown finds what was told for what it replaces. */
static void what_an_earlier_trial_has_told_is_nobody_elses(void **state)
{
	static const char others[] = "GRUB was told to boot another entry once";
	static const struct table_file files[] = { { "boot/grub/grub.cfg", MENU },
		{ "proc/self/mountinfo", EXT4 }, { "proc/cmdline", "root=/dev/sda1" } };
	static const struct {
		const char *told, *trial;
		bool is_others;
	} rows[] = {
		{ "", "", false },
		{ "next_entry=more>old\n", "", true },
		{ "next_entry=more>old\n", TRIAL("left", "more>old"), false },
		{ "next_entry=more>old\n", TRIAL("up", "more>old"), false },
		{ "next_entry=more>old\n", TRIAL("left", "new"), true },
		{ "next_entry=more>old\n", TRIAL("confirmed", "more>old"), true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		/* The file itself is asked whether it can be written. */
		const char *why = found_with(files, rows[i].told, rows[i].trial, false).why_not;

		if (rows[i].is_others != (why && strcmp(why, others) == 0) ||
			(why && strcmp(why, "grubenv cannot be written") != 0 &&
				!rows[i].is_others))
			fail_msg("row %zu: %s", i, why ? why : "nothing");
	}
}

/* Why nothing is told for a running entry that is so, while another one is the default. */
static const char *why_not(struct entry running)
{
	static struct arena arena;
	struct table_source source = TABLE_SOURCE({ "proc/cmdline", "root=/dev/sda1" });
	struct entry items[] = { { .title = "New", .is_default = true }, running };
	const struct entries entries = { .items = items, .count = 2 };
	struct one_shot o;

	items[1].title = "Old";
	items[1].is_running = true;
	o = one_shot_find(&source.source, &entries, &arena);
	assert_null(o.file);
	assert_string_equal(o.title, "New");
	return o.why_not;
}

static void each_boot_loader_has_its_reason(void **state)
{
	(void)state;
	assert_string_equal(why_not((struct entry){ .kind = ENTRY_EXTLINUX }),
		"extlinux is told by a program of its own alone");
	assert_string_equal(why_not((struct entry){ .kind = ENTRY_BLS, .is_counted = true }),
		"the running entry is counted by the boot loader, which renames it");
	assert_string_equal(why_not((struct entry){ .kind = ENTRY_LINK }),
		"its boot loader is not told so by files that we know");
	assert_string_equal(
		why_not((struct entry){ .boot_once = "a", .boot_once_by = ONCE_BY_EFI }),
		"the boot loader does not say that it can boot an entry once");
	assert_string_equal(
		why_not((struct entry){ .boot_once = "a", .boot_once_by = ONCE_BY_GRUB }),
		"there is no grubenv, or more than one");
}

#define VENDOR   "-4a67b082-0a4c-41cf-b6c7-440b29bb8c4f"
#define EFI      "sys/firmware/efi/efivars/"
#define FEATURES { EFI "LoaderFeatures" VENDOR, "\6\0\0\0\0\0\0\0\0\0\0\0", 12 }
#define SELECTED { EFI "LoaderEntrySelected" VENDOR, "\6\0\0\0b\0\0", 8 }

/* Of two entries with the same words, the one that was booted; which says nothing after a jump. */
static void the_entry_that_was_booted_runs(void **state)
{
	static const struct {
		const char *loader_type, *why;
	} cases[] = {
		{ "114\n", "the boot loader does not say that it can boot an entry once" },
		{ "209\n", "which entry runs is not known" },
	};
	const struct entry items[] = {
		{ .title = "New", .is_default = true },
		{ .title = "A", .is_running = true, .boot_once = "a", .boot_once_by = ONCE_BY_EFI },
		{ .title = "B", .is_running = true, .boot_once = "b", .boot_once_by = ONCE_BY_EFI },
	};
	const struct entries entries = { .items = items, .count = 3 };

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct table_source source = TABLE_SOURCE(FEATURES, SELECTED,
			{ "proc/sys/kernel/bootloader_type", cases[i].loader_type });
		struct arena arena = { 0 };

		assert_string_equal(
			one_shot_find(&source.source, &entries, &arena).why_not, cases[i].why);
		arena_free(&arena);
	}
}

/* It leads there by itself. */
static void the_default_needs_nothing(void **state)
{
	struct one_shot o = found("", "", "", true);

	(void)state;
	assert_null(o.file);
	assert_null(o.why_not);
	assert_string_equal(o.title, "Old");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		CASE(what_grub_cannot_do_is_not_asked_of_it),
		CASE(what_an_earlier_trial_has_told_is_nobody_elses),
		CASE(each_boot_loader_has_its_reason),
		CASE(the_entry_that_was_booted_runs),
		CASE(the_default_needs_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
