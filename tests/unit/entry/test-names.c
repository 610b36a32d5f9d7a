/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Kernels that no entry names: Debian, Gentoo (with and without genkernel), Arch, kernel-install. */
#include "fixture.h"

#include "../image/bzimage-file.h"
#include "../image/pe-file.h"

static void assert_kernel(
	const struct fixture *x, const char *kernel, const char *initrd, const char *release)
{
	const struct entry *e = fixture_entry(x, kernel);

	assert_loadable(e);
	assert_string_equal(e->kernel, kernel);
	assert_int_equal(e->initrd_count, initrd != NULL);
	if (initrd)
		assert_string_equal(e->initrds[0], initrd);
	assert_string_equal(e->release, release);
}

/* A file is empty of what matters here, or a bzImage that tells its release. */
static struct table_file image(struct arena *a, const char *path)
{
	struct block file = bz_make(a);

	return (struct table_file){ path, (const char *)file.p, file.n };
}

static void debian(void **state)
{
	struct arena a = { 0 };
	struct fixture x;

	(void)state;
	fixture_find(&x,
		TABLE_SOURCE(EMPTY("boot/config-6.1.0-10-amd64"),
			EMPTY("boot/initrd.img-6.1.0-10-amd64"),
			EMPTY("boot/initrd.img-6.1.0-9-amd64"),
			EMPTY("boot/vmlinuz-6.1.0-10-amd64"), EMPTY("boot/vmlinuz-6.1.0-9-amd64"),
			EMPTY("boot/vmlinuz-6.1.0-9-amd64.dpkg-new"), EMPTY("initrd.img"),
			EMPTY("initrd.img.old"), image(&a, "vmlinuz"), EMPTY("vmlinuz.old"),
			EMPTY("usr/lib/modules/6.1.0-10-amd64/vmlinuz"),
			EMPTY("usr/lib/modules/7.2.0-1-amd64/vmlinuz"), UNAME("6.1.0-9-amd64")));
	assert_int_equal(x.entries.count, 5);
	assert_string_equal(fixture_default(&x), "/vmlinuz");
	assert_kernel(&x, "/vmlinuz", "/initrd.img", "6.12.1-test");
	assert_kernel(&x, "/vmlinuz.old", "/initrd.img.old", "");
	assert_string_equal(x.entries.items[2].kernel, "/usr/lib/modules/7.2.0-1-amd64/vmlinuz");
	assert_kernel(&x, "/usr/lib/modules/7.2.0-1-amd64/vmlinuz", NULL, "7.2.0-1-amd64");
	assert_true(strstr(x.entries.items[2].remark, "no initrd"));
	assert_kernel(&x, "/boot/vmlinuz-6.1.0-10-amd64", "/boot/initrd.img-6.1.0-10-amd64",
		"6.1.0-10-amd64");
	assert_true(fixture_entry(&x, "/boot/vmlinuz-6.1.0-9-amd64")->is_running);
	assert_null(fixture_entry(&x, "/vmlinuz")->command_line);
	fixture_end(&x);
	arena_free(&a);
}

static void gentoo(void **state)
{
	struct arena a = { 0 };
	struct fixture x;

	(void)state;
	fixture_find(&x,
		TABLE_SOURCE(image(&a, "boot/bzImage"), EMPTY("boot/bzImage.old"),
			EMPTY("boot/initramfs-6.12.1-test.img"),
			EMPTY("boot/initramfs-6.6.21-gentoo-x86_64.img"),
			EMPTY("boot/initramfs-genkernel-x86_64-6.1.81-gentoo"),
			EMPTY("boot/kernel-6.6.30-gentoo"), EMPTY("boot/kernel-6.6.30-gentoo.old"),
			EMPTY("boot/kernel-genkernel-x86_64-6.1.81-gentoo"),
			EMPTY("boot/vmlinuz-6.6.21-gentoo-x86_64"), UNAME("6.6.21-gentoo")));
	assert_string_equal(fixture_default(&x), "/boot/bzImage");
	/* The initrd of its release, since there is none without a version. */
	assert_kernel(&x, "/boot/bzImage", "/boot/initramfs-6.12.1-test.img", "6.12.1-test");
	assert_kernel(&x, "/boot/bzImage.old", NULL, "");
	assert_kernel(&x, "/boot/kernel-genkernel-x86_64-6.1.81-gentoo",
		"/boot/initramfs-genkernel-x86_64-6.1.81-gentoo", "6.1.81-gentoo");
	assert_kernel(&x, "/boot/vmlinuz-6.6.21-gentoo-x86_64",
		"/boot/initramfs-6.6.21-gentoo-x86_64.img", "6.6.21-gentoo");
	assert_true(fixture_entry(&x, "/boot/vmlinuz-6.6.21-gentoo-x86_64")->is_running);
	/* Newest first, and what was replaced behind what replaced it. */
	assert_string_equal(x.entries.items[2].id, "/boot/kernel-6.6.30-gentoo");
	assert_string_equal(x.entries.items[3].id, "/boot/kernel-6.6.30-gentoo.old");
	fixture_end(&x);
	arena_free(&a);
}

