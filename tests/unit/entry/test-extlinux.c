/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* As Debian's u-boot-update writes it, and as Alpine's and Arch's installers do. */
#include "adv-file.h"
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

#define ROOT { "proc/self/mountinfo", "25 1 179:2 / / rw - ext4 /dev/mmcblk0p2 rw\n" }

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
			{ "boot/extra.conf", "label extra\nlinux /vmlinuz-lts\n" },
			EMPTY("boot/initramfs-lts"), EMPTY("boot/more"), EMPTY("boot/vmlinuz-lts"),
			{ "proc/self/mountinfo",
				"25 1 8:2 / / rw - ext4 /dev/sda2 rw\n"
				"26 25 8:1 / /boot rw - ext4 /dev/sda1 rw\n" },
			UNAME("6.6.21-0-lts")));
	assert_int_equal(x.entries.count, 7);
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
	assert_obstacle(fixture_entry(&x, "menu"), "line 21 starts something else");
	assert_obstacle(fixture_entry(&x, "chain"), "no Linux kernel by its name, chain.c32");
	assert_string_equal(fixture_entry(&x, "extra")->file, "/boot/extra.conf");
	fixture_end(&x);
}

#define FILES                                                                       \
	EMPTY("boot/a"), EMPTY("boot/a.img"), EMPTY("boot/b"), EMPTY("boot/b.img"), \
		EMPTY("boot/kernel8.img"), EMPTY("boot/nixos/k-Image"),             \
		EMPTY("boot/nixos/i-initrd")

#define A "LABEL one\n LINUX /a\n INITRD /a.img\n APPEND entry=one\n"
#define B "LABEL two\n LINUX /b\n INITRD /b.img\n APPEND entry=two\n"

/* What is booted by a configuration of this text. */
struct right {
	const char *text;
	const char *kernel; /* NULL: it is refused */
	const char *initrd; /* NULL: none */
	const char *words;  /* the command line; of what is refused, a part of why */
};

static void expect_right(struct table_source source, const struct right *right)
{
	const struct entry *e = NULL;
	struct error err = { 0 };
	struct fixture x = { .source = source };

	if (!entry_find(&x.source.source, &x.arena, &x.entries, &err) ||
		!entry_choose(
			&x.entries, (struct entry_wish){ ENTRY_BY_DEFAULT, NULL }, &e, &err)) {
		if (right->kernel || !strstr(err.reason, right->words))
			fail_msg("%s: refused: %s", right->text, err.reason);
		fixture_end(&x);
		return;
	}
	if (!right->kernel)
		fail_msg("%s: %s with \"%s\"", right->text, e->kernel, e->command_line);
	assert_string_equal(e->kernel, right->kernel);
	assert_string_equal(e->command_line, right->words);
	assert_int_equal(e->initrd_count, right->initrd != NULL);
	if (right->initrd)
		assert_string_equal(e->initrds[0], right->initrd);
	fixture_end(&x);
}

