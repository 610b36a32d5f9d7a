/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Entries as kernel-install (Debian 12), bootctl and Arch's wiki have them; the rules of UAPI.1. */
#include "fixture.h"

#include <stdlib.h>

#include "../image/bzimage-file.h"

#define MACHINE "6a9857a393724b7a981ebb5b8495b9ea"

#define DEBIAN(version, extra)                                                 \
	"title      Debian GNU/Linux 12 (bookworm)\n"                          \
	"version    " version "\n"                                             \
	"machine-id " MACHINE "\n"                                             \
	"sort-key   debian\n"                                                  \
	"options    root=UUID=6d3376e4-fc93-4509-95ec-a21d68011da2 ro quiet\n" \
	"linux      /" MACHINE "/" version "/linux\n"                          \
	"initrd     /" MACHINE "/" version "/microcode.cpio\n"                 \
	"initrd     /" MACHINE "/" version "/initrd.img\n" extra

#define KERNEL(boot, version)                                 \
	EMPTY(boot "/" MACHINE "/" version "/initrd.img"),    \
		EMPTY(boot "/" MACHINE "/" version "/linux"), \
		EMPTY(boot "/" MACHINE "/" version "/microcode.cpio")

#define MOUNTS                                          \
	{ "proc/self/mountinfo",                        \
		"25 1 8:3 / / rw - ext4 /dev/sda3 rw\n" \
		"30 25 8:1 / /boot/efi rw - vfat /dev/sda1 rw\n" }

#define CONF(id, text) { "boot/efi/loader/entries/" id ".conf", text }
#define ID(version)    MACHINE "-" version

static void keys_are_taken(void **state)
{
	const struct entry *e;
	struct fixture x;

	(void)state;
	fixture_find(&x,
		TABLE_SOURCE(KERNEL("boot/efi", "6.1.0-18-amd64"),
			CONF(ID("6.1.0-18-amd64"),
				"# a comment\n\n" DEBIAN("6.1.0-18-amd64",
					"options splash\narchitecture x64\nnew-key whatever\n")),
			MOUNTS, UNAME("6.1.0-18-amd64")));
	assert_int_equal(x.entries.count, 1);
	e = fixture_entry(&x, ID("6.1.0-18-amd64"));
	assert_loadable(e);
	assert_string_equal(e->title, "Debian GNU/Linux 12 (bookworm)");
	assert_string_equal(e->kernel, "/boot/efi/" MACHINE "/6.1.0-18-amd64/linux");
	assert_int_equal(e->initrd_count, 2);
	assert_string_equal(e->initrds[0], "/boot/efi/" MACHINE "/6.1.0-18-amd64/microcode.cpio");
	assert_string_equal(e->initrds[1], "/boot/efi/" MACHINE "/6.1.0-18-amd64/initrd.img");
	assert_string_equal(
		e->command_line, "root=UUID=6d3376e4-fc93-4509-95ec-a21d68011da2 ro quiet splash");
	assert_string_equal(e->version, "6.1.0-18-amd64");
	assert_string_equal(e->machine_id, MACHINE);
	assert_int_equal(e->arch, ARCH_X86_64);
	assert_true(e->is_running);
	assert_true(e->is_default);
	fixture_end(&x);
}

