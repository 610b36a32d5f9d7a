/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Entries of UAPI.1 as GRUB's blscfg reads them, which is Red Hat's module or that of GRUB 2.14. */
#include "fixture.h"

#define CONF(id, text) { "boot/loader/entries/" id ".conf", text }
#define FILES \
	EMPTY("boot/a"), EMPTY("boot/a.img"), EMPTY("boot/b"), EMPTY("boot/b.img"), UNAME("6.1.0")
#define CFG(text) { "boot/grub2/grub.cfg", text }

/* The first entry's command line and initrds, in one word each. */
static void expect(
	struct table_source source, const char *id, const char *line, const char *initrds, int at)
{
	const struct entry *e;
	struct fixture x;
	char found[256] = "";

	fixture_find(&x, source);
	if (x.entries.no_default || strcmp(fixture_default(&x), id) != 0)
		fail_msg("line %d: default is \"%s\": %s", at, fixture_default(&x),
			x.entries.no_default ? x.entries.no_default : "no doubt");
	e = fixture_entry(&x, id);
	assert_loadable(e);
	for (size_t i = 0; i < e->initrd_count; i++)
		strcat(strcat(found, i ? "," : ""), e->initrds[i]);
	if (strcmp(e->command_line, line) != 0 || strcmp(found, initrds) != 0)
		fail_msg("line %d: \"%s\" and \"%s\"", at, e->command_line, found);
	fixture_end(&x);
}

#define EXPECT(id, line, initrds, ...) \
	expect(TABLE_SOURCE(__VA_ARGS__, FILES), id, line, initrds, __LINE__)

static void values_are_expanded_as_grub_does(void **state)
{
	(void)state;
	EXPECT("m-5", "x y", "/boot/a.img", CFG("blscfg\n"),
		CONF("m-5", "title A\nlinux /a\ninitrd /a.img\noptions x y\n"));
	/* A line without a value ends the file. */
	EXPECT("m-5", "", "", CFG("blscfg\n"),
		CONF("m-5", "title A\nlinux /a\n\ninitrd /a.img\noptions x\n"));
	EXPECT("m-5", "", "", CFG("blscfg\n"),
		CONF("m-5", "linux /a\ntitle\ninitrd /a.img\noptions x\n"));
	EXPECT("m-5", "xx", "", CFG("blscfg\n"),
		CONF("m-5", "# c\n\t# d\n linux /a\r\noptions xx\n"));
	/* Only the first options count; there may be several initrds. */
	EXPECT("m-5", "xx", "/boot/b.img,/boot/a.img", CFG("blscfg\n"),
		CONF("m-5", "linux /a\noptions xx\noptions y\ninitrd /b.img\ninitrd /a.img\n"));
	EXPECT("m-5", "r=1 ro xx", "/boot/a.img,/boot/b.img",
		CFG("set k=\"r=1 ro\"\nset t=/b.img\nblscfg\n"),
		CONF("m-5", "linux /a\noptions $k xx\ninitrd /a.img $t $none\n"));
	/* A part of one character is left out, and what is nothing at all is as if it were not there. */
	EXPECT("m-5", "", "", CFG("blscfg\n"), CONF("m-5", "linux /a\noptions x\n"));
	EXPECT("m-5", "d=1", "", CFG("set default_kernelopts=d=1\nblscfg\n"),
		CONF("m-5", "linux /a\noptions $unset\n"));
	EXPECT("m-5", "", "", CFG("set default_kernelopts=d=1\nblscfg\n"),
		CONF("m-5", "linux /a\noptions $unset $other\n"));
	EXPECT("m-5", "v bb", "", CFG("set a1=v\nblscfg\n"),
		CONF("m-5", "linux /a\noptions $a1 bb\n"));
}

