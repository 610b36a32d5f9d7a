/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which file it is that GRUB means: its configuration, its devices, pools of ZFS. */
#include "fixture.h"

#include <stdio.h>

#define MENU(title, path) "menuentry " title " { linux " path " root=x; }\n"
#define ONE(device)       "menuentry A { set root=" device "; linux /boot/a root=x; }\n"
#define ROOT              { "proc/self/mountinfo", "21 1 8:2 / / rw - ext4 /dev/sda2 rw\n" }
#define FILES             EMPTY("boot/a"), EMPTY("boot/b"), UNAME("6.1.0")

/* A name of a disk means one thing only where there is one disk. */
static void a_device_is_not_guessed(void **state)
{
	static const char *const same[] = { "hd0,2", "hd0,gpt2", "(hd0,msdos2)" };
	struct fixture x;

	(void)state;
	for (size_t i = 0; i < sizeof same / sizeof *same; i++) {
		char config[200];

		snprintf(config, sizeof config, ONE("'%s'"), same[i]);
		fixture_find(&x,
			TABLE_SOURCE({ "boot/grub/grub.cfg", config }, FILES, ROOT,
				EMPTY("sys/block/sda/dev"), EMPTY("sys/block/sr0/dev")));
		assert_loadable(fixture_entry(&x, "A"));
		assert_string_equal(fixture_entry(&x, "A")->kernel, "/boot/a");
		fixture_end(&x);
	}
	fixture_find(&x,
		TABLE_SOURCE({ "boot/grub/grub.cfg", ONE("hd0,2") }, FILES, ROOT,
			EMPTY("sys/block/sda/dev"), EMPTY("sys/block/sdb/dev")));
	assert_obstacle(fixture_entry(&x, "A"), "which device is (hd0,2) is only known to GRUB");
	fixture_end(&x);
	fixture_find(&x,
		TABLE_SOURCE({ "boot/grub/grub.cfg", ONE("hd0,1") }, FILES, ROOT,
			EMPTY("sys/block/sda/dev")));
	assert_obstacle(fixture_entry(&x, "A"), "which device is (hd0,1) is only known to GRUB");
	fixture_end(&x);
	fixture_find(&x,
		TABLE_SOURCE({ "boot/grub/grub.cfg", ONE("lvm/vg-root") }, FILES,
			{ "proc/self/mountinfo",
				"21 1 253:0 / / rw - ext4 /dev/mapper/vg-root rw\n" }));
	assert_loadable(fixture_entry(&x, "A"));
	fixture_end(&x);
}

/* What is mounted over a folder is not what GRUB sees in it. */
static void what_is_mounted_over_is_not_taken(void **state)
{
	struct fixture x;

	(void)state;
	fixture_find(&x,
		TABLE_SOURCE({ "etc/fstab", "UUID=1-2 / ext4\n" },
			{ "efi/grub/grub.cfg",
				"menuentry A { search --set=root --fs-uuid 1-2; linux /boot/a; }\n" },
			FILES,
			{ "proc/self/mountinfo",
				"21 1 8:2 / / rw - ext4 /dev/sda2 rw\n"
				"22 21 8:1 / /boot rw - ext4 /dev/sda1 rw\n" }));
	assert_obstacle(fixture_entry(&x, "A"), "/boot/a");
	fixture_end(&x);
}

#define ZFS                                                       \
	{ "proc/self/mountinfo",                                  \
		"21 1 0:30 / / rw - zfs rpool/ROOT/ubuntu_x rw\n" \
		"22 21 0:31 / /boot rw - zfs bpool/BOOT/ubuntu_x rw\n" }

static void data_sets_are_found_by_their_mounts(void **state)
{
	struct fixture x;

	(void)state;
	fixture_find(&x,
		TABLE_SOURCE({ "boot/grub/grub.cfg",
				     "search --no-floppy --fs-uuid --set=root 0123456789abcdef\n"
				     "menuentry A { linux /BOOT/ubuntu_x@/a root=ZFS=x; }\n"
				     "menuentry B { linux /BOOT/ubuntu_x@old/a; }\n"
				     "menuentry C { linux /ROOT/other@/boot/a; }\n"
				     "menuentry D { linux /ROOT/ubuntu_x@/boot/a; }\n" },
			FILES, ZFS));
	assert_loadable(fixture_entry(&x, "A"));
	assert_string_equal(fixture_entry(&x, "A")->kernel, "/boot/a");
	assert_string_equal(fixture_default(&x), "A");
	assert_non_null(fixture_entry(&x, "B")->obstacle);
	assert_non_null(fixture_entry(&x, "C")->obstacle);
	/* There is a file system over it. */
	assert_non_null(fixture_entry(&x, "D")->obstacle);
	fixture_end(&x);
}

#define GLOBAL     "8be4df61-93ca-11d2-aa0d-00e098032b8c"
#define EFIVARS(n) "sys/firmware/efi/efivars/" n "-" GLOBAL

/* Attributes, attributes of the option, length of the path, "x", and \EFI\name\y.efi. */
#define OPTION(a, b)                                                                              \
	"\7\0\0\0\1\0\0\0\44\0x\0\0\0\4\4\40\0\\\0E\0F\0I\0\\\0" a "\0" b "\0\\\0y\0.\0e\0f\0i\0" \
	"\0\0\177\377\4\0"

static const struct {
	const char *folder; /* of GRUB's own files */
	const char *option; /* that the machine was started by; NULL: not known */
	size_t size;
	const char *chosen;
} starts[] = {
	{ "boot/grub2/grub.cfg", NULL, 0, "E" },
	{ "boot/grub/grub.cfg", NULL, 0, "B" },
	{ "boot/grub/grub.cfg", OPTION("r", "h"), sizeof OPTION("r", "h") - 1, "E" },
	{ "boot/grub2/grub.cfg", OPTION("o", "s"), sizeof OPTION("o", "s") - 1, "B" },
	{ "boot/grub/grub.cfg", OPTION("r", "h"), 20, "B" },
};

static void the_started_program_reads_its_own_file(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof starts / sizeof *starts; i++) {
		struct fixture x;

		fixture_find(&x,
			TABLE_SOURCE({ "boot/efi/EFI/os/grub.cfg", "configfile /grub.cfg\n" },
				{ "boot/efi/EFI/rh/grub.cfg", MENU("E", "/b") },
				{ starts[i].folder, MENU("B", "/b") }, FILES,
				EMPTY("sys/firmware/efi/runtime"),
				{ EFIVARS("Boot0003"), starts[i].option ? starts[i].option : "",
					starts[i].size },
				{ starts[i].option ? EFIVARS("BootCurrent") : "nothing",
					"\7\0\0\0\3\0", 6 }));
		if (strcmp(fixture_default(&x), starts[i].chosen) != 0)
			fail_msg("%zu: %s", i, fixture_default(&x));
		fixture_end(&x);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		CASE(a_device_is_not_guessed),
		CASE(what_is_mounted_over_is_not_taken),
		CASE(data_sets_are_found_by_their_mounts),
		CASE(the_started_program_reads_its_own_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