/* Where no variable of GRUB's is meant, a dollar is a dollar. */
static void values_are_taken_as_they_are(void **state)
{
	struct fixture x;

	(void)state;
	fixture_find(&x,
		TABLE_SOURCE(CONF("a", "linux /k\r\noptions\ta=$b\tc=\"d e\"\r\n"),
			CONF("b", "options nothing\n"), CONF("c", "linux /gone\n"),
			CONF("d", "linux /../k\n"), CONF("e", "linux /k\narchitecture aa64\n"),
			CONF("f", "linux /k\ndevicetree-overlay /k\n"), CONF("g", "efi /k\n"),
			CONF("h", "linux /k\noptions a\033[2Jb\n"),
			CONF("i", "title \033[2Jevil\nlinux k\n"), EMPTY("boot/efi/k"), MOUNTS,
			UNAME("6.1.0")));
	assert_string_equal(fixture_entry(&x, "a")->command_line, "a=$b c=\"d e\"");
	assert_loadable(fixture_entry(&x, "a"));
	assert_obstacle(fixture_entry(&x, "b"), "names no kernel");
	assert_obstacle(fixture_entry(&x, "c"), "kernel /gone is not there");
	assert_obstacle(fixture_entry(&x, "d"), "no path inside");
	assert_obstacle(fixture_entry(&x, "e"), "for arm64, and this is x86-64");
	assert_obstacle(fixture_entry(&x, "f"), "overlays");
	assert_obstacle(fixture_entry(&x, "g"), "EFI program");
	assert_obstacle(fixture_entry(&x, "h"), "control character 0x1b");
	assert_string_equal(fixture_entry(&x, "i")->title, "\033[2Jevil");
	assert_loadable(fixture_entry(&x, "i"));
	fixture_end(&x);
}

/* Kernels for x86 find their hardware without one. */
static void device_trees_are_for_cpus_that_have_them(void **state)
{
	static const struct {
		const char *uname;
		bool is_taken;
	} rows[] = { { "6.1.0 aarch64\n", true }, { "6.1.0 riscv64\n", true },
		{ "6.1.0 x86_64\n", false }, { "6.1.0 i686\n", false } };

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct fixture x;
		const struct entry *e;

		fixture_find(&x,
			TABLE_SOURCE(CONF("a", "linux /k\ndevicetree /tree\n"), EMPTY("boot/efi/k"),
				EMPTY("boot/efi/tree"), MOUNTS, { "saut/uname", rows[i].uname }));
		e = fixture_entry(&x, "a");
		assert_string_equal(e->device_tree, "/boot/efi/tree");
		if (rows[i].is_taken)
			assert_loadable(e);
		else
			assert_obstacle(e, "kernels for x86 are not given");
		fixture_end(&x);
	}
}

/* UTF-16LE behind the attributes. */
#define VARIABLE(name)    "sys/firmware/efi/efivars/" name "-4a67b082-0a4c-41cf-b6c7-440b29bb8c4f"
#define ONE_SHOT_OLD      "\6\0\0\0o\0l\0d\0.\0c\0o\0n\0f\0\0\0"
#define DEFAULT_MID       "\7\0\0\0m\0i\0d\0.\0c\0o\0n\0f\0\0\0"
#define DEFAULT_SAVED     "\7\0\0\0@\0s\0a\0v\0e\0d\0\0\0"
#define LOADER_SD_BOOT    "\6\0\0\0s\0y\0s\0t\0e\0m\0d\0-\0b\0o\0o\0t\0 \0002\0005\0002\0\0\0"
#define LOADER_GRUB       "\6\0\0\0G\0R\0U\0B\0 \0002\0.\0001\0002\0\0\0"
#define BYTES(name, text) { VARIABLE(name), text, sizeof text - 1 }

#define THREE                                                                  \
	CONF("mid", "linux /k\nversion 6.1.9\nsort-key debian\n"),             \
		CONF("new+3", "linux /k\nversion 6.1.10\nsort-key debian\n"),  \
		CONF("old", "linux /k\nversion 5.10\nsort-key debian\n"),      \
		CONF("zfail+0-3", "linux /k\nversion 6.9\nsort-key debian\n"), \
		EMPTY("boot/efi/k"), MOUNTS, UNAME("6.1.0")

#define DEFAULT_IS(id, ...)                                         \
	do {                                                        \
		struct fixture x;                                   \
		fixture_find(&x, TABLE_SOURCE(__VA_ARGS__, THREE)); \
		assert_string_equal(fixture_default(&x), id);       \
		fixture_end(&x);                                    \
	} while (0)

