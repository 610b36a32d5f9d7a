/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Entries as kernel-install (Debian 12), bootctl and Arch's wiki have them; the rules of UAPI.1. */
#include "fixture.h"

#include <stdlib.h>

#include "entry/bls/bls.h"

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

#define MOUNTS                                                           \
	{                                                                \
		"proc/self/mountinfo",                                   \
			"25 1 8:3 / / rw - ext4 /dev/sda3 rw\n"          \
			"30 25 8:1 / /boot/efi rw - vfat /dev/sda1 rw\n" \
	}

#define CONF(id, text)                                      \
	{                                                   \
		"boot/efi/loader/entries/" id ".conf", text \
	}
#define ID(version) MACHINE "-" version

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
	assert_string_equal(fixture_entry(&x, "i")->title, "?[2Jevil");
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
#define VARIABLE(name) "sys/firmware/efi/efivars/" name "-4a67b082-0a4c-41cf-b6c7-440b29bb8c4f"
#define ONE_SHOT_OLD   "\6\0\0\0o\0l\0d\0.\0c\0o\0n\0f\0\0\0"
#define DEFAULT_MID    "\7\0\0\0m\0i\0d\0.\0c\0o\0n\0f\0\0\0"
#define DEFAULT_SAVED  "\7\0\0\0@\0s\0a\0v\0e\0d\0\0\0"
#define LOADER_SD_BOOT "\6\0\0\0s\0y\0s\0t\0e\0m\0d\0-\0b\0o\0o\0t\0 \0002\0005\0002\0\0\0"
#define LOADER_GRUB    "\6\0\0\0G\0R\0U\0B\0 \0002\0.\0001\0002\0\0\0"
#define BYTES(name, text)                             \
	{                                             \
		VARIABLE(name), text, sizeof text - 1 \
	}

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

/* Ascending as a menu shows them. */
static const struct entry order[] = {
	{ .id = "z", .sort_key = "arch", .machine_id = "1", .version = "1" },
	{ .id = "y", .sort_key = "debian", .machine_id = "1", .version = "6.10" },
	{ .id = "x", .sort_key = "debian", .machine_id = "1", .version = "6.9" },
	{ .id = "w", .sort_key = "debian", .machine_id = "2", .version = "7" },
	{ .id = "u+3", .sort_key = "fedora", .is_counted = true, .tries_left = 3 },
	{ .id = "u+3", .sort_key = "fedora", .is_counted = true, .tries_left = 2, .tries_done = 1 },
	{ .id = "u+3", .sort_key = "fedora", .is_counted = true, .tries_left = 2, .tries_done = 2 },
	{ .id = "v-10", .sort_key = "" },
	{ .id = "v-9", .sort_key = "" },
	{ .id = "a", .sort_key = "arch", .is_counted = true, .tries_done = 3 },
};

static struct entry filled(const struct entry *entry)
{
	struct entry e = *entry;

	e.version = e.version ? e.version : "";
	e.machine_id = e.machine_id ? e.machine_id : "";
	e.file = "";
	return e;
}

static void entries_are_in_order(void **state)
{
	enum { COUNT = sizeof order / sizeof *order };

	(void)state;
	for (size_t i = 0; i < COUNT; i++) {
		for (size_t k = 0; k < COUNT; k++) {
			struct entry a = filled(&order[i]), b = filled(&order[k]);
			int compared = bls_compare(&a, &b);

			if ((compared < 0) != (i < k) || (compared > 0) != (i > k))
				fail_msg("%s and %s (%zu, %zu): %d", a.id, b.id, i, k, compared);
		}
	}
}

static const struct {
	const char *pattern, *name;
	bool matches;
} globs[] = {
	{ "", "", true },
	{ "*", "", true },
	{ "?", "", false },
	{ "a*c", "abbbc", true },
	{ "a*c", "abbbcd", false },
	{ "*-6.1*", "debian-6.1.0", true },
	{ "[a-c]x", "Bx", true },
	{ "[!a-c]x", "bx", false },
	{ "[^a-c]x", "dx", true },
	{ "[x", "[x", true },
	{ "[]x]", "]", true },
	{ "\\*", "*", true },
	{ "\\*", "a", false },
	{ "**a", "bba", true },
	{ "*a*a*a*a*a*a*a*a*a*a*a*b", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
		false },
};

static void patterns_match(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof globs / sizeof *globs; i++)
		if (bls_matches(globs[i].pattern, globs[i].name) != globs[i].matches)
			fail_msg("%s and %s", globs[i].pattern, globs[i].name);
}

static const struct {
	const char *name, *base;
	bool is_counted;
	unsigned left, done;
} counts[] = {
	{ "a+3", "a", true, 3, 0 },
	{ "a+0-3", "a", true, 0, 3 },
	{ "a+b+2-1", "a+b", true, 2, 1 },
	{ "a", "a", false, 0, 0 },
	{ "a+", "a+", false, 0, 0 },
	{ "+3", "+3", false, 0, 0 },
	{ "a+3-", "a+3-", false, 0, 0 },
	{ "a+x", "a+x", false, 0, 0 },
	{ "6.12.100+deb13-amd64", "6.12.100+deb13-amd64", false, 0, 0 },
	{ "a+99999999999", "a+99999999999", false, 0, 0 },
};

static void boots_are_counted(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
		struct arena arena = { 0 };
		struct finder f = { .arena = &arena };
		struct entry e = { 0 };

		assert_string_equal(bls_uncount(&f, counts[i].name, &e), counts[i].base);
		assert_int_equal(e.is_counted, counts[i].is_counted);
		assert_int_equal(e.tries_left, counts[i].left);
		assert_int_equal(e.tries_done, counts[i].done);
		arena_free(&arena);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		CASE(keys_are_taken),
		CASE(values_are_taken_as_they_are),
		CASE(device_trees_are_for_cpus_that_have_them),
		CASE(the_default_is_the_boot_loaders),
		CASE(entries_are_in_order),
		CASE(patterns_match),
		CASE(boots_are_counted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