#define LOG(version, initrd)                                                                       \
	"2024-05-01 10:00:00 +0200\tsystemd\t" version "\t/usr/lib/kernel\tcompat\tdracut\tnone\t" \
	"/boot\tkernel-" version "\t" initrd "\tnotset\n"

static void gentoos_log_names_the_last_one(void **state)
{
	const struct entry *e;
	struct fixture x;

	(void)state;
	fixture_find(&x,
		TABLE_SOURCE({ "etc/kernel/cmdline", "# ours\nroot=/dev/sda3 ro\nquiet\n" },
			EMPTY("boot/initramfs-6.18.41-gentoo-dist-bin.img"),
			EMPTY("boot/kernel-6.18.41-gentoo-dist-bin"),
			EMPTY("boot/kernel-7.0.0-gentoo"),
			{ "var/lib/misc/installkernel",
				LOG("7.0.0-gentoo", "notset") LOG("6.18.41-gentoo-dist-bin",
					"initramfs-6.18.41-gentoo-dist-bin.img") },
			UNAME("6.18.41-gentoo-dist-bin")));
	assert_int_equal(x.entries.count, 2);
	assert_string_equal(fixture_default(&x), "/boot/kernel-6.18.41-gentoo-dist-bin");
	assert_kernel(&x, "/boot/kernel-6.18.41-gentoo-dist-bin",
		"/boot/initramfs-6.18.41-gentoo-dist-bin.img", "6.18.41-gentoo-dist-bin");
	e = fixture_entry(&x, "/boot/kernel-6.18.41-gentoo-dist-bin");
	assert_int_equal(e->kind, ENTRY_INSTALLKERNEL);
	assert_int_equal(e->line, 2);
	assert_string_equal(e->command_line, "root=/dev/sda3 ro quiet");
	fixture_end(&x);
}

static void arch(void **state)
{
	struct arena a = { 0 };
	struct fixture x;

	(void)state;
	fixture_find(&x,
		TABLE_SOURCE(EMPTY("boot/initramfs-linux-fallback.img"),
			EMPTY("boot/initramfs-linux.img"), image(&a, "boot/vmlinuz-linux"),
			UNAME("6.12.1-test")));
	assert_int_equal(x.entries.count, 1);
	assert_kernel(&x, "/boot/vmlinuz-linux", "/boot/initramfs-linux.img", "6.12.1-test");
	assert_true(x.entries.items[0].is_running);
	fixture_end(&x);
	arena_free(&a);
}

static void kernel_installs_layout(void **state)
{
	struct fixture x;

	(void)state;
	fixture_find(&x,
		TABLE_SOURCE(EMPTY("efi/m1/6.10.1/initrd.img"), EMPTY("efi/m1/6.10.1/linux"),
			EMPTY("efi/m1/6.10.1/microcode.img"), EMPTY("efi/m1/6.9.2/linux"),
			EMPTY("efi/other/6.11/linux"), { "etc/machine-id", "m1\n" },
			UNAME("6.9.2")));
	assert_int_equal(x.entries.count, 2);
	assert_string_equal(fixture_default(&x), "/efi/m1/6.10.1/linux");
	assert_int_equal(x.entries.items[0].initrd_count, 2);
	assert_string_equal(x.entries.items[0].initrds[0], "/efi/m1/6.10.1/microcode.img");
	assert_string_equal(x.entries.items[0].initrds[1], "/efi/m1/6.10.1/initrd.img");
	assert_string_equal(x.entries.items[0].version, "6.10.1");
	assert_true(x.entries.items[1].is_running);
	fixture_end(&x);
}

static struct table_file uki(struct arena *a, const char *path, const char *command_line)
{
	const struct pef_section sections[] = {
		{ ".osrel", "ID=debian\nPRETTY_NAME=\"Debian GNU/Linux 13\"\nVERSION_ID=\"13\"\n",
			{ 0 } },
		{ ".uname", "6.12.9-amd64", { 0 } },
		{ ".cmdline", command_line, { 0 } },
		{ ".linux", "kernel", { 0 } },
	};
	struct block file = pef_make(a, PEF_X86_64, sections, sizeof sections / sizeof *sections);

	return (struct table_file){ path, (const char *)file.p, file.n };
}

static struct table_file addon(struct arena *a, const char *path, const char *name)
{
	const struct pef_section sections[] = { { ".sbat", "sbat", { 0 } },
		{ name, "debug", { 0 } } };
	struct block file = pef_make(a, PEF_X86_64, sections, sizeof sections / sizeof *sections);

	return (struct table_file){ path, (const char *)file.p, file.n };
}

