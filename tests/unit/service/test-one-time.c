/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test.h"

#include "../entry/adv-file.h"
#include "../machine/table-source.h"
#include "service/off-switch.h"
#include "service/one-time.h"

#define EFI               "sys/firmware/efi/efivars/"
#define LOADER            "-4a67b082-0a4c-41cf-b6c7-440b29bb8c4f"
#define GLOBAL            "-8be4df61-93ca-11d2-aa0d-00e098032b8c"
#define SHIM              "-605dab50-e046-4300-abb6-3dd810dd8b23"
#define SETUP             EFI "OsIndications" GLOBAL
#define INDICATIONS(bits) { SETUP, "\7\0\0\0" bits "\0\0\0\0\0\0\0", 12 }
#define MOK(name)         { { EFI name SHIM, "\7\0\0\0x", 5 }, name }

static const struct {
	struct table_file file;
	const char *what;
} rows[] = {
	{ { EFI "LoaderEntryOneShot" LOADER, "\7\0\0\0a\0\0", 8 }, "an entry once" },
	{ { EFI "LoaderConfigTimeoutOneShot" LOADER, "x", 1 }, "its menu once" },
	{ { "run/systemd/reboot-to-firmware-setup", "\n", 1 }, "setup" },
	{ INDICATIONS("\1"), "setup" },
	{ INDICATIONS("\4"), "EFI/UpdateCapsule" },
	{ INDICATIONS("\x20"), "recover the operating system" },
	{ INDICATIONS("\x40"), "recover itself" },
	{ INDICATIONS("\x80"), "its configuration" },
	/* Bits that only say what firmware can do, and none. */
	{ INDICATIONS("\x1a"), NULL },
	{ INDICATIONS("\0"), NULL },
	{ { EFI "BootNext" GLOBAL, "\7\0\0\0\3\0", 6 }, "BootNext" },
	{ { EFI "BootCurrent" GLOBAL, "\6\0\0\0\3\0", 6 }, NULL },
	MOK("MokNew"),
	MOK("MokAuth"),
	MOK("MokDel"),
	MOK("MokDelAuth"),
	MOK("MokXNew"),
	MOK("MokXAuth"),
	MOK("MokXDel"),
	MOK("MokXDelAuth"),
	MOK("MokPW"),
	MOK("MokSB"),
	MOK("MokDB"),
	MOK("MokListTrustedNew"),
	/* What shim leaves for the running system, and what is in force. */
	{ { EFI "MokListRT" SHIM, "\7\0\0\0x", 5 }, NULL },
	{ { EFI "MokTimeout" SHIM, "\7\0\0\0x", 5 }, NULL },
	{ { EFI "SbatPolicy" SHIM, "\7\0\0\0\1", 5 }, "SbatPolicy" },
	{ { EFI "SbatPolicy" SHIM, "\7\0\0\0\3", 5 }, "SbatPolicy" },
	{ { EFI "SbatPolicy" SHIM, "\7\0\0\0\2", 5 }, NULL },
	{ { "boot/efi/EFI/UpdateCapsule/a.cap", "x", 1 }, "/boot/efi/EFI/UpdateCapsule/a.cap" },
	{ { "efi/EFI/UpdateCapsule/a.cap", "x", 1 }, "/efi/EFI/UpdateCapsule/a.cap" },
	{ { "boot/EFI/UpdateCapsule/a.cap", "x", 1 }, "/boot/EFI/UpdateCapsule/a.cap" },
	{ { "sys/class/tpm/tpm0/ppi/request", "0\n", 2 }, NULL },
	{ { "sys/class/tpm/tpm0/ppi/request", "5\n", 2 }, "operation 5" },
	{ { "sys/class/tpm/tpm1/ppi/request", "23 2\n", 5 }, "/sys/class/tpm/tpm1/ppi/request" },
	{ { "sys/class/tpm/tpm0/ppi/response", "5 0: Success\n", 0 }, NULL },
	{ { "run/ostree/staged-deployment", "x", 1 }, "deployment is staged" },
	{ { "run/nextroot/etc/os-release", "ID=x\n", 5 }, "/run/nextroot" },
	{ { "run/nextroot/usr/lib/os-release", "ID=x\n", 5 }, "/run/nextroot" },
	{ { "run/nextroot/boot/vmlinuz", "x", 1 }, NULL },
	{ { ".autorelabel", "\n", 1 }, "/.autorelabel" },
	{ { "forcefsck", "\n", 1 }, "/forcefsck" },
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
		const char *what = one_time_find(&source.source, &arena).what;
		struct off_switch off = off_switch_find(&source.source, &arena, &ability);

		if (!what != !rows[i].what || (what && !strstr(what, rows[i].what)))
			fail_msg("row %zu: %s", i, what ? what : "nothing");
		assert_int_equal(off.kind, what ? OFF_TOLD : OFF_NONE);
		arena_free(&arena);
	}
}

