/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Files as grub-mkconfig writes them, shortened to what matters. Their statements are those that
 * Ubuntu 14.04 (a bootinfoscript log in a forum), Debian 12 and Fedora 39 (tutorials) show.
 */
#include "fixture.h"

#define UUID "09b5d2d0-c658-4038-9757-1ea59a4b5798"

#define HEADER                                                               \
	"### BEGIN /etc/grub.d/00_header ###\n"                              \
	"if [ -s $prefix/grubenv ]; then\n"                                  \
	"  set have_grubenv=true\n"                                          \
	"  load_env\n"                                                       \
	"fi\n"                                                               \
	"if [ \"${next_entry}\" ] ; then\n"                                  \
	"   set default=\"${next_entry}\"\n"                                 \
	"   set next_entry=\n"                                               \
	"   save_env next_entry\n"                                           \
	"   set boot_once=true\n"                                            \
	"else\n"                                                             \
	"   set default=\"${saved_entry}\"\n"                                \
	"fi\n"                                                               \
	"if [ x\"${feature_menuentry_id}\" = xy ]; then\n"                   \
	"  menuentry_id_option=\"--id\"\n"                                   \
	"else\n"                                                             \
	"  menuentry_id_option=\"\"\n"                                       \
	"fi\n"                                                               \
	"export menuentry_id_option\n"                                       \
	"function recordfail {\n"                                            \
	"  set recordfail=1\n"                                               \
	"  if [ -n \"${have_grubenv}\" ]; then if [ -z \"${boot_once}\" ]; " \
	"then save_env recordfail; fi; fi\n"                                 \
	"}\n"                                                                \
	"function load_video {\n"                                            \
	"  if [ x$feature_all_video_module = xy ]; then\n"                   \
	"    insmod all_video\n"                                             \
	"  else\n"                                                           \
	"    insmod efi_gop\n"                                               \
	"  fi\n"                                                             \
	"}\n"                                                                \
	"if loadfont $font ; then\n"                                         \
	"  set gfxmode=auto\n"                                               \
	"fi\n"                                                               \
	"terminal_output gfxterm\n"                                          \
	"if background_color 44,0,30; then\n"                                \
	"  clear\n"                                                          \
	"fi\n"                                                               \
	"function gfxmode {\n"                                               \
	"\tset gfxpayload=\"${1}\"\n"                                        \
	"\tif [ \"${1}\" = \"keep\" ]; then\n"                               \
	"\t\tset vt_handoff=vt.handoff=7\n"                                  \
	"\telse\n"                                                           \
	"\t\tset vt_handoff=\n"                                              \
	"\tfi\n"                                                             \
	"}\n"                                                                \
	"if [ \"${recordfail}\" != 1 ]; then\n"                              \
	"  if [ -e ${prefix}/gfxblacklist.txt ]; then\n"                     \
	"    if hwmatch ${prefix}/gfxblacklist.txt 3; then\n"                \
	"      set linux_gfx_mode=keep\n"                                    \
	"    else\n"                                                         \
	"      set linux_gfx_mode=text\n"                                    \
	"    fi\n"                                                           \
	"  else\n"                                                           \
	"    set linux_gfx_mode=keep\n"                                      \
	"  fi\n"                                                             \
	"else\n"                                                             \
	"  set linux_gfx_mode=text\n"                                        \
	"fi\n"                                                               \
	"export linux_gfx_mode\n"

#define BODY(version, arguments)                                                   \
	"\trecordfail\n"                                                           \
	"\tload_video\n"                                                           \
	"\tgfxmode $linux_gfx_mode\n"                                              \
	"\tinsmod gzio\n"                                                          \
	"\tif [ x$grub_platform = xxen ]; then insmod xzio; insmod lzopio; fi\n"   \
	"\tset root='hd0,gpt3'\n"                                                  \
	"\tif [ x$feature_platform_search_hint = xy ]; then\n"                     \
	"\t  search --no-floppy --fs-uuid --set=root --hint-bios=hd0,gpt3 "        \
	"--hint-efi=hd0,gpt3  " UUID "\n"                                          \
	"\telse\n"                                                                 \
	"\t  search --no-floppy --fs-uuid --set=root " UUID "\n"                   \
	"\tfi\n"                                                                   \
	"\techo\t'Loading Linux " version " ...'\n"                                \
	"\tlinux\t/boot/vmlinuz-" version " root=UUID=" UUID " ro " arguments "\n" \
	"\techo\t'Loading initial ramdisk ...'\n"                                  \
	"\tinitrd\t/boot/initrd.img-" version "\n"                                 \
	"}\n"