static void expect_rights(
	const char *file, const char *uname, const struct right *rights, size_t count)
{
	for (size_t i = 0; i < count; i++)
		expect_right(TABLE_SOURCE({ file, rights[i].text }, FILES, { "saut/uname", uname }),
			&rights[i]);
}

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* As syslinux 6.04 boots them in a virtual machine, unless it says otherwise. */
static void what_syslinux_boots(void **state)
{
	static const struct right rights[] = {
		/* The first label that is named so, by case; ONTIMEOUT only where it asks. */
		{ "DEFAULT two\n" A B, "/boot/b", "/boot/b.img", "entry=two" },
		{ "DEFAULT TWO\n" A B, NULL, NULL, "not there" },
		{ "ONTIMEOUT two\nDEFAULT one\n" A B, "/boot/a", "/boot/a.img", "entry=one" },
		{ "PROMPT 1\nONTIMEOUT two\nDEFAULT one\n" A B, "/boot/b", "/boot/b.img",
			"entry=two" },
		{ "PROMPT 1\nDEFAULT one\n" A B, "/boot/a", "/boot/a.img", "entry=one" },
		{ "DEFAULT two\nDEFAULT one\n" A B, "/boot/a", "/boot/a.img", "entry=one" },
		/* DEFAULT before MENU DEFAULT, with a menu and without. */
		{ "UI menu.c32\nDEFAULT one\n" A B " MENU DEFAULT\n", "/boot/a", "/boot/a.img",
			"entry=one" },
		{ "DEFAULT one\n" A B " MENU DEFAULT\n", "/boot/a", "/boot/a.img", "entry=one" },
		{ "DEFAULT vesamenu.c32\n" A B " MENU DEFAULT\n", "/boot/b", "/boot/b.img",
			"entry=two" },
		{ "UI /syslinux/menu.c32\n" A " MENU DEFAULT\n" B " MENU DEFAULT\n", "/boot/b",
			"/boot/b.img", "entry=two" },
		{ "UI menu.c32\n" A B, "/boot/a", "/boot/a.img", "entry=one" },
		{ "UI menu.c32\nDEFAULT one\nONTIMEOUT two\n" A B, NULL, NULL, "ONTIMEOUT" },
		{ "UI menu.c32\nDEFAULT one\nONTIMEOUT one x\n" A B, NULL, NULL, "ONTIMEOUT" },
		{ "UI menu.c32 other.cfg\n" A, NULL, NULL, "other files" },
		{ "UI gfxboot.c32 x\n" A, NULL, NULL, "no Linux kernel" },
		{ "UI menu.c32\nMENU SAVE\n" A, NULL, NULL, "line 2: MENU SAVE" },
		/* Submenus. */
		{ "UI menu.c32\n" A " MENU DEFAULT\nMENU BEGIN sub\nMENU TITLE Sub\n" B
		  " MENU DEFAULT\nMENU END\n",
			"/boot/a", "/boot/a.img", "entry=one" },
		{ "UI menu.c32\nMENU BEGIN sub\n" B "MENU END\n" A, NULL, NULL,
			"line 2, is no label" },
		{ "UI menu.c32\nMENU BEGIN sub\n" B "MENU END\n" A " MENU DEFAULT\n", "/boot/a",
			"/boot/a.img", "entry=one" },
		{ "UI menu.c32\nDEFAULT two\n" A "MENU BEGIN sub\n" B "MENU END\n", "/boot/b",
			"/boot/b.img", "entry=two" },
		{ "UI menu.c32\n" A "MENU BEGIN sub\nMENU DEFAULT\n" B "MENU END\n", NULL, NULL,
			"is no label" },
		{ "UI menu.c32\nMENU SEPARATOR\n" A " MENU DISABLE\n" B, "/boot/b", "/boot/b.img",
			"entry=two" },
		{ "UI menu.c32\n" A " MENU HIDE\n" B, "/boot/b", "/boot/b.img", "entry=two" },
		{ "UI menu.c32\nDEFAULT one\n" A " MENU HIDE\n" B, "/boot/b", "/boot/b.img",
			"entry=two" },
		{ "DEFAULT one\n" A " MENU HIDE\n" B, "/boot/a", "/boot/a.img", "entry=one" },
		{ "UI menu.c32\nLABEL x\n MENU GOTO y\n" A, NULL, NULL, "is no label" },
		{ "DEFAULT one\n" A " MENU PASSWD x\n", NULL, NULL, "password" },
		/* What is no Linux kernel is refused, not replaced. */
		{ "DEFAULT win\n" A "LABEL win\n COM32 chain.c32\n APPEND hd0 1\n", NULL, NULL,
			"line 7 starts something else" },
		{ "DEFAULT win\n" A "LABEL win\n KERNEL chain.c32\n", NULL, NULL, "chain.c32" },
		{ "DEFAULT win\n" A "LABEL win\n LOCALBOOT 0\n", NULL, NULL, "something else" },
		{ "DEFAULT win\n" A "LABEL win\n KERNEL memtest.bin\n", NULL, NULL, "by its name" },
		{ "DEFAULT pi\nLABEL pi\n KERNEL /kernel8.img\n", NULL, NULL, "by its name" },
		{ "DEFAULT pi\nLABEL pi\n LINUX /kernel8.img\n APPEND x\n", "/boot/kernel8.img",
			NULL, "x" },
		{ "DEFAULT chain.c32\n" A, NULL, NULL, "no Linux kernel" },
		/* DEFAULT with words, and with a kernel. */
		{ "DEFAULT one extra=1\n" A, "/boot/a", "/boot/a.img", "entry=one extra=1" },
		{ "DEFAULT one initrd=/b.img\n" A, NULL, NULL, "names an initrd" },
		{ "DEFAULT /nixos/k-Image x=y\n" B, "/boot/nixos/k-Image", NULL, "x=y" },
		{ "DEFAULT /a entry=direct\n" B, NULL, NULL, "is no label, and starts /a.img" },
		{ "DEFAULT /a entry=direct\nIMPLICIT 0\n" B, NULL, NULL, "IMPLICIT" },
		{ "DEFAULT gone\n" A B, NULL, NULL, "not there" },
		/* Without DEFAULT it asks; there may be but one answer. */
		{ A B, NULL, NULL, "neither DEFAULT nor UI" },
		{ A, "/boot/a", "/boot/a.img", "entry=one" },
		/* Paths, words behind the kernel, initrds. */
		{ "LABEL l\n LINUX ../nixos/k-Image\n INITRD ../nixos/i-initrd\n APPEND x\n",
			"/boot/nixos/k-Image", "/boot/nixos/i-initrd", "x" },
		{ "LABEL l\n LINUX ../../../..//./a\n", "/boot/a", NULL, "" },
		{ "LABEL l\n LINUX a\n", NULL, NULL, "not there" },
		{ "LABEL l\n LINUX /a first\n APPEND second\n", "/boot/a", NULL, "first second" },
		{ "LABEL /a\n APPEND x\n", "/boot/a", NULL, "x" },
		{ "LABEL l\n LINUX /a\n INITRD /a.img\n APPEND initrd=/b.img root=x\n", "/boot/a",
			"/boot/b.img", "initrd=/b.img root=x" },
		{ "LABEL l\n LINUX /a\n APPEND initrd=/b.img initrd=/a.img\n", "/boot/a",
			"/boot/b.img", "initrd=/b.img initrd=/a.img" },
		{ "LABEL l\n LINUX /a\n APPEND noinitrd=/b.img\n", NULL, NULL, "inside of a word" },
		{ "LABEL l\n LINUX /a\n APPEND initrd=\n", NULL, NULL, "without a name" },
		{ "APPEND quiet\nLABEL l\n LINUX /a\n", "/boot/a", NULL, "quiet" },
		{ "APPEND quiet\nLABEL l\n LINUX /a\n APPEND -\n", "/boot/a", NULL, "" },
		{ "LABEL l\n LINUX /a\n SYSAPPEND 0x40\n", NULL, NULL, "SYSAPPEND" },
		{ "LABEL l\n LINUX /a\n APPEND a=${b}\n", "/boot/a", NULL, "a=${b}" },
		/* Text is no configuration. */
		{ "LABEL l\n LINUX /a\n APPEND root=x\n TEXT HELP\n Append nothing here.\n "
		  "ENDTEXT\n",
			"/boot/a", NULL, "root=x" },
		{ "LABEL l\r\n LINUX /a\r\n APPEND x\r\n", "/boot/a", NULL, "x" },
		{ "# nothing\n", NULL, NULL, "neither DEFAULT nor UI" },
	};

	(void)state;
	expect_rights("boot/extlinux/extlinux.conf", "6.1.0 x86_64\n", rights, COUNT(rights));
	expect_rights("boot/syslinux/syslinux.cfg", "6.1.0 x86_64\n", rights, COUNT(rights));
}