/* One path is a link, another cannot be read. */
static enum presence link_of_updates(const struct source *source, const char *path,
	struct arena *arena, const char **ret, struct error *err)
{
	const struct table_source *table = (const struct table_source *)source;

	(void)arena;
	if (strcmp(path, table->files[0].path) != 0)
		return IS_ABSENT;
	*ret = table->files[0].text;
	if (*ret)
		return IS_THERE;
	fail(err, FAULT_FILE_UNREADABLE, "/%s cannot be read", path);
	return IS_UNREADABLE;
}

/* systemd.offline-updates(7): such a boot ends in no usual system, and no trial would be confirmed. */
static void updates_go_through_the_firmware(void **state)
{
	static const struct {
		struct table_file file;
		enum off_switch_kind kind;
	} cases[] = {
		{ { "system-update", "/var/lib/system-update", 0 }, OFF_TOLD },
		{ { "etc/system-update", "/nowhere", 0 }, OFF_TOLD },
		{ { "var/system-update", "/nowhere", 0 }, OFF_NONE },
		{ { "system-update", NULL, 0 }, OFF_UNKNOWN },
	};
	const struct kexec_ability ability = { .load_limit_reboot = -1 };

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const struct table_source source = { { table_read, source_look_by_read, table_list,
							     link_of_updates },
			&cases[i].file, 1 };
		struct arena arena = { 0 };
		struct off_switch off = off_switch_find(&source.source, &arena, &ability);

		if (off.kind != cases[i].kind)
			fail_msg("case %zu: %d, %s", i, (int)off.kind, off.what ? off.what : "");
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

		assert_int_equal(
			one_time_find(&source.source, &arena).what == NULL, cases[i].is_ours);
		arena_free(&arena);
	}
}

/* The same in the firmware's variable. */
static void our_own_variable_is_none_either(void **state)
{
	static const struct {
		const char *trial;
		bool is_ours;
	} cases[] = {
		{ TRIAL("left", "/" EFI "LoaderEntryOneShot" LOADER " a"), true },
		{ TRIAL("confirmed", "/" EFI "LoaderEntryOneShot" LOADER " a"), false },
		{ TRIAL("left", "/" EFI "LoaderEntryOneShot" LOADER " b"), false },
		{ TRIAL("left", "/boot/grub/grubenv a"), false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct table_source source =
			TABLE_SOURCE({ EFI "LoaderEntryOneShot" LOADER, "\7\0\0\0a\0\0", 8 },
				{ "var/lib/saut/trial", cases[i].trial });
		struct arena arena = { 0 };

		assert_int_equal(
			one_time_find(&source.source, &arena).what == NULL, cases[i].is_ours);
		arena_free(&arena);
	}
}

static void extlinux_once_is_told(void **state)
{
	uint8_t adv[ADV_FILE];
	struct table_source source =
		TABLE_SOURCE({ "boot/syslinux/ldlinux.sys", (const char *)adv, sizeof adv });
	struct arena arena = { 0 };
	struct one_time once;

	(void)state;
	adv_make(adv, 1, "rescue");
	once = one_time_find(&source.source, &arena);
	assert_non_null(once.what);
	assert_non_null(strstr(once.what, "/boot/syslinux/ldlinux.sys"));
	assert_string_equal(once.undo, "extlinux --clear-once /boot/syslinux");
	adv_make(adv, 2, "rescue");
	once = one_time_find(&source.source, &arena);
	assert_null(once.what);
	assert_null(once.unknown);
	arena_free(&arena);
}

/* Somebody may be told something in it. */
static void what_cannot_be_read_counts_as_told(void **state)
{
	static const char *const paths[] = { "boot/grub/grubenv", "boot/grub2/grubenv",
		"efi/grub/grubenv", "boot/efi/EFI", EFI "LoaderEntryOneShot" LOADER, SETUP,
		EFI "BootNext" GLOBAL, EFI "MokNew" SHIM, EFI "SbatPolicy" SHIM,
		"boot/efi/EFI/UpdateCapsule", "sys/class/tpm", "run/ostree/staged-deployment",
		"run/nextroot/etc/os-release" };
	const struct kexec_ability ability = { .load_limit_reboot = -1 };

	(void)state;
	for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
		struct table_source source =
			TABLE_SOURCE({ .path = paths[i], .is_unreadable = true });
		struct arena arena = { 0 };
		const struct one_time once = one_time_find(&source.source, &arena);
		struct off_switch off;

		assert_null(once.what);
		assert_non_null(once.unknown);
		assert_non_null(strstr(once.unknown, paths[i]));
		off = off_switch_find(&source.source, &arena, &ability);
		assert_int_equal(off.kind, OFF_UNKNOWN);
		assert_non_null(strstr(off.what, paths[i]));
		arena_free(&arena);
	}
}