static void variables_of_red_hats_are_known(void **state)
{
	(void)state;
	EXPECT("m-1", "root=UUID=x ro", "/boot/a.img",
		CFG("set default_kernelopts=\"root=UUID=x ro\"\nblscfg\n"),
		CONF("m-1", "title A\nlinux /a\ninitrd /a.img\n"));
	EXPECT("m-1", "root=UUID=x", "/boot/a.img", CFG("set default_kernelopts=n\nblscfg\n"),
		CONF("m-1", "title A\nlinux /a\ninitrd /a.img\noptions root=UUID=x\n"));
	EXPECT("m-1", "root=x", "/boot/b.img,/boot/a.img", CFG("set early_initrd=b.img\nblscfg\n"),
		CONF("m-1", "linux /a\ninitrd /a.img\noptions root=x\n"));
	EXPECT("m-1", "root=x", "/boot/b.img,/boot/a.img",
		CFG("set early_initrd=\"b.img a.img\"\nblscfg\n"),
		CONF("m-1", "linux /a\noptions root=x\n"));
}

/* No sort keys, no counting, no versions: names as rpm has them. */
static void the_order_is_that_of_names(void **state)
{
	(void)state;
	EXPECT("m-6", "e=b", "", CFG("blscfg\n"),
		CONF("m-5", "linux /a\noptions e=a\nsort-key z\nversion 9\n"),
		CONF("m-6", "linux /b\noptions e=b\n"));
	EXPECT("m-10+0-3", "e=b", "", CFG("blscfg\n"), CONF("m-10+0-3", "linux /b\noptions e=b\n"),
		CONF("m-9", "linux /a\noptions e=a\n"));
	EXPECT("m-5", "e=a", "", CFG("set default=1\nblscfg\n"),
		CONF("m-5", "linux /a\noptions e=a\n"), CONF("m-6", "linux /b\noptions e=b\n"));
	/* On a system of Red Hat's it is Red Hat's module; elsewhere it may be another one. */
	EXPECT("m-5.14.0-427.13.1.el9_4.x86_64", "e=b", "", CFG("blscfg\n"),
		CONF("m-5.14.0-427.13.1.el9_4.x86_64", "linux /b\noptions e=b\n"),
		CONF("m-5.14.0-427.el9.x86_64", "linux /a\noptions e=a\n"),
		CONF("m-0-rescue", "linux /a\n"),
		{ "etc/os-release", "ID=\"almalinux\"\nID_LIKE=\"rhel centos fedora\"\n" });
	EXPECT("m-5.14.0-427.13.1.el9_4.x86_64", "e=b", "", CFG("set boot_success=0\nblscfg\n"),
		CONF("m-5.14.0-427.13.1.el9_4.x86_64", "linux /b\noptions e=b\n"),
		CONF("m-5.14.0-427.el9.x86_64", "linux /a\noptions e=a\n"));
	/* What names no kernel is no line of the menu. */
	EXPECT("m-5", "e=a", "", CFG("blscfg\n"), CONF("m-5", "linux /a\noptions e=a\n"),
		CONF("m-6", "title b\noptions e=b\n"), CONF(".m-7", "linux /b\n"));
}

/* What next_entry has to be for the entry with this id; "": nothing is known to do. */
#define ONCE(id, once, ...) \
	fixture_expect_once(TABLE_SOURCE(__VA_ARGS__, FILES), id, once, ONCE_BY_GRUB, __LINE__)
#define FEDORA { "etc/os-release", "ID=fedora\n" }

static void an_entry_is_told_once_by_its_id(void **state)
{
	(void)state;
	ONCE("m-5", "m-5", CFG("blscfg\n"), CONF("m-5", "linux /a\n"), CONF("m-6", "linux /b\n"));
	ONCE("m-6", "m-6", CFG("blscfg\n"), CONF("m-5", "linux /a\n"), CONF("m-6", "linux /b\n"));
	/* GNU's GRUB would take it for the number of a line. */
	ONCE("1a98-5", "", CFG("blscfg\n"), CONF("1a98-5", "linux /a\n"),
		CONF("1a98-6", "linux /b\n"), CONF("1a98-7", "linux /b\n"));
	ONCE("1a98-5", "1a98-5", CFG("blscfg\n"), CONF("1a98-5", "linux /a\n"),
		CONF("1a98-6", "linux /b\n"), CONF("1a98-7", "linux /b\n"), FEDORA);
	ONCE("a>b-5", "", CFG("blscfg\n"), CONF("a>b-5", "linux /a\n"));
	/* Another line has that name. */
	ONCE("m-5", "", CFG("menuentry m-5 --id x { linux /b; }\nblscfg\n"),
		CONF("m-5", "linux /a\n"), CONF("m-6", "linux /b\n"));
	/* In a submenu it has a path. */
	ONCE("m-5", "", CFG("submenu s { blscfg; }\n"), CONF("m-5", "linux /a\n"));
}