/* By the source of its parser. */
static void what_u_boot_boots(void **state)
{
	static const struct right rights[] = {
		{ "DEFAULT two\n" A B, "/boot/b", "/boot/b.img", "entry=two" },
		{ "DEFAULT one\n" A B " MENU DEFAULT\n", "/boot/a", "/boot/a.img", "entry=one" },
		{ A B " MENU DEFAULT\n" A, "/boot/b", "/boot/b.img", "entry=two" },
		{ A " MENU DEFAULT\n" B " MENU DEFAULT\n", "/boot/a", "/boot/a.img", "entry=one" },
		{ "ONTIMEOUT two\nDEFAULT one\n" A B, "/boot/a", "/boot/a.img", "entry=one" },
		{ "DEFAULT one\nONTIMEOUT two\n" A B, "/boot/b", "/boot/b.img", "entry=two" },
		/* Without one that is named, the first. */
		{ A B, "/boot/a", "/boot/a.img", "entry=one" },
		{ "DEFAULT gone\n" A B, "/boot/a", "/boot/a.img", "entry=one" },
		{ "DEFAULT Linux B\nLABEL Linux A\n LINUX /a\nLABEL Linux B\n LINUX /b\n",
			"/boot/b", NULL, "" },
		{ "APPEND quiet\nLABEL l\n LINUX /a\n", "/boot/a", NULL, "" },
		{ "LABEL l\n LINUX /kernel8.img\n APPEND x\n", "/boot/kernel8.img", NULL, "x" },
		{ "LABEL l\n KERNEL /kernel8.img\n", "/boot/kernel8.img", NULL, "" },
		{ "LABEL l\n LINUX ../nixos/k-Image\n INITRD ../nixos/i-initrd\n APPEND x\n",
			"/boot/nixos/k-Image", "/boot/nixos/i-initrd", "x" },
		/* The environment of U-Boot. */
		{ "LABEL l\n LINUX /a\n APPEND ${cbootargs} root=x\n", NULL, NULL,
			"line 3 has what" },
		{ "LABEL l\n LINUX /a\n APPEND $(x)\n", NULL, NULL, "line 3 has what" },
		{ "LABEL l\n LINUX /a\n APPEND a='b c'\n", NULL, NULL, "line 3 has what" },
		{ "LABEL l\n LINUX /a\n APPEND a=$b\n", "/boot/a", NULL, "a=$b" },
		/* The first initrd; a second INITRD ends the label. */
		{ "LABEL l\n LINUX /a\n INITRD /a.img\n APPEND initrd=/b.img root=x\n", "/boot/a",
			"/boot/a.img", "initrd=/b.img root=x" },
		{ "LABEL l\n LINUX /a\n APPEND initrd=/b.img root=x\n", "/boot/a", "/boot/b.img",
			"initrd=/b.img root=x" },
		{ "LABEL l\n LINUX /a\n INITRD /a.img\n INITRD /b.img\n APPEND x\n", NULL, NULL,
			"line 4 ends its label" },
		{ "LABEL l\n LINUX /a\n INITRD /a.img,/b.img\n", NULL, NULL, "not there" },
		/* What is nothing of a label ends it. */
		{ "LABEL l\n LINUX /a\n TEXT HELP\n x\n ENDTEXT\n", "/boot/a", NULL, "" },
		{ "LABEL l\n LINUX /a\n TEXT HELP\n x\n ENDTEXT\n APPEND x\n", NULL, NULL,
			"line 3 ends its label" },
		{ "LABEL l\n LINUX /a\n LOCALBOOT 1\n", NULL, NULL, "LOCALBOOT" },
		{ "LABEL l\n LINUX /a\n IPAPPEND 2\n", NULL, NULL, "IPAPPEND" },
		{ "LABEL l\n LINUX /a#conf-1\n", NULL, NULL, "FIT" },
		{ "LABEL l\n LINUX /a\n FDT -\n", "/boot/a", NULL, "" },
		{ "LABEL l\n LINUX /a\n FDTOVERLAYS /x.dtbo\n", NULL, NULL,
			"line 3 has device tree" },
		{ "LABEL l\n LINUX /a\n APPEND\n", NULL, NULL, "gives the file up" },
		{ "INCLUDE gone\n" A, NULL, NULL, "gives the file up" },
		{ A "\r\n", "/boot/a", "/boot/a.img", "entry=one" },
		{ "LABEL l\r\n LINUX /a\r\n", NULL, NULL, "carriage return" },
		{ "DEFAULT l\n", NULL, NULL, "no label" },
	};

	(void)state;
	expect_rights("boot/extlinux/extlinux.conf", "6.1.0 aarch64\n", rights, COUNT(rights));
}