static void the_default_is_the_boot_loaders(void **state)
{
	(void)state;
	DEFAULT_IS("new", EMPTY("x/y"));
	DEFAULT_IS("old", { "boot/efi/loader/loader.conf", "timeout 3\ndefault old.conf\n" });
	DEFAULT_IS("mid", { "boot/efi/loader/loader.conf", "default M[i]?*\n" });
	DEFAULT_IS("new", { "boot/efi/loader/loader.conf", "default gone-*\n" });
	DEFAULT_IS("mid", BYTES("LoaderEntryDefault", DEFAULT_MID),
		{ "boot/efi/loader/loader.conf", "default old.conf\n" });
	DEFAULT_IS("old", BYTES("LoaderEntryDefault", DEFAULT_MID),
		BYTES("LoaderEntryOneShot", ONE_SHOT_OLD));
	DEFAULT_IS("mid", BYTES("LoaderEntryDefault", DEFAULT_SAVED),
		BYTES("LoaderEntryLastBooted", DEFAULT_MID));
	DEFAULT_IS("new", BYTES("LoaderEntryDefault", DEFAULT_SAVED));
	/* Who booted the machine has the say. */
	DEFAULT_IS("g", { "boot/grub/grub.cfg", "menuentry g { linux /vmlinuz; }\n" });
	DEFAULT_IS("new", { "boot/grub/grub.cfg", "menuentry g { linux /vmlinuz; }\n" },
		BYTES("LoaderInfo", LOADER_SD_BOOT));
	DEFAULT_IS("g", { "boot/grub/grub.cfg", "menuentry g { linux /vmlinuz; }\n" },
		BYTES("LoaderInfo", LOADER_GRUB));
}

/* The smallest that has a choice. */
#define TWO(...)                                                                           \
	CONF("one", "linux /k\noptions entry=one\n"),                                      \
		CONF("two", "linux /k\noptions entry=two\n"), EMPTY("boot/efi/k"), MOUNTS, \
		UNAME("6.1.0"), __VA_ARGS__

#define SD_BOOT(version) { VARIABLE("LoaderInfo"), version, sizeof version - 1 }
#define UTF16_NAME       "\6\0\0\0s\0y\0s\0t\0e\0m\0d\0-\0b\0o\0o\0t\0 \0"
#define SD_BOOT_247      SD_BOOT(UTF16_NAME "2\0004\0007\0\0\0")
#define SD_BOOT_249      SD_BOOT(UTF16_NAME "2\0004\0009\0.\0001\0001\0\0\0")
#define SD_BOOT_252      SD_BOOT(UTF16_NAME "2\0005\0002\0.\0003\0009\0-\0001\0~\0\0\0")
#define SD_BOOT_257      SD_BOOT(UTF16_NAME "2\0005\0007\0\0\0")
#define SD_BOOT_259      SD_BOOT(UTF16_NAME "2\0005\0009\0\0\0")
#define SD_BOOT_260      SD_BOOT(UTF16_NAME "v\0002\0006\0000\0~\0r\0c\0001\0\0\0")

#define LOADER_CONF(text) { "boot/efi/loader/loader.conf", text }

/* An id, or "" where there is none for the reason that is named. */
#define CHOSEN(id, doubt, ...) expect_default(TABLE_SOURCE(__VA_ARGS__), id, doubt, __LINE__)

static void expect_default(struct table_source source, const char *id, const char *doubt, int line)
{
	struct fixture x;
	const char *found;

	fixture_find(&x, source);
	found = fixture_default(&x);
	if (strcmp(found, id) != 0)
		fail_msg("line %d: default is \"%s\", not \"%s\": %s", line, found, id,
			x.entries.no_default ? x.entries.no_default : "no doubt");
	if (doubt[0] ? !x.entries.no_default || !strstr(x.entries.no_default, doubt)
		     : x.entries.no_default != NULL)
		fail_msg("line %d: doubt is \"%s\", not \"%s\"", line,
			x.entries.no_default ? x.entries.no_default : "", doubt);
	fixture_end(&x);
}