#define ENTRY(title, id, version, arguments)                                        \
	"menuentry '" title "' --class ubuntu --class os $menuentry_id_option '" id \
	"' {\n" BODY(version, arguments)

#define UBUNTU                                                                                     \
	HEADER ENTRY("Ubuntu", "simple", "3.13.0-39-generic",                                      \
		"quiet splash $vt_handoff") "submenu 'Advanced options for Ubuntu' "               \
					    "$menuentry_id_option 'advanced' {\n" ENTRY("Ubuntu, " \
											"with "    \
											"Linux "   \
											"3.13.0-"  \
											"39-"      \
											"generic", \
						    "39-advanced", "3.13.0-39-generic",            \
						    "quiet splash $vt_handoff") ENTRY("Ubuntu, "   \
										      "with "      \
										      "Linux "     \
										      "3.13.0-39-" \
										      "generic "   \
										      "(recovery " \
										      "mode)",     \
						    "39-recovery", "3.13.0-39-generic",            \
						    "recovery nomodeset ") ENTRY("Ubuntu, with "   \
										 "Linux "          \
										 "3.13.0-32-"      \
										 "generic",        \
						    "32-advanced", "3.13.0-32-generic",            \
						    "quiet splash $vt_handoff") "}\n"              \
										"menuentry "       \
										"'Windows 7 "      \
										"(loader) (on "    \
										"/dev/sda1)' "     \
										"--class windows " \
										"$menuentry_id_"   \
										"option "          \
										"'osprober-chain'" \
										" {\n"             \
										"\tsearch "        \
										"--no-floppy "     \
										"--fs-uuid "       \
										"--set=root "      \
										"D01AA4BE1AA4A2C8" \
										"\n"               \
										"\tchainloader "   \
										"+1\n"             \
										"}\n"              \
										"if [ -f  "        \
										"${config_"        \
										"directory}/"      \
										"custom.cfg ]; "   \
										"then\n"           \
										"  source "        \
										"${config_"        \
										"directory}/"      \
										"custom.cfg\n"     \
										"elif [ -z "       \
										"\"${config_"      \
										"directory}\" -a " \
										"-f  "             \
										"$prefix/"         \
										"custom.cfg ]; "   \
										"then\n"           \
										"  source "        \
										"$prefix/"         \
										"custom.cfg;\n"    \
										"fi\n"

#define ROOT_MOUNT                                                        \
	{ "proc/self/mountinfo",                                          \
		"22 1 8:3 / / rw,relatime shared:1 - ext4 /dev/sda3 rw\n" \
		"23 22 0:5 / /proc rw - proc proc rw\n" },                \
		{ "run/udev/data/b8:3", "S:disk/by-uuid/" UUID "\nE:ID_FS_UUID=" UUID "\n" }

#define UBUNTU_FILES                                                                              \
	EMPTY("boot/initrd.img-3.13.0-32-generic"), EMPTY("boot/initrd.img-3.13.0-39-generic"),   \
		EMPTY("boot/vmlinuz-3.13.0-32-generic"), EMPTY("boot/vmlinuz-3.13.0-39-generic"), \
		UNAME("3.13.0-32-generic"), ROOT_MOUNT

#define ENVIRONMENT(text) "# GRUB Environment Block\n" text "####################"

