/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Unified kernel images as boot entries: type 2 of UAPI.1, and those whose sections are paths. */
#include "fixture.h"

#include "../image/bzimage-file.h"
#include "../image/pe-file.h"
#include "base/sha256.h"

#define MOUNTS                                          \
	{ "proc/self/mountinfo",                        \
		"25 1 8:3 / / rw - ext4 /dev/sda3 rw\n" \
		"30 25 8:1 / /boot rw - vfat /dev/sda1 rw\n" }

enum { SECTIONS_MAX = 12, HUGE = 17 << 20 };

/* A file of a table, with the sections up to one without a name. */
static struct table_file image(
	struct arena *a, const char *path, const struct pef_section *sections)
{
	size_t count = 0;
	struct view v;

	while (count < SECTIONS_MAX && sections[count].name)
		count++;
	v = pef_view(pef_make(a, PEF_X86_64, sections, count));
	return (struct table_file){ path, (const char *)v.p, v.n, false };
}

#define IMAGE(a, name, ...) \
	image(a, "boot/EFI/Linux/" name, (const struct pef_section[]){ __VA_ARGS__, { 0 } })
#define OSREL(text)   { ".osrel", text, { 0 } }
#define CMDLINE(text) { ".cmdline", text, { 0 } }
#define LINUX(bytes)  { ".linux", NULL, bytes }

static void images_say_what_they_are(void **state)
{
	struct arena a = { 0 };
	struct view kernel = bz_view(bz_make(&a));
	const struct entry *e;
	struct fixture x;

	(void)state;
	fixture_find(&x,
		TABLE_SOURCE(
			IMAGE(&a, "a+2-1.efi",
				OSREL("ID=debian\nPRETTY_NAME=\"Debian 12\"\nVERSION=\"12 (b)\"\n"),
				CMDLINE("root=/dev/sda1 quiet\n"), LINUX(kernel)),
			IMAGE(&a, "b.efi", OSREL("ID=debian\nVERSION_ID=11\n"),
				{ ".uname", "6.1.0-1-amd64", { 0 } }, LINUX(kernel)),
			IMAGE(&a, "c.efi", OSREL("VERSION_ID=99\n"), LINUX(kernel)),
			IMAGE(&a, "d.efi", { ".text", "x", { 0 } }, LINUX(kernel)),
			IMAGE(&a, "auto-e.efi", OSREL("ID=zz\n"), LINUX(kernel)), MOUNTS,
			UNAME("6.12.1-test")));
	e = fixture_entry(&x, "a.efi");
	assert_loadable(e);
	assert_string_equal(e->title, "Debian 12");
	assert_string_equal(e->sort_key, "debian");
	assert_string_equal(e->version, "12 (b)");
	assert_string_equal(e->command_line, "root=/dev/sda1 quiet");
	/* No version of an operating system is a kernel's: the kernel in it tells. */
	assert_string_equal(e->release, "6.12.1-test");
	assert_true(e->is_running && e->is_counted);
	assert_string_equal(fixture_entry(&x, "b.efi")->release, "6.1.0-1-amd64");
	/* The higher version of the same system; without a name it is not in the menu. */
	assert_string_equal(fixture_default(&x), "a.efi");
	assert_int_equal(x.entries.count, 4);
	fixture_end(&x);
	arena_free(&a);
}

/* Larger than what is read of files that describe a machine. */
static void large_images_are_read(void **state)
{
	struct arena a = { 0 };
	struct view kernel = { arena_alloc(&a, HUGE), HUGE };
	struct fixture x;

	(void)state;
	fixture_find(&x,
		TABLE_SOURCE(IMAGE(&a, "a.efi", OSREL("ID=x\n"), CMDLINE("q"), LINUX(kernel)),
			MOUNTS, UNAME("6.1.0")));
	assert_loadable(fixture_entry(&x, "a.efi"));
	assert_string_equal(fixture_entry(&x, "a.efi")->command_line, "q");
	assert_string_equal(fixture_default(&x), "a.efi");
	fixture_end(&x);
	arena_free(&a);
}

static void companions_are_not_forgotten(void **state)
{
	struct arena a = { 0 };
	struct view kernel = bz_view(bz_make(&a));
	struct fixture x;

	(void)state;
	fixture_find(&x,
		TABLE_SOURCE(IMAGE(&a, "a.efi", OSREL("ID=x\n"), CMDLINE("one"), LINUX(kernel)),
			IMAGE(&a, "a.efi.extra.d/b.addon.efi", CMDLINE("two")),
			IMAGE(&a, "c.efi", OSREL("ID=x\n"), LINUX(kernel)),
			EMPTY("boot/EFI/Linux/c.efi.extra.d/x.cred"), MOUNTS, UNAME("6.1.0")));
	assert_loadable(fixture_entry(&x, "a.efi"));
	assert_string_equal(fixture_entry(&x, "a.efi")->command_line, "one two");
	assert_obstacle(fixture_entry(&x, "c.efi"), "x.cred is not passed on");
	fixture_end(&x);
	fixture_find(&x,
		TABLE_SOURCE(IMAGE(&a, "a.efi", OSREL("ID=x\n"), LINUX(kernel)),
			EMPTY("boot/loader/credentials/y.cred"), MOUNTS, UNAME("6.1.0")));
	assert_obstacle(fixture_entry(&x, "a.efi"), "for all images");
	fixture_end(&x);
	arena_free(&a);
}