static void loader_conf_is_read_as_systemd_boot_does(void **state)
{
	(void)state;
	CHOSEN("two", "", TWO(SD_BOOT_252));
	CHOSEN("one", "", TWO(SD_BOOT_252, LOADER_CONF("default one.conf\n")));
	/* The last line counts, of those that are understood. */
	CHOSEN("one", "", TWO(SD_BOOT_252, LOADER_CONF("default two.conf\ndefault one.conf\n")));
	CHOSEN("one", "",
		TWO(SD_BOOT_252, LOADER_CONF("default one.conf\ndefault @other\ndefault\n")));
	/* Ids are compared with their suffix. */
	CHOSEN("two", "", TWO(SD_BOOT_252, LOADER_CONF("default one\n")));
	CHOSEN("one", "", TWO(SD_BOOT_252, LOADER_CONF("default on*\n")));
	CHOSEN("one", "", TWO(SD_BOOT_252, LOADER_CONF("default ONE.CONF\n")));
	CHOSEN("two", "", TWO(SD_BOOT_252, LOADER_CONF("Default one.conf\n")));
	CHOSEN("one", "", TWO(SD_BOOT_252, LOADER_CONF("\tdefault\t one.conf \r\n")));
	CHOSEN("one", "", TWO(SD_BOOT_252, LOADER_CONF("default \"one.conf\"\n")));
	/* Single quotes are taken off by newer ones alone. */
	CHOSEN("two", "", TWO(SD_BOOT_252, LOADER_CONF("default 'one.conf'\n")));
	CHOSEN("one", "", TWO(SD_BOOT_257, LOADER_CONF("default 'one.conf'\n")));
	CHOSEN("two", "", TWO(SD_BOOT_252, LOADER_CONF("#default one.conf\n")));
	CHOSEN("two", "", TWO(SD_BOOT_252, LOADER_CONF("default [!t]*\n")));
	CHOSEN("one", "", TWO(SD_BOOT_252, LOADER_CONF("default [o]*\n")));
	CHOSEN("", "not plain text", TWO(SD_BOOT_252, LOADER_CONF("default \303\244*\n")));
	CHOSEN("", "cannot be read",
		TWO(SD_BOOT_252, { "boot/efi/loader/loader.conf", .is_unreadable = true }));
	/* What the boot loader finds itself is no kernel. */
	CHOSEN("", "auto-windows", TWO(SD_BOOT_252, LOADER_CONF("default auto-windows\n")));
	CHOSEN("one", "", TWO(SD_BOOT_252, LOADER_CONF("default *o*n*e*\n")));
	CHOSEN("two", "",
		TWO(SD_BOOT_252, LOADER_CONF("default auto-windows\n"),
			BYTES("LoaderEntries", "\6\0\0\0t\0w\0o\0.\0c\0o\0n\0f\0\0\0")));
}

