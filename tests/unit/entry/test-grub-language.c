/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The language of grub.cfg: what each construct makes of the default. What GRUB does was seen in
 * grub-emu 2.06, or is in its sources.
 */
#include "fixture.h"

#define A "menuentry A { linux /boot/a root=a; initrd /boot/a.img; }\n"
#define B "menuentry B { linux /boot/b root=b; initrd /boot/b.img; }\n"
#define C "menuentry C { linux /boot/c root=c; initrd /boot/c.img; }\n"

/* The entry whose only word is what is asked for. */
#define WORD(word) "menuentry A { linux /boot/a " word "; }\n"

struct row {
	const char *config;
	const char *line; /* the default's command line without BOOT_IMAGE= */
};

static const struct row rows[] = {
	/* Braces need no blanks. */
	{ "menuentry 'A'{\n\tlinux /boot/a root=a\n}\n" B, "/boot/a root=a" },
	{ "submenu 'S'{\n" B "}\n", "/boot/b root=b" },
	{ "function f{\n set default=1\n}\nf\n" A B, "/boot/b root=b" },
	{ "menuentry A {linux /boot/a $2;}\n", "/boot/a" },
	/* Commands come before functions, and functions before assignments. */
	{ "function set { true; }\nset default=1\n" A B, "/boot/b root=b" },
	{ "function f { default=$1; }\nf 1\n" A B, "/boot/b root=b" },
	{ "default=1\n" A B, "/boot/b root=b" },
	{ "set default=1 more=2\n" A B "menuentry C { linux /boot/c $more; }\n", "/boot/b root=b" },
	/* Loops. */
	{ "for i in a b; do\n menuentry \"L $i\" $i { linux /boot/$2; }\ndone\n" C, "/boot/a" },
	{ "for i in 0 1 2; do if [ $i = 1 ]; then break; fi; done\nset default=$i\n" A B C,
		"/boot/b root=b" },
	{ "for i in 0 1; do if [ $i = 1 ]; then continue; fi; default=$i; done\n" A B,
		"/boot/a root=a" },
	{ "i=x\nwhile [ $i != xxx ]; do i=x$i; done\n" WORD("$i"), "/boot/a xxx" },
	{ "until [ $i ]; do default=1; i=1; done\n" A B, "/boot/a root=a" },
	{ "until [ -n \"$i\" ]; do default=1; i=1; done\n" A B, "/boot/b root=b" },
	{ "set l='a b'\nfor i in $l \"$l\"; do n=$n$i,; done\n" WORD("\"$n\""), "/boot/a a,b,a" },
	/* Words. */
	{ "function f { n=$#; all=\"$*\"; for i in \"$@\"; do last=\"$i\"; done; }\nf x 'y "
	  "z'\n" WORD("$n \"$all\" \"$last\""),
		"/boot/a 2 \"x y z\" \"y z\"" },
	{ "false\nx=$?\ntrue\n" WORD("$x$?"), "/boot/a 10" },
	{ "function f { shift; x=$1; setparams q; x=$x$1; return 3; x=no; }\nf a b\nr=$?\n" WORD(
		  "$x$r"),
		"/boot/a bq3" },
	{ "x=1\nunset x y\n" WORD("x$x"), "/boot/a x" },
	{ "if [ x$1 = x ]; then default=1; fi\n" A B, "/boot/b root=b" },
	{ "menuentry A --class x --id y --unrestricted --hotkey=b z { linux /boot/a $#$2; }\n",
		"/boot/a 2z" },
	{ "menuentry A --strange { linux /boot/a $2; }\n", "/boot/a --strange" },
	{ "x=a#b # no\n" WORD("$x#c"), "/boot/a a#b#c" },
	{ "x='a\n# taken out by what reads lines\nb'; x=$x\n" WORD("$x"), "/boot/a a" },
	{ "x=\\\n# the same\nb\n" WORD("$x"), "/boot/a b" },
	{ "eval 'set default=1; true'\n" A B, "/boot/b root=b" },
	{ "x=default\neval set $x=1\n" A B, "/boot/b root=b" },
	/* What GRUB sets itself is not in a block. */
	{ "load_env -f (hd0,1)512+1 saved_entry\nset default=1\n" A B, "/boot/b root=b" },
	{ "load_env -f (hd0,1)512+1\nset default=0\n" WORD("$feature_timeout_style"), "/boot/a y" },
	/* Tests. */
	{ "if [ $x = y ]; then default=1; fi\n" A B, "/boot/b root=b" },
	{ "if [ ${x} != 1 ]; then default=1; fi\n" A B, "/boot/b root=b" },
	{ "if [ ${x} ]; then default=1; fi\n" A B, "/boot/b root=b" },
	{ "if [ \"${x}\" ]; then default=1; fi\n" A B, "/boot/a root=a" },
	{ "if [ ( a = b -o c = c ) -a d = d ]; then default=1; fi\n" A B, "/boot/b root=b" },
	{ "if [ ! a = b -a ! ( c = d -o e = f ) ]; then default=1; fi\n" A B, "/boot/b root=b" },
	{ "if [ -d /boot ]; then default=1; fi\n" A B, "/boot/b root=b" },
	{ "if [ -f /boot ]; then default=1; fi\n" A B, "/boot/a root=a" },
	{ "if [ -f /boot/a ]; then default=1; fi\n" A B, "/boot/b root=b" },
	{ "if [ -e /boot/ -a -d / ]; then default=1; fi\n" A B, "/boot/b root=b" },
	{ "if [ -e /boot/gone -o -s /boot/empty ]; then default=1; fi\n" A B, "/boot/a root=a" },
	{ "if [ 6.10 -pgt 6.9 ]; then default=1; fi\n" A B, "/boot/b root=b" },
	{ "if [ v6.9 -plt v6.10 ]; then default=1; fi\n" A B, "/boot/b root=b" },
	{ "if [ a '<' b -a b '>=' b ]; then default=1; fi\n" A B, "/boot/b root=b" },
	{ "if [ 010 -eq 8 -a 0x10 -eq 16 -a -1 -lt 0 ]; then default=1; fi\n" A B,
		"/boot/b root=b" },
	{ "if [ x -eq 0 ]; then default=1; fi\n" A B, "/boot/b root=b" },
	{ "if ! [ a = b ]; then default=1; fi\n" A B, "/boot/b root=b" },
	{ "if false; then default=2; elif true; then default=1; else default=2; fi\n" A B C,
		"/boot/b root=b" },
	{ "if [ $grub_platform$grub_cpu = pci386 ]; then default=1; fi\n" A B, "/boot/b root=b" },
	{ "if cpuid -l; then default=1; fi\n" A B, "/boot/b root=b" },
	{ "if loadfont /boot/gone.pf2; then default=1; fi\n" A B, "/boot/a root=a" },
	/* What decides nothing may be unknown. */
	{ "if loadfont unicode; then set gfxmode=auto; insmod gettext; fi\n" A, "/boot/a root=a" },
	{ "insmod part_gpt\nterminal_output gfxterm\nif keystatus --shift; then timeout=-1; fi\n" A,
		"/boot/a root=a" },
	{ "regexp --set=1:x --set 2:y '(b+)(c+)' abbccd\n" WORD("$x$y"), "/boot/a bbcc" },
	{ "if regexp '^q' abc; then default=1; fi\n" A B, "/boot/a root=a" },
	{ "grub_platform\nif [ $grub_platform = efi ]; then default=1; fi\n" A B,
		"/boot/a root=a" },
	{ "insmod regexp\n" WORD("'*' \\*"), "/boot/a * *" },
	{ WORD("pci=*"), "/boot/a pci=*" },
	{ A "if fwsetup --is-supported; then\n menuentry F { fwsetup; }\nfi\ndefault=gone\n",
		"/boot/a root=a" },
	/* The default. */
	{ "default='1 '\n" A B, "/boot/b root=b" },
	{ "default=1x\n" A B, "/boot/b root=b" },
	{ "default=0x1\n" A B, "/boot/b root=b" },
	{ "default=01\n" A B, "/boot/b root=b" },
	{ "default=-1\n" A B, "/boot/a root=a" },
	{ "default=7\n" A B, "/boot/a root=a" },
	{ "default=99999999999999999999\n" A B, "/boot/a root=a" },
	{ "default=B\n" A B, "/boot/b root=b" },
	{ "default='x>>y'\n" A "menuentry 'x>y' { linux /boot/b y; }\n", "/boot/b y" },
	{ "default='S>gone'\n" C "submenu S {\n" A B "}\n", "/boot/a root=a" },
	{ "default='S>B'\n" C "submenu S {\n" A B "}\n", "/boot/b root=b" },
	{ "default='1>1'\n" C "submenu S {\n" A B "}\n", "/boot/b root=b" },
	{ "default=S\n" C "submenu S {\n set default=1\n" A B "}\n", "/boot/b root=b" },
	{ "default=1\n" C "submenu S {\n" A B "}\n", "/boot/a root=a" },
	{ "default=1\nexport default\n" C "submenu S {\n" A B "}\n", "/boot/a root=a" },
	{ "default=A\n" WORD("x$default"), "/boot/a x" },
	{ "default='S>A'\nsubmenu S {\n" WORD("x$default") "}\n", "/boot/a x" },
	/* Where the file is is forgotten when it has been read. */
	{ "x=$config_directory\n" WORD("x$config_directory"), "/boot/a x" },
	{ "x=1\ny=2\nexport y\nsubmenu S { menuentry A { linux /boot/a x$x$y; }; }\nx=3\n",
		"/boot/a x2" },
	/* Bodies are run when they are chosen. */
	{ WORD("$x") "x=late\n", "/boot/a late" },
	{ "menuentry A { linux /boot/b; initrd /boot/b.img; linux /boot/a; }\n", "/boot/a" },
	{ "menuentry A { linux /boot/a; boot; linux /boot/b; }\n", "/boot/a" },
	{ "menuentry A { linux /boot/a; if true; then return; fi; linux /boot/b; }\n", "/boot/a" },
	{ "menuentry A --id z { strange=1; linux /boot/a $strange; }\n", "/boot/a 1" },
	/* Other files. */
	{ A "configfile /boot/two.cfg\n", "/boot/c two" },
	{ "source /boot/two.cfg\n" A, "/boot/c two" },
	{ "configfile /boot/gone.cfg\n" A, "/boot/a root=a" },
	{ "if source /boot/gone.cfg; then default=1; fi\n" A B, "/boot/b root=b" },
	{ "load_env -f /boot/env other\nset default=$saved_entry\n" A B, "/boot/a root=a" },
	{ "load_env -f /boot/env\nset default=$saved_entry\n" A B, "/boot/b root=b" },
	{ "load_env --file /boot/env saved_entry\nset default=$saved_entry\n" A B,
		"/boot/b root=b" },
	{ "if load_env -f /boot/a; then default=1; fi\n" A B, "/boot/a root=a" },
	{ "if hwmatch /boot/none 3; then x=keep$match; fi\n" WORD("$x"), "/boot/a keep0" },
	{ "if hwmatch /boot/listed 3; then x=keep$match; fi\n" WORD("$x"), "/boot/a keep1" },
};

