/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* As Debian's u-boot-update writes it, and as Alpine's and Arch's installers do. */
#include "fixture.h"

#define U_BOOT                                                                         \
	"## /boot/extlinux/extlinux.conf\n"                                            \
	"##\n"                                                                         \
	"## IMPORTANT WARNING\n"                                                       \
	"\n"                                                                           \
	"default l0\n"                                                                 \
	"menu title U-Boot menu\n"                                                     \
	"prompt 0\n"                                                                   \
	"timeout 50\n"                                                                 \
	"\n\n"                                                                         \
	"label l0\n"                                                                   \
	"\tmenu label Debian GNU/Linux 12 (bookworm) 6.1.0-18-arm64\n"                 \
	"\tlinux /boot/vmlinuz-6.1.0-18-arm64\n"                                       \
	"\tinitrd /boot/initrd.img-6.1.0-18-arm64\n"                                   \
	"\tfdtdir /usr/lib/linux-image-6.1.0-18-arm64/\n"                              \
	"\t\n"                                                                         \
	"\tappend root=UUID=bcfdda4a-8249-4f40-9f0f-7c1a76b6cbe8 ro earlycon\n"        \
	"\n"                                                                           \
	"label l0r\n"                                                                  \
	"\tmenu label Debian GNU/Linux 12 (bookworm) 6.1.0-18-arm64 (rescue target)\n" \
	"\tlinux /boot/vmlinuz-6.1.0-18-arm64\n"                                       \
	"\tinitrd /boot/initrd.img-6.1.0-18-arm64\n"                                   \
	"\tappend root=UUID=bcfdda4a-8249-4f40-9f0f-7c1a76b6cbe8 ro single\n"

#define ROOT                                                                          \
	{                                                                             \
		"proc/self/mountinfo", "25 1 179:2 / / rw - ext4 /dev/mmcblk0p2 rw\n" \
	}

static void labels_are_read(void **state)
{
	const struct entry *e;
	struct fixture x;

	(void)state;
	fixture_find(&x,
		TABLE_SOURCE({ "boot/extlinux/extlinux.conf", U_BOOT },
			EMPTY("boot/initrd.img-6.1.0-18-arm64"),
			EMPTY("boot/vmlinuz-6.1.0-18-arm64"), ROOT,
			{ "saut/uname", "6.1.0-18-arm64 aarch64\n" }));
	assert_int_equal(x.entries.count, 2);
	assert_string_equal(fixture_default(&x), "l0");
	e = fixture_entry(&x, "l0");
	assert_loadable(e);
	assert_string_equal(e->title, "Debian GNU/Linux 12 (bookworm) 6.1.0-18-arm64");
	assert_string_equal(e->kernel, "/boot/vmlinuz-6.1.0-18-arm64");
	assert_int_equal(e->initrd_count, 1);
	assert_string_equal(
		e->command_line, "root=UUID=bcfdda4a-8249-4f40-9f0f-7c1a76b6cbe8 ro earlycon");
	assert_int_equal(e->line, 11);
	assert_true(e->is_running);
	assert_true(strstr(e->remark, "FDTDIR"));
	fixture_end(&x);
}

/* /boot is a file system of its own: paths begin there. */
static void syslinux_is_read(void **state)
{
	const struct entry *e;
	struct fixture x;

	(void)state;
	fixture_find(&x,
		TABLE_SOURCE({ "boot/extlinux.conf",
				     "DEFAULT menu.c32\nPROMPT 0\nAPPEND quiet\n"
				     "INCLUDE extra.conf\n"
				     "LABEL ^one\n  MENU LABEL Linux ^lts\n  KERNEL vmlinuz-lts\n"
				     "  INITRD initramfs-lts,/more\n  APPEND root=/dev/sda2 "
				     "modules=ext4\n"
				     "LABEL two\n  MENU DEFAULT\n  LINUX vmlinuz-lts\n"
				     "  append initrd=/initramfs-lts root=/dev/sda3\n"
				     "LABEL three\n  KERNEL /vmlinuz-lts\n"
				     "LABEL four\n  KERNEL /vmlinuz-lts\n  APPEND -\n  FDT /more\n"
				     "LABEL menu\n  COM32 menu.c32\n"
				     "LABEL chain\n  KERNEL chain.c32\n  APPEND hd0\n" },
			{ "boot/extra.conf", "label extra\nlinux /vmlinuz-lts\nfdtoverlays /x\n" },
			EMPTY("boot/initramfs-lts"), EMPTY("boot/more"), EMPTY("boot/vmlinuz-lts"),
			{ "proc/self/mountinfo",
				"25 1 8:2 / / rw - ext4 /dev/sda2 rw\n"
				"26 25 8:1 / /boot rw - ext4 /dev/sda1 rw\n" },
			UNAME("6.6.21-0-lts")));
	assert_int_equal(x.entries.count, 5);
	assert_string_equal(fixture_default(&x), "two");
	e = fixture_entry(&x, "^one");
	assert_string_equal(e->title, "Linux lts");
	assert_string_equal(e->kernel, "/boot/vmlinuz-lts");
	assert_int_equal(e->initrd_count, 2);
	assert_string_equal(e->initrds[0], "/boot/initramfs-lts");
	assert_string_equal(e->initrds[1], "/boot/more");
	e = fixture_entry(&x, "two");
	assert_string_equal(e->initrds[0], "/boot/initramfs-lts");
	assert_string_equal(e->command_line, "initrd=/initramfs-lts root=/dev/sda3");
	assert_string_equal(fixture_entry(&x, "three")->command_line, "quiet");
	assert_string_equal(fixture_entry(&x, "four")->command_line, "");
	assert_string_equal(fixture_entry(&x, "four")->device_tree, "/boot/more");
	assert_obstacle(fixture_entry(&x, "extra"), "line 3 has device tree overlays");
	assert_string_equal(fixture_entry(&x, "extra")->file, "/boot/extra.conf");
	fixture_end(&x);
}

static void the_once_wanted_comes_first(void **state)
{
	struct fixture x;

	(void)state;
	fixture_find(&x,
		TABLE_SOURCE({ "boot/extlinux/extlinux.conf",
				     "ontimeout C\ndefault b\nlabel a\nlinux /k\n"
				     "label b\nlinux /k\nlabel c\nlinux /k\n" },
			EMPTY("boot/k"), UNAME("6.6")));
	assert_string_equal(fixture_default(&x), "c");
	fixture_end(&x);
	fixture_find(&x,
		TABLE_SOURCE({ "boot/extlinux/extlinux.conf",
				     "default gone\nlabel a\nlinux /k\nlabel b\nlinux /k\n" },
			EMPTY("boot/k"), UNAME("6.6")));
	assert_string_equal(fixture_default(&x), "a");
	fixture_end(&x);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		CASE(labels_are_read),
		CASE(syslinux_is_read),
		CASE(the_once_wanted_comes_first),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