static void versions_that_differ_are_told(void **state)
{
	(void)state;
	/* A key of version 260. */
	CHOSEN("two", "", TWO(SD_BOOT_259, LOADER_CONF("preferred one.conf\n")));
	CHOSEN("one", "", TWO(SD_BOOT_260, LOADER_CONF("preferred one.conf\n")));
	CHOSEN("one", "", TWO(SD_BOOT_260, LOADER_CONF("preferred one.conf\ndefault two.conf\n")));
	CHOSEN("", "versions of systemd-boot", TWO(LOADER_CONF("preferred one.conf\n")));
	CHOSEN("two", "", TWO(LOADER_CONF("preferred two.conf\n")));
	/* It skips what has been tried in vain. */
	CHOSEN("two", "",
		TWO(SD_BOOT_260, CONF("a+0-3", "linux /k\n"), LOADER_CONF("preferred a.conf\n")));
	CHOSEN("a", "",
		TWO(SD_BOOT_260, CONF("a+0-3", "linux /k\n"), LOADER_CONF("default a.conf\n")));
	/* With their counter up to 257, without it since 260. */
	CHOSEN("two", "",
		TWO(SD_BOOT_252, CONF("a+3", "linux /k\n"), LOADER_CONF("default a.conf\n")));
	CHOSEN("a", "",
		TWO(SD_BOOT_252, CONF("a+3", "linux /k\n"), LOADER_CONF("default a+3.conf\n")));
	CHOSEN("", "versions of systemd-boot",
		TWO(SD_BOOT_259, CONF("a+3", "linux /k\n"), LOADER_CONF("default a.conf\n")));
	/* A suffix that old ones add. */
	CHOSEN("", "no suffix", TWO(LOADER_CONF("default one\n")));
	CHOSEN("", "no suffix", TWO(SD_BOOT_249, LOADER_CONF("default one\n")));
	/* Without sort keys, and without the sign of a set. */
	CHOSEN("two", "", TWO(SD_BOOT_249, CONF("a", "linux /k\nsort-key a\n")));
	CHOSEN("a", "", TWO(SD_BOOT_252, CONF("a", "linux /k\nsort-key a\n")));
	CHOSEN("", "to the firmware", TWO(SD_BOOT_249, LOADER_CONF("default [o]*\n")));
	CHOSEN("", "an old one", TWO(SD_BOOT_247));
	/* Other boot loaders have other rules. */
	CHOSEN("", "rEFInd", TWO(SD_BOOT("\6\0\0\0r\0E\0F\0I\0n\0d\0 \0001\0\0\0")));
	CHOSEN("", "without a boot loader", TWO(BYTES("StubInfo", "\6\0\0\0s\0t\0u\0b\0\0\0")));
	CHOSEN("", "EFI variables", TWO(EMPTY("sys/firmware/efi/runtime")));
	CHOSEN("", "not understood",
		TWO(SD_BOOT_252, BYTES("LoaderEntryDefault", "\7\0\0\0\344\0")));
	CHOSEN("", "SMBIOS",
		TWO(SD_BOOT_252,
			{ "sys/firmware/dmi/entries/11-0/raw",
				"xx io.systemd.boot.entries-extra:a=" }));
	CHOSEN("", "32 bits", TWO(SD_BOOT_252, { "sys/firmware/efi/fw_platform_size", "32\n" }));
}

/* What LoaderEntryOneShot has to be for the entry with this id; "": nothing is known to do. */
#define ONCE(id, once, ...) \
	fixture_expect_once(TABLE_SOURCE(__VA_ARGS__), id, once, ONCE_BY_EFI, __LINE__)

static void an_entry_is_told_once_by_a_name_of_its_own(void **state)
{
	(void)state;
	ONCE("one", "one.conf", TWO(SD_BOOT_252));
	ONCE("A B", "a b.conf", TWO(SD_BOOT_252, CONF("A B", "linux /k\n")));
	/* Another boot loader, or none that is known. */
	ONCE("one", "", TWO(EMPTY("x/y")));
	ONCE("one", "", TWO(BYTES("LoaderInfo", LOADER_GRUB)));
	/* The name would be a pattern. */
	ONCE("a*", "", TWO(SD_BOOT_252, CONF("a*", "linux /k\n")));
	ONCE("a[b]", "", TWO(SD_BOOT_252, CONF("a[b]", "linux /k\n")));
	/* Its file is renamed at each boot, and ids have the counter up to 259. */
	ONCE("a", "", TWO(SD_BOOT_252, CONF("a+3-1", "linux /k\n")));
	ONCE("a", "", TWO(SD_BOOT_259, CONF("a+3-1", "linux /k\n")));
	ONCE("a", "a.conf", TWO(SD_BOOT_260, CONF("a+3-1", "linux /k\n")));
	ONCE("one", "one.conf", TWO(SD_BOOT_252, CONF("a+3-1", "linux /k\n")));
}

#define ONE_SHOT_SAVED "\6\0\0\0@\0S\0a\0V\0e\0D\0\0\0"
#define NAME_ONE       "\7\0\0\0o\0n\0e\0.\0c\0o\0n\0f\0\0\0"
#define NAME_GONE      "\7\0\0\0g\0.\0c\0o\0n\0f\0\0\0"