static const struct row doubtful[] = {
	{ "submenu S {\n" A "menuentry '' --id z { linux /boot/b; }\n}\n",
		"an entry has no title" },
	{ "strange\n" A B, "line 1: \"strange\" is not understood" },
	{ "if strange; then true; fi\n" A B, "line 1: \"strange\"" },
	{ A "strange\n" B "default=1\n", "line 2: \"strange\"" },
	{ "if [ a -nt b ]; then default=1; fi\n" A B, "line 1: this condition is only known" },
	{ "if insmod x; then default=1; fi\n" A B, "line 1: whether this succeeds" },
	{ "if insmod x; then\n" A "fi\n" B, "line 1: whether this succeeds" },
	{ "while keystatus; do default=1; done\n" A B, "line 1: whether this succeeds" },
	{ "set default=$(x)\n" A B, "line 1: this is no statement" },
	{ "true && set default=1\n" A B, "line 1: this is no statement" },
	{ A "if true; then\n" B, "line 4: this is no statement" },
	{ "load_env -f (hd0,1)512+1\nset default=$any_name\n" A B, "blocks of a device" },
	{ "set default=1\nload_env -f (hd0,1)512+1\n" A B, "blocks of a device" },
	{ "load_env -f (hd0,1)512+1\nset default=$saved_entry\n" A B,
		"line 1: the environment is in" },
	{ "search --set=x --file /boot/a\nset default=$x\n" A B,
		"line 1: which device \"search\"" },
	{ "set default=$root\n" A B, "known to GRUB only" },
	{ "if [ \"$root\" = hd0,1 ]; then default=1; fi\n" A B, "line 1: this condition" },
	{ "if [ -e (hd7,1)/x ]; then default=1; fi\n" A B, "(hd7,1) is only known to GRUB" },
	{ "regexp --set=default '(a{3}){3}' aaa\n" A B, "line 1: what this expression" },
	{ "for i in /boot/*; do set default=$i; done\n" A B, "line 1: which files there are" },
	{ "read default\n" A B, "line 1: it waits for somebody" },
	{ "n=0\nincrement n\nset default=$n\n" A B, "line 2: only Red Hat's" },
	{ "exit\n" A, "line 1: \"exit\" leaves GRUB" },
	{ "linux /boot/a\nboot\n" B, "line 1: \"linux\" stands outside of an entry" },
	{ "function f { if keystatus; then return; fi; default=1; }\nf\n" A B,
		"line 1: whether this succeeds" },
	{ "for i in 0 1; do if keystatus; then break; fi; default=1; done\n" A B,
		"line 1: whether this succeeds" },
	{ "if keystatus; then configfile /boot/two.cfg; fi\n" A, "line 1: whether this succeeds" },
	{ "if [ $cmdpath = x ]; then default=1; fi\n" A B, "line 1: " },
	{ "if [ x$feature_of_later = xy ]; then default=1; fi\n" A B, "the version of GRUB" },
	{ "default=S\n" C "submenu S {\n strange\n" A B "}\n", "line 4: \"strange\"" },
	{ "submenu S { true; }\n", "there is no entry in the menu" },
	{ "# nothing\n", "/boot/grub/grub.cfg has no entry" },
};