/* Of what is there and damaged nobody knows what it asks for. */
static void what_is_not_understood_counts_as_told(void **state)
{
	static const struct table_file damaged[] = {
		{ SETUP, "\7\0\0\0\1\0\0\0\0\0\0", 11 },
		{ SETUP, "\7\0", 2 },
		{ "sys/class/tpm/tpm0/ppi/request", "", 0 },
		{ "sys/class/tpm/tpm0/ppi/request", "no\n", 3 },
		{ "sys/class/tpm/tpm0/ppi/request", "99999999999999999999999\n", 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof damaged / sizeof *damaged; i++) {
		struct table_source source = { { table_read, source_look_by_read, table_list },
			&damaged[i], 1 };
		struct arena arena = { 0 };
		const struct one_time once = one_time_find(&source.source, &arena);

		assert_null(once.what);
		assert_non_null(once.unknown);
		assert_non_null(strstr(once.unknown, damaged[i].path));
		arena_free(&arena);
	}
}

/* The kernel has variables, and nobody can see them. */
static void variables_that_are_not_mounted_are_unknown(void **state)
{
	static const struct {
		const char *efivars, *filesystems;
		bool is_unknown;
	} cases[] = {
		{ "sys/firmware/efi/efivars", "nodev\tsysfs\nnodev\tefivarfs\n", true },
		{ "sys/firmware/efi/efivars", "nodev\tsysfs\n\text4\n", false },
		{ "sys/firmware/efi/efivars/BootOrder" GLOBAL, "nodev\tefivarfs\n", false },
		/* Started by a BIOS. */
		{ "sys/firmware/acpi", "nodev\tefivarfs\n", false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct table_source source = TABLE_SOURCE(
			{ cases[i].efivars, "x" }, { "proc/filesystems", cases[i].filesystems });
		struct arena arena = { 0 };
		const struct one_time once = one_time_find(&source.source, &arena);

		assert_null(once.what);
		assert_int_equal(once.unknown != NULL, cases[i].is_unknown);
		arena_free(&arena);
	}
}

/* What is certain hides what is not; the switch says how each is taken back, where it can be. */
static void each_says_how_it_is_taken_back(void **state)
{
	static const struct {
		struct table_file file;
		const char *undo;
	} cases[] = {
		{ { EFI "BootNext" GLOBAL, "\7\0\0\0\3\0", 6 }, "efibootmgr --delete-bootnext" },
		{ { EFI "MokNew" SHIM, "x", 1 }, "mokutil --revoke-import" },
		{ { EFI "MokPW" SHIM, "x", 1 }, "reboot once" },
		{ { "sys/class/tpm/tpm0/ppi/request", "5\n", 2 },
			"echo 0 >/sys/class/tpm/tpm0/ppi/request" },
		{ { "boot/grub2/grubenv", "next_entry=x\n", 0 },
			"grub-editenv /boot/grub2/grubenv unset next_entry" },
	};
	const struct kexec_ability ability = { .load_limit_reboot = -1 };

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct table_source source = TABLE_SOURCE(
			cases[i].file, { .path = "boot/grub/grubenv", .is_unreadable = true });
		struct arena arena = { 0 };
		struct off_switch off = off_switch_find(&source.source, &arena, &ability);

		assert_int_equal(off.kind, OFF_TOLD);
		assert_non_null(strstr(off.undo, cases[i].undo));
		arena_free(&arena);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		CASE(what_is_for_one_boot_goes_to_those_who_were_told),
		CASE(updates_go_through_the_firmware),
		CASE(our_own_is_no_wish_for_the_firmware),
		CASE(our_own_variable_is_none_either),
		CASE(extlinux_once_is_told),
		CASE(what_cannot_be_read_counts_as_told),
		CASE(what_is_not_understood_counts_as_told),
		CASE(variables_that_are_not_mounted_are_unknown),
		CASE(each_says_how_it_is_taken_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