static void variables_come_first(void **state)
{
	(void)state;
	CHOSEN("one", "", TWO(SD_BOOT_252, BYTES("LoaderEntryOneShot", NAME_ONE)));
	CHOSEN("one", "", TWO(SD_BOOT_252, BYTES("LoaderEntryDefault", NAME_ONE)));
	CHOSEN("two", "", TWO(SD_BOOT_252, BYTES("LoaderEntryDefault", NAME_GONE)));
	CHOSEN("one", "",
		TWO(SD_BOOT_252, BYTES("LoaderEntryOneShot", NAME_GONE),
			LOADER_CONF("default one.conf\n")));
	CHOSEN("one", "",
		TWO(SD_BOOT_252, LOADER_CONF("default @SAVED\n"),
			BYTES("LoaderEntryLastBooted", NAME_ONE)));
	CHOSEN("one", "",
		TWO(SD_BOOT_252, BYTES("LoaderEntryDefault", ONE_SHOT_SAVED),
			BYTES("LoaderEntryLastBooted", NAME_ONE),
			LOADER_CONF("default two.conf\n")));
	CHOSEN("two", "", TWO(SD_BOOT_252, LOADER_CONF("default @saved\n")));
	CHOSEN("two", "", TWO(SD_BOOT_252, BYTES("LoaderEntryLastBooted", NAME_ONE)));
	CHOSEN("one", "", TWO(SD_BOOT_260, BYTES("LoaderEntryPreferred", NAME_ONE)));
	CHOSEN("two", "", TWO(SD_BOOT_252, BYTES("LoaderEntryPreferred", NAME_ONE)));
}

/* What the boot loader does not show it does not take. */
static void entries_that_are_not_shown_are_skipped(void **state)
{
	(void)state;
	CHOSEN("two", "", TWO(SD_BOOT_252, CONF("z", "linux /gone\n")));
	CHOSEN("two", "", TWO(SD_BOOT_252, CONF("z", "linux /k\narchitecture aa64\n")));
	CHOSEN("two", "", TWO(SD_BOOT_252, CONF("z", "title z\noptions x\n")));
	CHOSEN("two", "", TWO(SD_BOOT_252, CONF("auto-z", "linux /k\n")));
	CHOSEN("two", "", TWO(SD_BOOT_252, CONF(".z", "linux /k\n")));
	CHOSEN("z", "", TWO(SD_BOOT_252, { "boot/efi/loader/entries/z.CONF", "linux /k\n" }));
	CHOSEN("z z", "", TWO(SD_BOOT_252, CONF("z z", "linux /k\n")));
	CHOSEN("", "whether or where", TWO(SD_BOOT_252, CONF("\303\244", "linux /k\n")));
	/* It would be shown, and boots nothing that is known here. */
	CHOSEN("z", "", TWO(SD_BOOT_252, CONF("z", "efi /k\n")));
	/* Both keys: the last one in older versions, none in newer ones. */
	CHOSEN("z", "", TWO(SD_BOOT_252, CONF("z", "efi /k\nlinux /k\n")));
	CHOSEN("two", "", TWO(SD_BOOT_260, CONF("z", "efi /k\nlinux /k\n")));
	CHOSEN("two", "", TWO(SD_BOOT_252, CONF("z", "uki /k\n")));
	CHOSEN("", "none of the entries", CONF("z", "linux /gone\n"), MOUNTS, UNAME("6.1.0"),
		SD_BOOT_252);
	/* Where it is not known. */
	CHOSEN("", "whether or where", TWO(SD_BOOT_252, CONF("z", "linux /a/../k\n")));
	CHOSEN("", "whether or where", TWO(SD_BOOT_252, CONF("z", "linux /\n")));
	CHOSEN("", "whether or where", TWO(SD_BOOT_252, CONF("z", "linux /k\nsort-key \377\n")));
	CHOSEN("", "same place",
		TWO(SD_BOOT_252, CONF("z1", "linux /k\n"), CONF("z_1", "linux /k\n")));
}

