/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test.h"

#include "../entry/adv-file.h"
#include "../machine/table-source.h"
#include "service/off-switch.h"
#include "service/one-time.h"

#define EFI    "sys/firmware/efi/efivars/"
#define LOADER "-4a67b082-0a4c-41cf-b6c7-440b29bb8c4f"
#define SETUP  EFI "OsIndications-8be4df61-93ca-11d2-aa0d-00e098032b8c"

static const struct {
	struct table_file file;
	const char *what;
} rows[] = {
	{ { EFI "LoaderEntryOneShot" LOADER, "\7\0\0\0a\0\0", 8 }, "an entry once" },
	{ { EFI "LoaderConfigTimeoutOneShot" LOADER, "x", 1 }, "its menu once" },
	{ { "run/systemd/reboot-to-firmware-setup", "\n", 1 }, "setup" },
	{ { SETUP, "\7\0\0\0\1\0\0\0\0\0\0\0", 12 }, "setup" },
	{ { SETUP, "\7\0\0\0\4\0\0\0\0\0\0\0", 12 }, NULL },
	{ { SETUP, "\7\0\0\0\1\0\0", 7 }, NULL },
	{ { "boot/grub/grubenv", "# GRUB Environment Block\nsaved_entry=0\nnext_entry=1>2\n####",
		  0 },
		"next_entry in /boot/grub/grubenv" },
	{ { "boot/grub2/grubenv", "# GRUB Environment Block\nnext_entry=x\n", 0 },
		"next_entry in /boot/grub2/grubenv" },
	{ { "efi/grub/grubenv", "next_entry=x\n", 0 }, "next_entry in /efi/grub/grubenv" },
	{ { "boot/efi/EFI/fedora/grubenv", "next_entry=x\n", 0 },
		"next_entry in /boot/efi/EFI/fedora/grubenv" },
	{ { "boot/grub/grubenv", "# GRUB Environment Block\nnext_entry=\nsaved_entry=0\n", 0 },
		NULL },
	{ { "boot/grub/grubenv", "# GRUB Environment Block\nmy_next_entry=1\n", 0 }, NULL },
	{ { "boot/grub/grubenv", "next_entry", 0 }, NULL },
	{ { EFI "LoaderEntryDefault" LOADER, "x", 1 }, NULL },
};

static void what_is_for_one_boot_goes_to_those_who_were_told(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct table_source source = { { table_read, source_look_by_read, table_list },
			&rows[i].file, 1 };
		const struct kexec_ability ability = { .load_limit_reboot = -1 };
		struct arena arena = { 0 };
		const char *unknown, *what = one_time_find(&source.source, &arena, &unknown);
		struct off_switch off = off_switch_find(&source.source, &arena, &ability);

		if (!what != !rows[i].what || (what && !strstr(what, rows[i].what)))
			fail_msg("row %zu: %s", i, what ? what : "nothing");
		assert_int_equal(off.kind, what ? OFF_ONCE : OFF_NONE);
		arena_free(&arena);
	}
}

#define TRIAL(state, one_shot)                                                          \
	"STATE=" state "\nCONFIRM=auto\nID=1\nBOOT_ID=b\nKERNEL=/k\nWHEN=1\nWITHIN=1\n" \
	"AFTER=0\nONE_SHOT='" one_shot "'\n"

/* Of a trial that is not over, and nobody else's. */
static void our_own_is_no_wish_for_the_firmware(void **state)
{
	static const struct {
		const char *trial;
		bool is_ours;
	} cases[] = {
		{ TRIAL("left", "/boot/grub/grubenv a>b c"), true },
		{ TRIAL("up", "/boot/grub/grubenv a>b c"), true },
		{ TRIAL("confirmed", "/boot/grub/grubenv a>b c"), false },
		{ TRIAL("refused", "/boot/grub/grubenv a>b c"), false },
		{ TRIAL("left", "/boot/grub/grubenv other"), false },
		{ TRIAL("left", "/boot/grub2/grubenv a>b c"), false },
		{ TRIAL("left", ""), false },
		{ "damaged", false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct table_source source = TABLE_SOURCE(
			{ "boot/grub/grubenv", "# GRUB Environment Block\nnext_entry=a>b c\n" },
			{ "var/lib/saut/trial", cases[i].trial });
		struct arena arena = { 0 };
		const char *unknown;

		assert_int_equal(
			one_time_find(&source.source, &arena, &unknown) == NULL, cases[i].is_ours);
		arena_free(&arena);
	}
}

static void extlinux_once_is_told(void **state)
{
	uint8_t adv[ADV_FILE];
	struct table_source source =
		TABLE_SOURCE({ "boot/syslinux/ldlinux.sys", (const char *)adv, sizeof adv });
	struct arena arena = { 0 };
	const char *unknown, *what;

	(void)state;
	adv_make(adv, 1, "rescue");
	what = one_time_find(&source.source, &arena, &unknown);
	assert_non_null(what);
	assert_non_null(strstr(what, "/boot/syslinux/ldlinux.sys"));
	adv_make(adv, 2, "rescue");
	assert_null(one_time_find(&source.source, &arena, &unknown));
	assert_null(unknown);
	arena_free(&arena);
}

/* Somebody may be told something in it. */
static void what_cannot_be_read_counts_as_told(void **state)
{
	static const char *const paths[] = { "boot/grub/grubenv", "boot/grub2/grubenv",
		"efi/grub/grubenv", "boot/efi/EFI", EFI "LoaderEntryOneShot" LOADER, SETUP };
	const struct kexec_ability ability = { .load_limit_reboot = -1 };

	(void)state;
	for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
		struct table_source source =
			TABLE_SOURCE({ .path = paths[i], .is_unreadable = true });
		struct arena arena = { 0 };
		const char *unknown;
		struct off_switch off;

		assert_null(one_time_find(&source.source, &arena, &unknown));
		assert_non_null(unknown);
		assert_non_null(strstr(unknown, paths[i]));
		off = off_switch_find(&source.source, &arena, &ability);
		assert_int_equal(off.kind, OFF_UNKNOWN);
		assert_non_null(strstr(off.what, paths[i]));
		arena_free(&arena);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		CASE(what_is_for_one_boot_goes_to_those_who_were_told),
		CASE(our_own_is_no_wish_for_the_firmware),
		CASE(extlinux_once_is_told),
		CASE(what_cannot_be_read_counts_as_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