/* Which of them is meant cannot be said to the kernel. */
static void profiles_leave_the_default_open(void **state)
{
	struct arena a = { 0 };
	struct view kernel = bz_view(bz_make(&a));
	struct fixture x;

	(void)state;
	fixture_find(&x,
		TABLE_SOURCE(IMAGE(&a, "a.efi", OSREL("ID=x\n"), LINUX(kernel),
				     { ".profile", "ID=main\n", { 0 } },
				     { ".profile", "ID=reset\n", { 0 } }),
			{ "boot/loader/loader.conf", "default a.efi@reset\n" }, MOUNTS,
			UNAME("6.1.0")));
	assert_string_equal(fixture_default(&x), "");
	assert_non_null(x.entries.no_default);
	assert_non_null(strstr(x.entries.no_default, "profile"));
	fixture_end(&x);
	arena_free(&a);
}

static struct view digest_of(struct arena *a, const char *text, size_t n)
{
	uint8_t *digest = arena_alloc(a, SHA256_SIZE);
	struct sha256 s;

	sha256_begin(&s, sha256_portable);
	sha256_update(&s, (const uint8_t *)text, n);
	sha256_end(&s, digest);
	return (struct view){ digest, SHA256_SIZE };
}

#define NAMED(k, i, kernel_hash, initrd_hash)                                            \
	OSREL("ID=nixos\n"), CMDLINE("init=/nix/store/x/init"), { ".initrd", i, { 0 } }, \
		{ ".linux", k, { 0 } }, { ".initrdh", NULL, initrd_hash },               \
	{                                                                                \
		".linuxh", NULL, kernel_hash                                             \
	}

/* Lanzaboote's: no kernel in it, but where it is and what it must be. */
static void paths_are_followed(void **state)
{
	static const char initrd[] = "an initrd";
	struct arena a = { 0 };
	struct view kernel = bz_view(bz_make(&a));
	struct view good = digest_of(&a, (const char *)kernel.p, kernel.n);
	struct view same = digest_of(&a, initrd, sizeof initrd - 1);
	struct view short_one = view_first(good, 31);
	struct error err = { 0 };
	const struct entry *e;
	struct fixture x;

	(void)state;
	fixture_find(&x,
		TABLE_SOURCE(
			IMAGE(&a, "a.efi",
				NAMED("\\EFI\\nixos\\k.efi", "\\EFI\\nixos\\i.efi", good, same)),
			IMAGE(&a, "b.efi",
				NAMED("\\EFI\\nixos\\k.efi", "\\EFI\\nixos\\i.efi", same, same)),
			IMAGE(&a, "c.efi",
				NAMED("\\EFI\\nixos\\k.efi", "\\EFI\\nixos\\i.efi", good, good)),
			IMAGE(&a, "d.efi", NAMED("\\gone", "\\EFI\\nixos\\i.efi", good, same)),
			IMAGE(&a, "e.efi", NAMED("\\EFI\\nixos\\k.efi", "\\..\\i", good, same)),
			IMAGE(&a, "f.efi",
				NAMED("\\EFI\\nixos\\k.efi", "\\EFI\\nixos\\i.efi", short_one,
					same)),
			{ "boot/EFI/nixos/i.efi", initrd },
			{ "boot/EFI/nixos/k.efi", (const char *)kernel.p, kernel.n }, MOUNTS,
			UNAME("6.12.1-test")));
	e = fixture_entry(&x, "a.efi");
	assert_loadable(e);
	assert_string_equal(e->kernel, "/boot/EFI/nixos/k.efi");
	assert_int_equal(e->initrd_count, 1);
	assert_string_equal(e->initrds[0], "/boot/EFI/nixos/i.efi");
	assert_string_equal(e->command_line, "init=/nix/store/x/init");
	assert_string_equal(e->release, "6.12.1-test");
	assert_true(entry_verify(&x.source.source, e, &err));
	assert_false(entry_verify(&x.source.source, fixture_entry(&x, "b.efi"), &err));
	assert_int_equal(err.fault, FAULT_ENTRY_REFUSED);
	assert_non_null(strstr(err.reason, "its kernel /boot/EFI/nixos/k.efi is not the one"));
	assert_false(entry_verify(&x.source.source, fixture_entry(&x, "c.efi"), &err));
	assert_non_null(strstr(err.reason, "its initrd /boot/EFI/nixos/i.efi is not the one"));
	assert_obstacle(fixture_entry(&x, "d.efi"), "is not there");
	assert_obstacle(fixture_entry(&x, "e.efi"), "no path inside");
	assert_obstacle(fixture_entry(&x, "f.efi"), "no SHA-256");
	fixture_end(&x);
	arena_free(&a);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		CASE(images_say_what_they_are),
		CASE(large_images_are_read),
		CASE(companions_are_not_forgotten),
		CASE(profiles_leave_the_default_open),
		CASE(paths_are_followed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