static void paths_are_those_of_the_firmware(void **state)
{
	struct fixture x;

	(void)state;
	fixture_find(&x,
		TABLE_SOURCE(EMPTY("boot/efi/EFI/arch/vmlinuz"), EMPTY("boot/efi/i.img"),
			CONF("a", "linux \\EFI\\arch\\vmlinuz\ninitrd i.img\n"),
			CONF("b", "linux \"/efi//Arch/VMLINUZ\"\ninitrd /I.IMG\n"),
			CONF("c", "linux /EFI/arch/vmlinuz\noptions initrd=\\i.img root=x\n"),
			CONF("d",
				"linux /EFI/arch/vmlinuz\ninitrd /i.img\noptions initrd=/i.img\n"),
			CONF("e", "linux /EFI/arch/vmlinuz\ninitrd /i.img /i.img\n"),
			CONF("f", "linux /EFI/arch/vmlinuz\noptions a\n \noptions \"b  c\"\n"),
			CONF("g", "linux /EFI/arch/vmlinuz\noptions \360\237\220\247\n"), MOUNTS,
			UNAME("6.1.0"), SD_BOOT_252));
	for (const char *id = "a"; id; id = *id == 'a' ? "b" : NULL) {
		const struct entry *e = fixture_entry(&x, id);

		assert_loadable(e);
		assert_string_equal(e->kernel, "/boot/efi/EFI/arch/vmlinuz");
		assert_int_equal(e->initrd_count, 1);
		assert_string_equal(e->initrds[0], "/boot/efi/i.img");
	}
	/* A kernel's EFI stub reads what its command line names. */
	assert_loadable(fixture_entry(&x, "c"));
	assert_int_equal(fixture_entry(&x, "c")->initrd_count, 1);
	assert_string_equal(fixture_entry(&x, "c")->initrds[0], "/boot/efi/i.img");
	assert_obstacle(fixture_entry(&x, "d"), "names some as well");
	assert_obstacle(fixture_entry(&x, "e"), "is not there");
	assert_string_equal(fixture_entry(&x, "f")->command_line, "a b  c");
	assert_obstacle(fixture_entry(&x, "g"), "leaves out");
	fixture_end(&x);
}

#define UDEV(number, type, uuid)      \
	{ "run/udev/data/b8:" number, \
		"E:ID_PART_ENTRY_TYPE=" type "\nE:ID_PART_ENTRY_UUID=" uuid "\n" }
#define TYPE_ESP      "c12a7328-f81f-11d2-ba4b-00a0c93ec93b"
#define TYPE_XBOOTLDR "bc13c2ff-59e6-4262-a352-b275fd6f7172"
#define TYPE_LINUX    "0fc63daf-8483-4772-8e79-3d69d8477de4"
#define TWO_BOOTS                                                              \
	{ "proc/self/mountinfo",                                               \
		"25 1 8:3 / / rw - ext4 /dev/sda3 rw\n"                        \
		"30 25 8:1 / /efi rw - vfat /dev/sda1 rw\n"                    \
		"31 25 8:2 / /boot rw - vfat /dev/sda2 rw\n" },                \
		{ "efi/loader/entries/a.conf", "linux /k\n" }, EMPTY("efi/k"), \
		{ "boot/loader/entries/b.conf", "linux /k\n" }, EMPTY("boot/k"), UNAME("6.1.0")
#define PART_UUID "\6\0\0\0u\0001\0\0\0"