/* Where the default is known, and cannot be loaded. */
static const struct row refused[] = {
	{ "probe --set=u --fs-uuid $root\n" WORD("$u"), "line 1: what \"probe\" tells" },
	{ WORD("root=$root"), "line 1: the name of a device" },
	{ "menuentry A { set root=(hd1,msdos1); linux /boot/a; }\n", "(hd1,msdos1) is only known" },
	{ "menuentry A { strange; linux /boot/a; }\n", "line 1: \"strange\" is not understood" },
	{ "menuentry A { if keystatus; then linux /boot/a; else linux /boot/b; fi; }\n",
		"line 1: whether this succeeds" },
	{ "menuentry A { if keystatus; then x=1; fi; linux /boot/a $x; }\n",
		"line 1: whether this succeeds" },
	{ "menuentry A { linux /boot/a; chainloader +1; }\n", "\"chainloader\" is not understood" },
	{ "menuentry A { linux /boot/a; initrd newc:x:/boot/a.img; }\n", "made of a file" },
	{ "menuentry A { initrd /boot/a.img; linux /boot/a; }\n", "an initrd before its kernel" },
	{ "menuentry A { linux /boot/a; false; }\n", "ends with a failure" },
	{ "menuentry A { linux /boot/a; configfile /boot/two.cfg; }\n", "\"configfile\"" },
	{ "menuentry A { linux /boot/$x; }\n", "its kernel /boot is a folder" },
	{ WORD("*"), "which files there are" },
	{ WORD("\\x41"), "GRUBs differ" },
	{ WORD("$\"Linux\""), "this text is translated" },
};