static void doubt(struct table_source source, const char *text, int at)
{
	struct fixture x;

	fixture_find(&x, source);
	if (fixture_default(&x)[0] || !x.entries.no_default || !strstr(x.entries.no_default, text))
		fail_msg("line %d: \"%s\", doubt \"%s\"", at, fixture_default(&x),
			x.entries.no_default ? x.entries.no_default : "");
	fixture_end(&x);
}

#define DOUBT(text, ...) doubt(TABLE_SOURCE(__VA_ARGS__, FILES), text, __LINE__)

static void what_is_not_known_is_no_answer(void **state)
{
	struct fixture x;

	(void)state;
	DOUBT("/other is not there", CFG("set blsdir=/other\nblscfg\n"), CONF("m-5", "linux /a\n"));
	DOUBT("the same entry", CFG("blscfg\n"), CONF("m.5", "linux /a\n"),
		CONF("m_5", "linux /b\n"));
	DOUBT("in different ways", CFG("blscfg\n"), CONF("m-1.3", "linux /a\n"),
		CONF("m-1_2", "linux /b\n"));
	DOUBT("in different ways", CFG("blscfg\n"),
		CONF("m-5.14.0-427.13.1.el9_4.x86_64", "linux /b\n"),
		CONF("m-5.14.0-427.el9.x86_64", "linux /a\n"), { "etc/os-release", "ID=arch\n" });
	DOUBT("cannot be read", CFG("blscfg\n"), CONF("m-5", "linux /a\n"),
		{ "boot/loader/entries/m-6.conf", .is_unreadable = true });
	/* A tab ends a key for GRUB 2.14, and for Red Hat's only where no blank follows. */
	fixture_find(
		&x, TABLE_SOURCE(CFG("blscfg\n"), CONF("m-5", "linux\t/a\noptions\tx y\n"), FILES));
	assert_obstacle(fixture_entry(&x, "m-5"), "in different ways");
	fixture_end(&x);
}

/* On a partition of its own, and in a folder of the root file system. */
static void the_folder_is_on_the_device_of_root(void **state)
{
	static const char own[] = "25 1 8:3 / / rw - ext4 /dev/sda3 rw\n"
				  "30 25 8:2 / /boot rw - ext4 /dev/sda2 rw\n";
	static const char same[] = "25 1 8:3 / / rw - ext4 /dev/sda3 rw\n";

	(void)state;
	EXPECT("m-5", "x=1", "", CFG("blscfg\n"), CONF("m-5", "linux /a\noptions x=1\n"),
		{ "proc/self/mountinfo", own });
	EXPECT("m-5", "x=1", "", CFG("blscfg\n"), CONF("m-5", "linux /boot/a\noptions x=1\n"),
		{ "proc/self/mountinfo", same });
	EXPECT("m-6", "x=1", "", CFG("set blsdir=/other\nblscfg\n"),
		{ "boot/other/m-6.conf", "linux /a\noptions x=1\n" },
		CONF("m-7", "linux /a\noptions x=2\n"), { "proc/self/mountinfo", own });
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		CASE(values_are_expanded_as_grub_does),
		CASE(variables_of_red_hats_are_known),
		CASE(the_order_is_that_of_names),
		CASE(an_entry_is_told_once_by_its_id),
		CASE(what_is_not_known_is_no_answer),
		CASE(the_folder_is_on_the_device_of_root),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