/* The ESP that the boot loader was started from, and XBOOTLDR; both have entries, one has loader.conf. */
static void boot_partitions_are_those_of_the_boot_loader(void **state)
{
	(void)state;
	CHOSEN("b", "", TWO_BOOTS, SD_BOOT_252);
	CHOSEN("a", "", TWO_BOOTS, SD_BOOT_252, { "efi/loader/loader.conf", "default a.conf\n" });
	CHOSEN("b", "", TWO_BOOTS, SD_BOOT_252, UDEV("1", TYPE_ESP, "u1"),
		UDEV("2", TYPE_XBOOTLDR, "u2"), { "boot/loader/loader.conf", "default a.conf\n" });
	CHOSEN("a", "", TWO_BOOTS, SD_BOOT_252, UDEV("1", TYPE_ESP, "u1"),
		UDEV("2", TYPE_LINUX, "u2"));
	CHOSEN("", "two files loader.conf", TWO_BOOTS, SD_BOOT_252,
		{ "boot/loader/loader.conf", "default a.conf\n" },
		{ "efi/loader/loader.conf", "default b.conf\n" });
	/* Another disk's ESP. */
	CHOSEN("b", "", TWO_BOOTS, SD_BOOT_252, BYTES("LoaderDevicePartUUID", PART_UUID),
		UDEV("1", TYPE_ESP, "u9"), UDEV("2", TYPE_ESP, "U1"));
	CHOSEN("", "is not mounted", TWO_BOOTS, SD_BOOT_252,
		BYTES("LoaderDevicePartUUID", PART_UUID), UDEV("1", TYPE_ESP, "u9"),
		UDEV("2", TYPE_XBOOTLDR, "u2"));
	/* A folder of the root file system is none. */
	CHOSEN("a", "", { "boot/efi/loader/entries/a.conf", "linux /k\n" }, EMPTY("boot/efi/k"),
		EMPTY("boot/k"), { "boot/loader/entries/b.conf", "linux /k\n" }, MOUNTS,
		UNAME("6.1.0"), SD_BOOT_252);
	CHOSEN("", "none of its entries is found", EMPTY("boot/vmlinuz-6.1.0"), SD_BOOT_252, MOUNTS,
		UNAME("6.1.0"));
}

#define NIX(number, init)                                                                 \
	CONF("nixos-generation-" number,                                                  \
		"title NixOS\nversion Generation " number " NixOS, Linux Kernel 6.6.32\n" \
		"linux /EFI/nixos/k-linux-6.6.32-bzImage.efi\n"                           \
		"options init=/nix/store/" init "/init loglevel=4\n")

/* Their kernels have a digest in front of their names, and many systems one kernel. */
static void systems_of_nixos_are_told_apart(void **state)
{
	struct fixture x;
	struct arena arena = { 0 };
	struct view kernel = bz_view(bz_make(&arena));

	(void)state;
	fixture_find(&x,
		TABLE_SOURCE({ "boot/efi/EFI/nixos/k-linux-6.6.32-bzImage.efi",
				     (const char *)kernel.p, kernel.n },
			NIX("1", "aaa"), NIX("2", "bbb"), MOUNTS, UNAME("6.12.1-test"),
			{ "proc/cmdline", "init=/nix/store/aaa/init loglevel=4\n" }));
	assert_string_equal(fixture_entry(&x, "nixos-generation-2")->release, "6.12.1-test");
	assert_true(fixture_entry(&x, "nixos-generation-1")->is_running);
	assert_false(fixture_entry(&x, "nixos-generation-2")->is_running);
	fixture_end(&x);
	arena_free(&arena);
}

/* The boot loader takes such a menu, and so is it taken here; what it is about is told once. */
static void menus_of_others_are_told(void **state)
{
	struct fixture x;

	(void)state;
	fixture_find(&x,
		TABLE_SOURCE({ "boot/loader/entries/a.conf", "linux /k\n" },
			{ "boot/loader/entries/b.conf", "linux /k\n" }, EMPTY("boot/k"),
			UNAME("6.1"), { "saut/rights/", "0 0 40755 kept\n" },
			{ "saut/rights/boot", "0 0 40777 mount\n" }));
	assert_int_equal(x.entries.count, 2);
	assert_loadable(&x.entries.items[0]);
	assert_int_equal(x.entries.notes.count, 1);
	assert_string_equal(x.entries.notes.items[0],
		"/boot can be written by everybody (mode 0777), and so what is booted next");
	fixture_end(&x);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		CASE(menus_of_others_are_told),
		CASE(keys_are_taken),
		CASE(values_are_taken_as_they_are),
		CASE(device_trees_are_for_cpus_that_have_them),
		CASE(the_default_is_the_boot_loaders),
		CASE(loader_conf_is_read_as_systemd_boot_does),
		CASE(versions_that_differ_are_told),
		CASE(variables_come_first),
		CASE(an_entry_is_told_once_by_a_name_of_its_own),
		CASE(entries_that_are_not_shown_are_skipped),
		CASE(paths_are_those_of_the_firmware),
		CASE(boot_partitions_are_those_of_the_boot_loader),
		CASE(systems_of_nixos_are_told_apart),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