#define TWO   "menuentry two { linux /boot/c two; }\n"
#define BLOCK "# GRUB Environment Block\nsaved_entry=1\nother=x\n####"
#define MACHINE                                                                                    \
	EMPTY("boot/a"), EMPTY("boot/a.img"), EMPTY("boot/b"), EMPTY("boot/b.img"),                \
		EMPTY("boot/c"), EMPTY("boot/c.img"), { "boot/empty", "" }, { "boot/env", BLOCK }, \
		{ "boot/listed", "# one\nv1234.*\n" }, { "boot/none", "# none\n\n" },              \
		{ "boot/two.cfg", TWO }, UNAME("6.1.0"),                                           \
		{ "sys/bus/pci/devices/0000:00:02.0/class", "0x030000\n" },                        \
		{ "sys/bus/pci/devices/0000:00:02.0/device", "0x1111\n" },                         \
		{ "sys/bus/pci/devices/0000:00:02.0/subsystem_device", "0x1100\n" },               \
		{ "sys/bus/pci/devices/0000:00:02.0/subsystem_vendor", "0x1af4\n" },               \
		{ "sys/bus/pci/devices/0000:00:02.0/vendor", "0x1234\n" }

static const struct entry *find_default(const struct fixture *x)
{
	for (size_t i = 0; i < x->entries.count; i++)
		if (x->entries.items[i].is_default)
			return &x->entries.items[i];
	return NULL;
}