static void entries_are_read(void **state)
{
	struct fixture x;
	const struct entry *e;

	(void)state;
	fixture_find(&x, TABLE_SOURCE({ "boot/grub/grub.cfg", UBUNTU }, UBUNTU_FILES));
	assert_int_equal(x.entries.count, 5);
	assert_string_equal(fixture_default(&x), "simple");
	e = fixture_entry(&x, "simple");
	assert_loadable(e);
	assert_int_equal(e->kind, ENTRY_GRUB);
	assert_string_equal(e->title, "Ubuntu");
	assert_string_equal(e->kernel, "/boot/vmlinuz-3.13.0-39-generic");
	assert_int_equal(e->initrd_count, 1);
	assert_string_equal(e->initrds[0], "/boot/initrd.img-3.13.0-39-generic");
	assert_string_equal(e->command_line,
		"BOOT_IMAGE=/boot/vmlinuz-3.13.0-39-generic root=UUID=" UUID
		" ro quiet splash vt.handoff=7");
	assert_string_equal(e->version, "3.13.0-39-generic");
	assert_string_equal(e->file, "/boot/grub/grub.cfg");
	assert_false(e->is_running);
	assert_null(e->remark);
	e = fixture_entry(&x, "39-recovery");
	assert_true(strstr(e->command_line, " ro recovery nomodeset"));
	e = fixture_entry(&x, "32-advanced");
	assert_true(e->is_running);
	assert_obstacle(fixture_entry(&x, "osprober-chain"), "\"chainloader\" is not understood");
	fixture_end(&x);
}

/* Where GRUB would find it: the test counts lines as an editor does. */
static void an_unknown_command_is_named_with_its_line(void **state)
{
	struct fixture x;

	(void)state;
	fixture_find(&x,
		TABLE_SOURCE(
			{ "boot/grub/grub.cfg",
				"# one\nmenuentry 'a' {\n\tinsmod ext2\n\tacpi /dsdt.aml\n"
				"\tlinux /vmlinuz\n}\n"
				"menuentry \"b\" {\n  linux \\\n   /vmlinuz x\n  while true; do\n"
				"    echo\n  done\n}\n"
				"menuentry c {\n if [ a -nt b ]; then\n  linux /vmlinuz\n"
				" fi\n}\n"
				"menuentry e { linux /vmlinuz z; }\n" },
			EMPTY("vmlinuz"), UNAME("6.1.0")));
	assert_obstacle(fixture_entry(&x, "a"), "/boot/grub/grub.cfg, line 4: \"acpi\"");
	assert_obstacle(fixture_entry(&x, "b"), "line 11: it is too long or too deep");
	assert_obstacle(fixture_entry(&x, "c"), "line 15: this condition");
	assert_loadable(fixture_entry(&x, "e"));
	assert_string_equal(fixture_entry(&x, "e")->command_line, "BOOT_IMAGE=/vmlinuz z");
	fixture_end(&x);
}

static const struct {
	const char *environment, *chosen;
} defaults[] = {
	{ ENVIRONMENT(""), "simple" },
	{ ENVIRONMENT("saved_entry=2\n"), "osprober-chain" },
	{ ENVIRONMENT("saved_entry=39-advanced\n"), "simple" }, /* not in the first menu */
	/* GNU's GRUB takes the number at its beginning, and that is too large. */
	{ ENVIRONMENT("saved_entry=advanced>32-advanced\n"), "39-advanced" },
	{ ENVIRONMENT("saved_entry=advanced>Ubuntu, with Linux 3.13.0-32-generic\n"),
		"32-advanced" },
	{ ENVIRONMENT("saved_entry=1>2\n"), "32-advanced" },
	{ ENVIRONMENT("saved_entry=1\n"), "39-advanced" },
	{ ENVIRONMENT("saved_entry=Advanced options for Ubuntu>Ubuntu, with Linux "
		      "3.13.0-39-generic (recovery mode)\n"),
		"39-recovery" },
	{ ENVIRONMENT("saved_entry=0\nnext_entry=1>1\n"), "39-recovery" },
	{ ENVIRONMENT("saved_entry=gone\n"), "simple" },
	{ ENVIRONMENT("saved_entry=99\n"), "simple" },
	{ ENVIRONMENT("saved_entry=1>99\n"), "39-advanced" },
	{ ENVIRONMENT("saved_entry=>>>\n"), "simple" },
};

static void the_default_is_grubs_own(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof defaults / sizeof *defaults; i++) {
		struct fixture x;

		fixture_find(&x,
			TABLE_SOURCE({ "boot/grub/grub.cfg", UBUNTU },
				{ "boot/grub/grubenv", defaults[i].environment }, UBUNTU_FILES));
		if (strcmp(fixture_default(&x), defaults[i].chosen) != 0)
			fail_msg("%s: %s and not %s", defaults[i].environment, fixture_default(&x),
				defaults[i].chosen);
		fixture_end(&x);
	}
}