/* Where neither the CPU nor the firmware tells which of the two reads it. */
static void what_either_boots(void **state)
{
	static const struct right rights[] = {
		{ "DEFAULT two\n" A B, "/boot/b", "/boot/b.img", "entry=two" },
		{ "DEFAULT one extra=1\n" A, NULL, NULL, "boot different labels" },
		{ "DEFAULT l\nAPPEND quiet\nLABEL l\n LINUX /a\n", NULL, NULL, "boot different" },
	};
	static const struct right by_u_boot = { "DEFAULT one extra=1\n" A, "/boot/a", "/boot/a.img",
		"entry=one" };

	(void)state;
	for (size_t i = 0; i < COUNT(rights); i++)
		expect_right(TABLE_SOURCE({ "boot/extlinux/extlinux.conf", rights[i].text }, FILES),
			&rights[i]);
	expect_right(TABLE_SOURCE({ "boot/extlinux/extlinux.conf", by_u_boot.text }, FILES,
			     { "sys/class/dmi/id/bios_vendor", "U-Boot\n" }, UNAME("6.1")),
		&by_u_boot);
}

/* A relative path begins at the folder of the first file, and ends in its file system. */
static void paths_stay_in_their_file_system(void **state)
{
	struct fixture x;

	(void)state;
	fixture_find(&x,
		TABLE_SOURCE({ "boot/extlinux/extlinux.conf",
				     "INCLUDE ../more/labels.conf\nDEFAULT l\n" },
			EMPTY("boot/a"), EMPTY("boot/extlinux/b"),
			{ "boot/more/labels.conf", "LABEL l\n LINUX ../../../../a\n INITRD b\n" },
			EMPTY("boot/more/b"), EMPTY("a"),
			{ "proc/self/mountinfo",
				"25 1 8:2 / / rw - ext4 /dev/sda2 rw\n"
				"26 25 8:1 / /boot rw - ext4 /dev/sda1 rw\n" },
			UNAME("6.1")));
	assert_string_equal(fixture_default(&x), "l");
	assert_loadable(fixture_entry(&x, "l"));
	assert_string_equal(fixture_entry(&x, "l")->kernel, "/boot/a");
	assert_string_equal(fixture_entry(&x, "l")->initrds[0], "/boot/extlinux/b");
	fixture_end(&x);
}