static void the_default_is_grubs(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const struct entry *e;
		struct fixture x;

		fixture_find(&x, TABLE_SOURCE({ "boot/grub/grub.cfg", rows[i].config }, MACHINE));
		e = find_default(&x);
		if (!e || e->obstacle || !e->command_line ||
			strcmp(e->command_line + strlen("BOOT_IMAGE="), rows[i].line) != 0)
			fail_msg("%s: \"%s\", %s %s", rows[i].config,
				e && e->command_line ? e->command_line : "",
				e && e->obstacle ? e->obstacle : "",
				x.entries.no_default ? x.entries.no_default : "");
		fixture_end(&x);
	}
}

static void what_is_unknown_decides_nothing(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof doubtful / sizeof *doubtful; i++) {
		struct fixture x = { .source = TABLE_SOURCE(
					     { "boot/grub/grub.cfg", doubtful[i].config }, MACHINE,
					     EMPTY("boot/vmlinuz-6.1.0")) };

		assert_true(entry_find(&x.source.source, &x.arena, &x.entries, &x.err));
		if (!x.entries.no_default || !strstr(x.entries.no_default, doubtful[i].line))
			fail_msg("%s: \"%s\" is the default, doubt is \"%s\"", doubtful[i].config,
				fixture_default(&x),
				x.entries.no_default ? x.entries.no_default : "");
		assert_string_equal(fixture_default(&x), "");
		fixture_end(&x);
	}
}

static void what_is_unknown_is_not_loaded(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
		const struct entry *e;
		struct fixture x;

		fixture_find(
			&x, TABLE_SOURCE({ "boot/grub/grub.cfg", refused[i].config }, MACHINE));
		e = find_default(&x);
		if (!e)
			fail_msg("%s: no default, %s", refused[i].config, x.entries.no_default);
		assert_obstacle(e, refused[i].line);
		fixture_end(&x);
	}
}

/* What may be listed is not complete, and who asks for the newest is to know. */
static void a_list_may_be_incomplete(void **state)
{
	struct fixture x;

	(void)state;
	fixture_find(&x, TABLE_SOURCE({ "boot/grub/grub.cfg", A B "strange\n" }, MACHINE));
	assert_string_equal(fixture_default(&x), "");
	assert_true(strstr(x.entries.incomplete, "line 3: \"strange\""));
	/* The file system that it is on may have been changed as well. */
	assert_obstacle(fixture_entry(&x, "A"), "line 3: \"strange\"");
	fixture_end(&x);
	fixture_find(&x, TABLE_SOURCE({ "boot/grub/grub.cfg", "default=0\n" A B }, MACHINE));
	assert_null(x.entries.incomplete);
	fixture_end(&x);
	/* What comes before is known all the same. */
	fixture_find(&x,
		TABLE_SOURCE({ "boot/grub/grub.cfg", A B "strange\nset default=1\n" }, MACHINE));
	assert_string_equal(fixture_default(&x), "B");
	assert_obstacle(fixture_entry(&x, "B"), "line 3: \"strange\"");
	fixture_end(&x);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		CASE(the_default_is_grubs),
		CASE(what_is_unknown_decides_nothing),
		CASE(what_is_unknown_is_not_loaded),
		CASE(a_list_may_be_incomplete),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