/* The first boot of an entry whose last one failed: Ubuntu then leaves the graphics mode alone. */
static void conditions_are_answered(void **state)
{
	struct fixture x;

	(void)state;
	fixture_find(&x,
		TABLE_SOURCE({ "boot/grub/grub.cfg", UBUNTU },
			{ "boot/grub/grubenv", ENVIRONMENT("recordfail=1\n") }, UBUNTU_FILES));
	assert_null(strstr(fixture_entry(&x, "simple")->command_line, "handoff"));
	fixture_end(&x);
	fixture_find(&x,
		TABLE_SOURCE(
			{ "boot/grub/grub.cfg",
				"if [ $grub_platform = efi ]; then set p=efi; "
				"elif [ $grub_platform == pc ]; then set p=pc; else set p=no; fi\n"
				"if [ 1 -lt 2 -a ! -e /gone -o -z x ]; then set q=yes; fi\n"
				"if test -n \"$q\" ; then set r=$q; fi\n"
				"if ! false; then set s=s; fi\n"
				"if [ a = a ]\nthen\nif [ b != b ]\nthen\nset u=bad\nelse\n"
				"set u=u\nfi\nfi\n"
				"menuentry x { linux /vmlinuz $p $q $r $s \"$t\" $t ${u}; }\n" },
			EMPTY("vmlinuz"), UNAME("6.1.0")));
	assert_string_equal(
		fixture_entry(&x, "x")->command_line, "BOOT_IMAGE=/vmlinuz pc yes yes s  u");
	fixture_end(&x);
}

static void words_are_quoted_as_grub_does(void **state)
{
	struct fixture x;
	const struct entry *e;

	(void)state;
	fixture_find(&x,
		TABLE_SOURCE({ "boot/grub/grub.cfg",
				     "set two='a  b'\n"
				     "menuentry \"it's \\\"quoted\\\"\" --id=q --unrestricted {\n"
				     "linux /vmlinuz dm-mod.create=\"vroot,,4,ro,0 8 verity\" a\\ "
				     "b 'c'\"d\" "
				     "$two \"$two\" $nothing '$two' \\$two # no\n"
				     "initrd /a /b\n"
				     "initrd /b\n"
				     "devicetree /b\n"
				     "}\n" },
			EMPTY("a"), EMPTY("b"), EMPTY("vmlinuz"),
			{ "saut/uname", "6.1.0 aarch64\n" }));
	e = fixture_entry(&x, "q");
	assert_loadable(e);
	assert_string_equal(e->title, "it's \"quoted\"");
	assert_string_equal(e->command_line,
		"BOOT_IMAGE=/vmlinuz \"dm-mod.create=vroot,,4,ro,0 8 verity\" \"a b\" cd a b \"a  "
		"b\" "
		"$two $two");
	assert_int_equal(e->initrd_count, 1);
	assert_string_equal(e->initrds[0], "/b");
	assert_string_equal(e->device_tree, "/b");
	fixture_end(&x);
}

/* Ubuntu's cloud images try without an initrd first; Debian with an encrypted /boot opens it. */
static void harmless_commands_do_not_refuse(void **state)
{
	struct fixture x;

	(void)state;
	fixture_find(&x,
		TABLE_SOURCE(
			{ "boot/grub/grub.cfg",
				"function initrdfail {\n if [ -n \"${have_grubenv}\" ]; then if [ "
				"-n "
				"\"${partuuid}\" ]; then\n  save_env initrdfail\n fi; fi\n}\n"
				"menuentry u {\n cryptomount -u 0123\n set root='cryptouuid/0123'\n"
				" gfxpayload=keep\n if [ \"${initrdfail}\" = 1 ]; then\n"
				"  linux /vmlinuz root=LABEL=x panic=-1\n  initrd /initrd\n else\n"
				"  linux /vmlinuz root=PARTUUID=y panic=-1\n fi\n "
				"initrdfail\n}\n" },
			EMPTY("initrd"), EMPTY("vmlinuz"), UNAME("6.1.0")));
	assert_obstacle(fixture_entry(&x, "u"), "(cryptouuid/0123) is only known to GRUB");
	assert_string_equal(fixture_entry(&x, "u")->command_line,
		"BOOT_IMAGE=/vmlinuz root=PARTUUID=y panic=-1");
	assert_int_equal(fixture_entry(&x, "u")->initrd_count, 0);
	fixture_end(&x);
}