static void what_is_asked_for_once_is_next(void **state)
{
	static const struct right once = { "DEFAULT one\n" A B, "/boot/b", "/boot/b.img",
		"entry=two single" };
	uint8_t adv[ADV_FILE];

	(void)state;
	adv_make(adv, 1, "two single");
	expect_right(TABLE_SOURCE({ "boot/extlinux/extlinux.conf", once.text }, FILES, UNAME("6.1"),
			     { "boot/extlinux/ldlinux.sys", (const char *)adv, sizeof adv }),
		&once);
}

/* Never by names in silence. */
static void a_file_that_yields_nothing_is_refused(void **state)
{
	static const struct right refused = { "", NULL, NULL, "extlinux.conf" };

	(void)state;
	expect_right(TABLE_SOURCE({ "boot/extlinux/extlinux.conf", "" }, EMPTY("boot/vmlinuz-6.1"),
			     { "saut/uname", "6.1 aarch64\n" }),
		&refused);
	expect_right(TABLE_SOURCE({ "boot/extlinux/extlinux.conf", "" }, EMPTY("boot/vmlinuz-6.1"),
			     UNAME("6.1")),
		&refused);
	expect_right(TABLE_SOURCE({ "boot/extlinux/extlinux.conf", .is_unreadable = true },
			     EMPTY("boot/vmlinuz-6.1"), UNAME("6.1")),
		&refused);
	expect_right(TABLE_SOURCE({ "boot/extlinux/extlinux.conf", A }, FILES,
			     { "boot/syslinux/syslinux.cfg", B }, UNAME("6.1")),
		&(const struct right){ "", NULL, NULL, "which of them is read" });
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		CASE(labels_are_read),
		CASE(syslinux_is_read),
		CASE(what_syslinux_boots),
		CASE(what_u_boot_boots),
		CASE(what_either_boots),
		CASE(paths_stay_in_their_file_system),
		CASE(what_is_asked_for_once_is_next),
		CASE(a_file_that_yields_nothing_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
