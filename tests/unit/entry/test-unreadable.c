/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What decides between entries beside the boot loaders' own files: where it is there and cannot be read,
 * nobody knows what boots, and the file is named.
 */
#include "fixture.h"

enum { FILES_MAX = 24 };

/* The file that decides, as it is good, and all others; the table of files ends with an empty row. */
struct decided {
	struct table_file file;
	const char *chosen; /* with it */
	struct table_file files[FILES_MAX];
};

#define KERNELS EMPTY("boot/a"), EMPTY("boot/b"), UNAME("6.1.0")
#define GRUB(text)              \
	{ "boot/grub/grub.cfg", \
		text "menuentry A { linux /boot/a; }\nmenuentry B { linux /boot/b; }\n" }
#define CHOICE(word, value) GRUB("if [ \"$" word "\" = " value " ]; then default=1; fi\n")

#define SD_BOOT                                                                             \
	{ "sys/firmware/efi/efivars/LoaderInfo-4a67b082-0a4c-41cf-b6c7-440b29bb8c4f",       \
		"\6\0\0\0s\0y\0s\0t\0e\0m\0d\0-\0b\0o\0o\0t\0 \0002\0005\0002\0\0\0", 38 }, \
		{ "boot/efi/loader/entries/one.conf", "linux /k\n" },                       \
		{ "boot/efi/loader/entries/two.conf", "linux /k\n" }, EMPTY("boot/efi/k"),  \
		{ "proc/self/mountinfo",                                                    \
			"25 1 8:3 / / rw - ext4 /dev/sda3 rw\n"                             \
			"30 25 8:1 / /boot/efi rw - vfat /dev/sda1 rw\n" },                 \
		UNAME("6.1.0")

#define EXTLINUX                                                                         \
	{ "boot/extlinux/extlinux.conf",                                                 \
		"DEFAULT two\nLABEL one\n LINUX /boot/a\nLABEL two\n LINUX /boot/b\n" }, \
		KERNELS

#define GLOBAL "-8be4df61-93ca-11d2-aa0d-00e098032b8c"
/* Attributes, attributes of the option, length of the path, "x", and \EFI\rh\y.efi. */
#define OPTION                                                                                \
	"\7\0\0\0\1\0\0\0\44\0x\0\0\0\4\4\40\0\\\0E\0F\0I\0\\\0r\0h\0\\\0y\0.\0e\0f\0i\0\0\0" \
	"\177\377\4\0"
#define CURRENT  "sys/firmware/efi/efivars/BootCurrent" GLOBAL, "\7\0\0\0\3\0", 6
#define OPTION_3 "sys/firmware/efi/efivars/Boot0003" GLOBAL, OPTION, sizeof OPTION - 1
#define STARTED                                                                                \
	{ "boot/efi/EFI/rh/grub.cfg", "menuentry E { linux /boot/b; }\n" }, GRUB(""), KERNELS, \
		EMPTY("sys/firmware/efi/runtime")

#define PCI                   "sys/bus/pci/devices/0000:00:02.0/"
#define HARDWARE(name, value) { PCI name, value }
#define HWMATCH                                                                \
	GRUB("if hwmatch /boot/listed 3; then default=$match; fi\n"), KERNELS, \
		{ "boot/listed", "v1234d1111sv1af4sd1100bc03sc00\n" }

static const struct decided table[] = {
	/* Whose module blscfg is. */
	{ { "etc/os-release", "ID=fedora\n" }, "m-6",
		{ { "boot/grub2/grub.cfg", "set default=0\nblscfg\n" },
			{ "boot/loader/entries/m-6.conf", "linux /boot/b\n" }, KERNELS } },
	/* systemd-boot's rules, and what firmware tells it. */
	{ { "sys/firmware/efi/fw_platform_size", "64\n" }, "two", { SD_BOOT } },
	{ { "sys/firmware/dmi/entries/11-0/raw", "nothing" }, "two", { SD_BOOT } },
	/* Syslinux or U-Boot. */
	{ { "sys/class/dmi/id/bios_vendor", "SeaBIOS\n" }, "two", { EXTLINUX } },
	{ { "sys/kernel/boot_params/data", "short" }, "two", { EXTLINUX } },
	/* Which GRUB was started, and what it sets. */
	{ { CURRENT }, "E", { STARTED, { OPTION_3 } } },
	{ { OPTION_3 }, "E", { STARTED, { CURRENT } } },
	{ { "sys/firmware/efi/fw_platform_size", "64\n" }, "B",
		{ CHOICE("grub_cpu", "x86_64"), KERNELS, EMPTY("sys/firmware/efi/runtime") } },
	{ { "sys/hypervisor/type", "kvm\n" }, "B", { CHOICE("grub_platform", "pc"), KERNELS } },
	/* The card that a pattern names. */
	{ { PCI "class", "0x030000\n" }, "B",
		{ HWMATCH, HARDWARE("vendor", "0x1234\n"), HARDWARE("device", "0x1111\n"),
			HARDWARE("subsystem_vendor", "0x1af4\n"),
			HARDWARE("subsystem_device", "0x1100\n") } },
	{ { PCI "vendor", "0x1234\n" }, "B",
		{ HWMATCH, HARDWARE("class", "0x030000\n"), HARDWARE("device", "0x1111\n"),
			HARDWARE("subsystem_vendor", "0x1af4\n"),
			HARDWARE("subsystem_device", "0x1100\n") } },
};

/* The row's machine with this as the file that decides. */
static void find(struct fixture *x, const struct decided *row, struct table_file file)
{
	static struct table_file files[FILES_MAX + 1];
	size_t count = 0;

	while (count < FILES_MAX && row->files[count].path) {
		files[count] = row->files[count];
		count++;
	}
	files[count++] = file;
	fixture_find(x,
		(struct table_source){
			{ table_read, source_look_by_read, table_list }, files, count });
}

static void what_decides_is_read_or_named(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		const struct decided *row = &table[i];
		const struct entry *ignored;
		struct fixture x;

		find(&x, row, row->file);
		if (strcmp(fixture_default(&x), row->chosen) != 0)
			fail_msg("%s: \"%s\" and not \"%s\": %s", row->file.path,
				fixture_default(&x), row->chosen,
				x.entries.no_default ? x.entries.no_default : "");
		fixture_end(&x);

		find(&x, row, (struct table_file){ row->file.path, .is_unreadable = true });
		if (fixture_default(&x)[0] || !x.entries.no_default ||
			!strstr(x.entries.no_default, row->file.path))
			fail_msg("%s: \"%s\", %s", row->file.path, fixture_default(&x),
				x.entries.no_default ? x.entries.no_default : "");
		assert_false(entry_choose(
			&x.entries, (struct entry_wish){ ENTRY_BY_DEFAULT }, &ignored, &x.err));
		fixture_end(&x);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		CASE(what_decides_is_read_or_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