/* An entry's variables are its own. */
static void entries_do_not_disturb_one_another(void **state)
{
	struct fixture x;

	(void)state;
	fixture_find(&x,
		TABLE_SOURCE({ "boot/grub/grub.cfg",
				     "set v=top\n"
				     "menuentry a { set v=a; linux /vmlinuz $v $1; }\n"
				     "menuentry b more { linux /vmlinuz $v $1 $2; }\n" },
			EMPTY("vmlinuz"), UNAME("6.1.0")));
	assert_string_equal(fixture_entry(&x, "a")->command_line, "BOOT_IMAGE=/vmlinuz a a");
	assert_string_equal(fixture_entry(&x, "b")->command_line, "BOOT_IMAGE=/vmlinuz top b more");
	fixture_end(&x);
}

#define BOOT_UUID "a1b2c3d4-0000-4444-8888-aabbccddeeff"
#define ON_BOOT                                                                \
	"menuentry 'Debian GNU/Linux' --id d {\n"                              \
	"\tsearch --no-floppy --fs-uuid --set=root " BOOT_UUID "\n"            \
	"\tlinux\t/vmlinuz-6.1.0-18-amd64 root=/dev/mapper/vg-root ro quiet\n" \
	"\tinitrd\t/initrd.img-6.1.0-18-amd64\n"                               \
	"}\n"
#define BOOT_FILES                                                                     \
	EMPTY("boot/initrd.img-6.1.0-18-amd64"), EMPTY("boot/vmlinuz-6.1.0-18-amd64"), \
		UNAME("6.1.0-18-amd64")
#define MOUNTS(boot) \
	{ "proc/self/mountinfo", "25 1 253:0 / / rw - ext4 /dev/mapper/vg-root rw\n" boot }

static void paths_are_mapped_to_where_they_are_mounted(void **state)
{
	struct fixture x;

	(void)state;
	/* By udev's database, by fstab, and not by the place of grub.cfg: it may be another one. */
	fixture_find(&x,
		TABLE_SOURCE({ "boot/grub/grub.cfg", ON_BOOT }, BOOT_FILES,
			MOUNTS("30 25 8:2 / /boot rw - ext4 /dev/sda2 rw\n"),
			{ "run/udev/data/b8:2", "E:ID_FS_UUID=" BOOT_UUID "\n" }));
	assert_string_equal(fixture_entry(&x, "d")->kernel, "/boot/vmlinuz-6.1.0-18-amd64");
	assert_null(fixture_entry(&x, "d")->remark);
	fixture_end(&x);
	fixture_find(&x,
		TABLE_SOURCE({ "boot/grub/grub.cfg", ON_BOOT }, BOOT_FILES,
			MOUNTS("30 25 8:2 / /boot rw - ext4 /dev/sda2 rw\n"),
			{ "etc/fstab", "UUID=\"" BOOT_UUID "\" /boot ext4 defaults 0 2\n" }));
	assert_string_equal(fixture_entry(&x, "d")->kernel, "/boot/vmlinuz-6.1.0-18-amd64");
	assert_null(fixture_entry(&x, "d")->remark);
	fixture_end(&x);
	fixture_find(&x,
		TABLE_SOURCE({ "boot/grub/grub.cfg", ON_BOOT }, BOOT_FILES,
			MOUNTS("30 25 8:2 / /boot rw - ext4 /dev/sda2 rw\n")));
	assert_obstacle(fixture_entry(&x, "d"), "nothing tells which file system is " BOOT_UUID);
	fixture_end(&x);
	/* Where nothing is mounted at all, all that there is lies in one folder. */
	fixture_find(&x, TABLE_SOURCE({ "boot/grub/grub.cfg", ON_BOOT }, BOOT_FILES));
	assert_string_equal(fixture_entry(&x, "d")->kernel, "/boot/vmlinuz-6.1.0-18-amd64");
	assert_true(strstr(fixture_entry(&x, "d")->remark, BOOT_UUID));
	fixture_end(&x);
}