static void unified_kernel_images(void **state)
{
	struct arena a = { 0 };
	const struct entry *e;
	struct fixture x;

	(void)state;
	fixture_find(&x,
		TABLE_SOURCE(uki(&a, "efi/EFI/Linux/a+2-1.efi", "root=/dev/sda2"),
			addon(&a, "efi/EFI/Linux/a+2-1.efi.extra.d/one.addon.efi", ".cmdline"),
			uki(&a, "efi/EFI/Linux/b.efi", "quiet"),
			addon(&a, "efi/EFI/Linux/b.efi.extra.d/one.addon.efi", ".initrd"),
			EMPTY("efi/EFI/Linux/c.efi"), UNAME("6.12.9-amd64")));
	e = fixture_entry(&x, "a.efi");
	assert_loadable(e);
	assert_int_equal(e->kind, ENTRY_UKI);
	assert_string_equal(e->title, "Debian GNU/Linux 13");
	assert_string_equal(e->kernel, "/efi/EFI/Linux/a+2-1.efi");
	assert_string_equal(e->command_line, "root=/dev/sda2 debug");
	assert_string_equal(e->sort_key, "debian");
	assert_string_equal(e->release, "6.12.9-amd64");
	assert_true(e->is_counted && e->is_running);
	assert_obstacle(fixture_entry(&x, "b.efi"), "has a section .initrd");
	assert_non_null(fixture_entry(&x, "c.efi")->obstacle);
	fixture_end(&x);
	arena_free(&a);
}

static void what_is_not_mounted_is_named(void **state)
{
	struct table_source source = TABLE_SOURCE(
		{ "etc/fstab",
			"/dev/sda3 / ext4 defaults 0 1\n\n/dev/sda1 /boot ext2 noauto 0 2\n" },
		{ "proc/self/mountinfo", "25 1 8:3 / / rw - ext4 /dev/sda3 rw\n" }, UNAME("6.6.0"));
	struct table_source empty = TABLE_SOURCE(UNAME("6.6.0"));
	struct arena a = { 0 };
	struct error err = { 0 };
	struct entries entries;

	(void)state;
	assert_false(entry_find(&source.source, &a, &entries, &err));
	assert_int_equal(err.fault, FAULT_NOT_MOUNTED);
	assert_reason(err, "/boot is not mounted: /etc/fstab, line 3, has /dev/sda1 for it");
	assert_false(entry_find(&empty.source, &a, &entries, &err));
	assert_int_equal(err.fault, FAULT_NO_ENTRY);
	assert_true(err.closed[WAY_LIST]);
	arena_free(&a);
}

/* What read makes of a file of 16 MiB and more; looking at it is possible. */
static enum presence read_small(const struct source *source, const char *path, struct arena *arena,
	struct view *ret, struct error *err)
{
	return strcmp(path, "boot/bzImage") == 0 ? table_failure(path, err)
						 : table_read(source, path, arena, ret, err);
}

static enum presence look_at_any(const struct source *source, const char *path, size_t limit,
	struct arena *arena, struct view *ret, struct error *err)
{
	(void)limit;
	return table_read(source, path, arena, ret, err);
}

static void a_large_kernel_keeps_its_initrd(void **state)
{
	struct arena a = { 0 };
	struct table_source source = TABLE_SOURCE(
		image(&a, "boot/bzImage"), EMPTY("boot/initrd.img-6.12.1-test"), UNAME("6.6.21"));
	struct fixture x;

	(void)state;
	source.source.read = read_small;
	source.source.look = look_at_any;
	fixture_find(&x, source);
	assert_string_equal(fixture_default(&x), "/boot/bzImage");
	assert_kernel(&x, "/boot/bzImage", "/boot/initrd.img-6.12.1-test", "6.12.1-test");
	fixture_end(&x);
	arena_free(&a);
}

static void a_kernel_without_release_is_refused_where_an_initrd_is_used(void **state)
{
	struct fixture x;

	(void)state;
	fixture_find(&x,
		TABLE_SOURCE(EMPTY("boot/bzImage"), EMPTY("boot/initramfs-6.6.21.img"),
			UNAME("6.6.21")));
	assert_obstacle(fixture_entry(&x, "/boot/bzImage"), "the running kernel came with one");
	fixture_end(&x);
	fixture_find(&x, TABLE_SOURCE(EMPTY("boot/bzImage"), UNAME("6.6.21")));
	assert_loadable(fixture_entry(&x, "/boot/bzImage"));
	fixture_end(&x);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		CASE(debian),
		CASE(gentoo),
		CASE(gentoos_log_names_the_last_one),
		CASE(arch),
		CASE(kernel_installs_layout),
		CASE(unified_kernel_images),
		CASE(what_is_not_mounted_is_named),
		CASE(a_large_kernel_keeps_its_initrd),
		CASE(a_kernel_without_release_is_refused_where_an_initrd_is_used),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