static void a_file_system_that_is_not_mounted_is_named(void **state)
{
	struct fixture x;

	(void)state;
	fixture_find(&x,
		TABLE_SOURCE({ "boot/grub/grub.cfg", ON_BOOT }, BOOT_FILES, MOUNTS(""),
			{ "etc/fstab", "# one\nUUID=" BOOT_UUID " /boot ext4 noauto 0 2\n" }));
	assert_obstacle(
		fixture_entry(&x, "d"), "/etc/fstab, line 2, has it for /boot (mount /boot)");
	assert_true(strstr(x.entries.notes.items[0], "/boot is not mounted"));
	fixture_end(&x);
	fixture_find(&x,
		TABLE_SOURCE({ "boot/grub/grub.cfg", ON_BOOT }, BOOT_FILES, MOUNTS(""),
			{ "run/udev/data/b253:0", "E:ID_FS_UUID=other\n" }));
	assert_obstacle(fixture_entry(&x, "d"), "its file system " BOOT_UUID " is not mounted");
	fixture_end(&x);
}

/* openSUSE: paths begin at the file system's top, and / is a snapshot in it. */
static void subvolumes_are_found(void **state)
{
	struct fixture x;

	(void)state;
	fixture_find(&x,
		TABLE_SOURCE(
			{ "boot/grub2/grub.cfg",
				"menuentry a { set root='hd0,gpt2'; linux /@/boot/vmlinuz-6.4; }\n"
				"menuentry b { set root='hd0,gpt2'; linux /boot/vmlinuz-6.4; }\n" },
			EMPTY("boot/vmlinuz-6.4"), UNAME("6.4"), EMPTY("sys/block/loop0/dev"),
			EMPTY("sys/block/sda/dev"),
			{ "proc/self/mountinfo",
				"40 1 0:35 /@ / rw - btrfs /dev/sda2 rw\n"
				"41 40 0:35 /@/home /home rw - btrfs /dev/sda2 rw\n" }));
	assert_string_equal(fixture_entry(&x, "a")->kernel, "/boot/vmlinuz-6.4");
	assert_string_equal(fixture_entry(&x, "b")->kernel, "/boot/vmlinuz-6.4");
	assert_true(fixture_entry(&x, "b")->is_running);
	fixture_end(&x);
}

static void other_files_are_read_where_they_are_named(void **state)
{
	struct fixture x;

	(void)state;
	fixture_find(&x,
		TABLE_SOURCE({ "boot/grub/custom.cfg",
				     "menuentry custom { linux /vmlinuz; }\n"
				     "source $prefix/custom.cfg\n" },
			{ "boot/grub/grub.cfg", UBUNTU }, EMPTY("vmlinuz"), UBUNTU_FILES));
	/* It names itself: that ends. */
	assert_true(x.entries.count > 5);
	assert_int_equal(fixture_entry(&x, "custom")->line, 1);
	assert_string_equal(fixture_entry(&x, "custom")->file, "/boot/grub/custom.cfg");
	fixture_end(&x);
}

#define FEDORA                                                        \
	"if [ -f ${config_directory}/grubenv ]; then\n"               \
	"  load_env -f ${config_directory}/grubenv\n"                 \
	"elif [ -s $prefix/grubenv ]; then\n"                         \
	"  load_env\n"                                                \
	"fi\n"                                                        \
	"if [ \"${next_entry}\" ] ; then\n"                           \
	"   set default=\"${next_entry}\"\n"                          \
	"else\n"                                                      \
	"   set default=\"${saved_entry}\"\n"                         \
	"fi\n"                                                        \
	"set tuned_params=\"skew_tick=1\"\n"                          \
	"if [ -z \"${kernelopts}\" ]; then\n"                         \
	"  set kernelopts=\"root=/dev/sda3 ro \"\n"                   \
	"fi\n"                                                        \
	"insmod blscfg\n"                                             \
	"blscfg\n"                                                    \
	"menuentry 'UEFI Firmware Settings' --id 'uefi-firmware' {\n" \
	"  fwsetup\n"                                                 \
	"}\n"

#define BLS(version)                                                               \
	{ "boot/loader/entries/3a17f34dc2694acda37caa478a339408-" version ".conf", \
		"title Fedora Linux (" version ") 39\nversion " version "\n"       \
		"linux /vmlinuz-" version "\n"                                     \
		"initrd /initramfs-" version ".img $tuned_initrd\n"                \
		"options $kernelopts $tuned_params\n"                              \
		"grub_users $grub_users\ngrub_arg --unrestricted\ngrub_class fedora\n" }

#define FEDORA_FILES                                                                               \
	BLS("6.8.4-200.fc39.x86_64"), BLS("6.8.5-200.fc39.x86_64"), BLS("6.8.10-200.fc39.x86_64"), \
		EMPTY("boot/initramfs-6.8.10-200.fc39.x86_64.img"),                                \
		EMPTY("boot/initramfs-6.8.4-200.fc39.x86_64.img"),                                 \
		EMPTY("boot/initramfs-6.8.5-200.fc39.x86_64.img"),                                 \
		EMPTY("boot/vmlinuz-6.8.10-200.fc39.x86_64"),                                      \
		EMPTY("boot/vmlinuz-6.8.4-200.fc39.x86_64"),                                       \
		EMPTY("boot/vmlinuz-6.8.5-200.fc39.x86_64"), UNAME("6.8.5-200.fc39.x86_64"),       \
		MOUNTS("30 25 8:2 / /boot rw - ext4 /dev/sda2 rw\n")

static const struct {
	const char *environment, *chosen, *command_line;
} fedora[] = {
	{ ENVIRONMENT("kernelopts=root=UUID=r ro rhgb quiet \nboot_success=0\n"),
		"3a17f34dc2694acda37caa478a339408-6.8.10-200.fc39.x86_64",
		"root=UUID=r ro rhgb quiet skew_tick=1" },
	{ ENVIRONMENT("saved_entry=3a17f34dc2694acda37caa478a339408-6.8.4-200.fc39.x86_64\n"),
		"3a17f34dc2694acda37caa478a339408-6.8.4-200.fc39.x86_64",
		"root=/dev/sda3 ro skew_tick=1" },
	{ ENVIRONMENT("saved_entry=1\n"), "3a17f34dc2694acda37caa478a339408-6.8.5-200.fc39.x86_64",
		"root=/dev/sda3 ro skew_tick=1" },
	{ ENVIRONMENT("saved_entry=0\nnext_entry=2\n"),
		"3a17f34dc2694acda37caa478a339408-6.8.4-200.fc39.x86_64",
		"root=/dev/sda3 ro skew_tick=1" },
	{ ENVIRONMENT("saved_entry=3\n"), "uefi-firmware", NULL },
};

static void fedoras_entries_are_those_of_grub(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof fedora / sizeof *fedora; i++) {
		const struct entry *e;
		struct fixture x;

		fixture_find(&x,
			TABLE_SOURCE({ "boot/grub2/grub.cfg", FEDORA },
				{ "boot/grub2/grubenv", fedora[i].environment }, FEDORA_FILES));
		assert_string_equal(fixture_default(&x), fedora[i].chosen);
		e = fixture_entry(&x, fedora[i].chosen);
		if (fedora[i].command_line) {
			assert_loadable(e);
			assert_string_equal(e->command_line, fedora[i].command_line);
			assert_int_equal(e->initrd_count, 1);
		} else {
			assert_obstacle(e, "line 18: \"fwsetup\"");
		}
		fixture_end(&x);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		CASE(entries_are_read),
		CASE(an_unknown_command_is_named_with_its_line),
		CASE(the_default_is_grubs_own),
		CASE(conditions_are_answered),
		CASE(words_are_quoted_as_grub_does),
		CASE(harmless_commands_do_not_refuse),
		CASE(entries_do_not_disturb_one_another),
		CASE(paths_are_mapped_to_where_they_are_mounted),
		CASE(a_file_system_that_is_not_mounted_is_named),
		CASE(subvolumes_are_found),
		CASE(other_files_are_read_where_they_are_named),
		CASE(fedoras_entries_are_those_of_grub),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
