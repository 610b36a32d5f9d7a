/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The names that Gentoo's service looks for, in its order; and which initrd belongs to which image. */
#include "test.h"

#include "../image/bzimage-file.h"
#include "../machine/table-source.h"
#include "entry/names/by-name.h"

enum { FILES = 12 };

struct row {
	const char *wish, *initrd_wish;
	const char *files[FILES]; /* in /boot but for those with a slash; sorted */
	const char *kernel, *initrd;
};

/* The running kernel is 6.6.21-gentoo on x86_64; an image without a version is 6.12.1-test. */
static const struct row rows[] = {
	/* Names without a version, in their order. */
	{ "", "", { "bzImage", "kernel", "vmlinux", "vmlinuz" }, "bzImage", NULL },
	{ "", "", { "kernel", "vmlinux", "vmlinuz" }, "vmlinux", NULL },
	{ "", "", { "kernel", "vmlinuz" }, "vmlinuz", NULL },
	{ "", "", { "kernel", "kernel-9.9" }, "kernel", NULL },
	/* Then those with one: the newest, and of one version in their order. */
	{ "", "", { "bzImage-6.6.21-gentoo", "vmlinuz-6.6.22-gentoo" }, "vmlinuz-6.6.22-gentoo",
		NULL },
	{ "", "", { "kernel-6.10.1", "kernel-6.9.12" }, "kernel-6.10.1", NULL },
	{ "", "", { "bzImage-6.1", "vmlinux-6.1", "vmlinuz-6.1" }, "bzImage-6.1", NULL },
	{ "", "", { "kernel-6.1", "vmlinux-6.1", "vmlinuz-6.1" }, "vmlinux-6.1", NULL },
	{ "", "", { "kernel-6.1", "kernel-genkernel-x86_64-6.1", "vmlinuz-6.1" }, "vmlinuz-6.1",
		NULL },
	{ "", "", { "kernel-6.1", "kernel-genkernel-amd64-6.1", "kernel-genkernel-x86_64-6.1" },
		"kernel-genkernel-x86_64-6.1", NULL },
	{ "", "", { "kernel-6.1", "kernel-genkernel-amd64-6.1", "kernel-genkernel-x86-6.1" },
		"kernel-genkernel-amd64-6.1", NULL },
	{ "", "", { "kernel-6.1", "kernel-genkernel-x86-6.1" }, "kernel-genkernel-x86-6.1", NULL },
	{ "", "", { "kernel-6.1", "kernel-x86_64" }, "kernel-6.1", NULL },
	{ "", "", { "kernel-x86_64" }, "kernel-x86_64", NULL },
	/* What is no kernel, or the one before. */
	{ "", "", { "kernel-6.1", "kernel-6.2.old", "kernel-6.3.sig", "vmlinuz-rescue" },
		"kernel-6.1", NULL },
	{ "", "", { "config-6.1", "initramfs-6.1.img" }, NULL, NULL },
	/* The initrd of a kernel with a version is that of the version. */
	{ "", "", { "initrd.img-6.1", "initrd.img-6.6.21-gentoo", "vmlinuz-6.1" }, "vmlinuz-6.1",
		"initrd.img-6.1" },
	{ "", "",
		{ "initramfs-6.1.img", "initrd-6.1", "initrd-6.1.img", "initrd.img-6.1",
			"kernel-6.1" },
		"kernel-6.1", "initrd.img-6.1" },
	{ "", "", { "initramfs-6.1.img", "initrd-6.1", "initrd-6.1.img", "kernel-6.1" },
		"kernel-6.1", "initrd-6.1.img" },
	{ "", "", { "initramfs-6.1.img", "initrd-6.1", "kernel-6.1" }, "kernel-6.1", "initrd-6.1" },
	{ "", "", { "initramfs-6.1.img", "initramfs-genkernel-x86_64-6.1", "kernel-6.1" },
		"kernel-6.1", "initramfs-6.1.img" },
	{ "", "",
		{ "initramfs-genkernel-amd64-6.1", "initramfs-genkernel-x86_64-6.1",
			"kernel-genkernel-x86_64-6.1" },
		"kernel-genkernel-x86_64-6.1", "initramfs-genkernel-x86_64-6.1" },
	{ "", "", { "initramfs-6.6.21-gentoo-x86_64.img", "vmlinuz-6.6.21-gentoo-x86_64" },
		"vmlinuz-6.6.21-gentoo-x86_64", "initramfs-6.6.21-gentoo-x86_64.img" },
	/* One without a version is the last resort. */
	{ "", "", { "initrd", "initrd.img-6.1", "kernel-6.1" }, "kernel-6.1", "initrd.img-6.1" },
	{ "", "", { "initrd", "kernel-6.1" }, "kernel-6.1", "initrd" },
	/* The initrd of an image without a version has none either, or that of the image's release. */
	{ "", "", { "bzImage", "initramfs", "initrd", "initrd.img" }, "bzImage", "initrd" },
	{ "", "", { "bzImage", "initramfs", "initrd.img" }, "bzImage", "initramfs" },
	{ "", "", { "bzImage", "initrd.img" }, "bzImage", "initrd.img" },
	{ "", "", { "bzImage", "initramfs-6.12.1-test.img", "initrd.img-6.6.21-gentoo" }, "bzImage",
		"initramfs-6.12.1-test.img" },
	{ "", "", { "bzImage", "initrd.img-6.6.21-gentoo" }, "bzImage", NULL },
	/* Where the running kernel has an initrd, one without is not finished. */
	{ "", "", { "initramfs-6.6.21-gentoo.img", "kernel-6.6.21-gentoo", "kernel-6.6.30-gentoo" },
		"kernel-6.6.21-gentoo", "initramfs-6.6.21-gentoo.img" },
	{ "kernel-6.6.30-gentoo", "",
		{ "initramfs-6.6.21-gentoo.img", "kernel-6.6.21-gentoo", "kernel-6.6.30-gentoo" },
		"kernel-6.6.30-gentoo", NULL },
	{ "", "-",
		{ "initramfs-6.6.21-gentoo.img", "kernel-6.6.21-gentoo", "kernel-6.6.30-gentoo" },
		"kernel-6.6.30-gentoo", NULL },
	/* Names that somebody gave. */
	{ "vmlinuz", "", { "bzImage", "initrd", "vmlinuz" }, "vmlinuz", "initrd" },
	{ "bzImage.old", "", { "bzImage", "bzImage.old", "initrd", "initrd.old" }, "bzImage.old",
		"initrd.old" },
	{ "bzImage.old", "", { "bzImage.old", "initrd" }, "bzImage.old", NULL },
	{ "kernel-6.1", "mine.img", { "initrd.img-6.1", "kernel-6.1", "mine.img" }, "kernel-6.1",
		"mine.img" },
	{ "kernel-6.1", "-", { "initrd.img-6.1", "kernel-6.1" }, "kernel-6.1", NULL },
	{ "/boot/kernel-6.1", "", { "initrd.img-6.1", "kernel-6.1" }, "kernel-6.1",
		"initrd.img-6.1" },
	{ "/opt/k/vmlinuz-6.1", "",
		{ "/opt/k/initrd-6.1.img", "/opt/k/vmlinuz-6.1", "initrd.img-6.1" },
		"/opt/k/vmlinuz-6.1", "/opt/k/initrd-6.1.img" },
	{ "/opt/k/vmlinuz-6.1", "", { "/opt/k/vmlinuz-6.1", "initrd.img-6.1" },
		"/opt/k/vmlinuz-6.1", "initrd.img-6.1" },
};

static const char *path_in(struct arena *a, const char *name)
{
	return name[0] == '/' ? name : arena_printf(a, "/boot/%s", name);
}

/* Images are bzImages of a release; what else there is may be anything. */
static struct table_source source_of(const struct row *row, struct arena *a)
{
	struct table_file *files = arena_alloc_array(a, FILES + 1, sizeof *files);
	struct block image = bz_make(a);
	size_t n = 0;

	files[n++] = (struct table_file){ "saut/uname", "6.6.21-gentoo x86_64\n", 0 };
	for (size_t i = 0; i < FILES && row->files[i]; i++)
		files[n++] = (struct table_file){ path_in(a, row->files[i]) + 1,
			(const char *)image.p, image.n };
	return (struct table_source){ { table_read, source_look_by_read, table_list }, files, n };
}

static void assert_path(const struct row *row, const char *is, const char *wanted)
{
	if (!is != !wanted || (is && strcmp(is, wanted) != 0))
		fail_msg("row %zu (%s): %s, not %s", (size_t)(row - rows), row->files[0],
			is ? is : "none", wanted ? wanted : "none");
}

static void names_and_what_belongs_to_them(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const struct row *row = &rows[i];
		struct arena a = { 0 };
		struct error err = { 0 };
		struct notes notes = { .arena = &a };
		struct table_source source = source_of(row, &a);
		struct named_kernel found;
		const struct name_wish wish = {
			.boot = "/boot",
			.image = row->wish,
			.image_by = "KNAME",
			.initrd = row->initrd_wish[0] == '-' ? "" : row->initrd_wish,
			.initrd_by = "INITRD",
			.has_no_initrd = row->initrd_wish[0] == '-',
		};

		if (!entry_by_name(&source.source, &wish, &notes, &a, &found, &err))
			fail_msg("row %zu: %s", i, err.reason);
		assert_path(row, found.kernel, row->kernel ? path_in(&a, row->kernel) : NULL);
		assert_path(row, found.initrd, row->initrd ? path_in(&a, row->initrd) : NULL);
		arena_free(&a);
	}
}

static void expect_missing(
	struct table_source source, struct name_wish wish, enum fault fault, const char *reason)
{
	struct arena a = { 0 };
	struct error err = { 0 };
	struct notes notes = { .arena = &a };
	struct named_kernel found;

	wish.boot = "/boot";
	wish.image_by = wish.image_by ? wish.image_by : "KNAME (/etc/kexec.conf, line 3)";
	wish.initrd_by = "INITRD";
	assert_false(entry_by_name(&source.source, &wish, &notes, &a, &found, &err));
	assert_int_equal(err.fault, fault);
	assert_reason(err, reason);
	arena_free(&a);
}

static void what_was_named_must_be_there(void **state)
{
	struct table_source source =
		TABLE_SOURCE({ "boot/bzImage", "x" }, { "saut/uname", "6.6.21-gentoo x86_64\n" });
	struct table_source unmounted =
		TABLE_SOURCE({ "etc/fstab", "/dev/sda1 /boot ext2 noauto 0 2\n" },
			{ "proc/self/mountinfo", "25 1 8:3 / / rw - ext4 /dev/sda3 rw\n" });

	(void)state;
	expect_missing(source, (struct name_wish){ .image = "bzimage", .initrd = "" },
		FAULT_FILE_MISSING,
		"KNAME (/etc/kexec.conf, line 3) means /boot/bzimage, which is not there");
	expect_missing(source,
		(struct name_wish){ .image = "/a/kernel", .image_by = "", .initrd = "" },
		FAULT_FILE_MISSING, "/a/kernel is not there");
	expect_missing(source, (struct name_wish){ .image = "bzImage", .initrd = "x.img" },
		FAULT_FILE_MISSING, "INITRD means /boot/x.img, which is not there");
	expect_missing(unmounted, (struct name_wish){ .image = "bzImage", .initrd = "" },
		FAULT_NOT_MOUNTED,
		"/boot/bzImage, which is not there, and /boot is not mounted: /etc/fstab, line 1, has /dev/sda1");
}

/* Of a kernel that somebody named, whatever its initrd is. */
static void release_is_told(void **state)
{
	static const char *const initrds[] = { "", "-", "mine.img" };
	struct table_source source =
		TABLE_SOURCE({ "boot/initrd.img-6.1", "x" }, { "boot/kernel-6.1", "x" },
			{ "boot/mine.img", "x" }, { "saut/uname", "6.1 x86_64\n" });

	(void)state;
	for (size_t i = 0; i < sizeof initrds / sizeof *initrds; i++) {
		const struct name_wish wish = { .boot = "/boot",
			.image = "kernel-6.1",
			.initrd = initrds[i],
			.has_no_initrd = strcmp(initrds[i], "-") == 0 };
		struct arena a = { 0 };
		struct error err = { 0 };
		struct notes notes = { .arena = &a };
		struct named_kernel found;

		assert_true(entry_by_name(&source.source, &wish, &notes, &a, &found, &err));
		assert_string_equal(found.release, "6.1");
		arena_free(&a);
	}
}

static void what_is_left_out_is_said(void **state)
{
	struct table_source source = TABLE_SOURCE({ "boot/initrd.img-6.6.21-gentoo", "x" },
		{ "boot/kernel-6.6.21-gentoo", "x" }, { "boot/kernel-6.6.30-gentoo", "x" },
		{ "saut/uname", "6.6.21-gentoo x86_64\n" });
	const struct name_wish wish = { .boot = "/boot", .image = "", .initrd = "" };
	struct arena a = { 0 };
	struct error err = { 0 };
	struct notes notes = { .arena = &a };
	struct named_kernel found;

	(void)state;
	assert_true(entry_by_name(&source.source, &wish, &notes, &a, &found, &err));
	assert_true(found.is_newest);
	assert_string_equal(found.release, "6.6.21-gentoo");
	assert_int_equal(notes.count, 1);
	assert_non_null(strstr(notes.items[0], "/boot/kernel-6.6.30-gentoo is left out"));
	arena_free(&a);
}

/* The newest kernel has no initrd. */
static void the_running_kernel_tells_whether_one_is_needed(void **state)
{
	static char with[0x220], without[0x220];
	const struct {
		struct table_file file;
		const char *kernel;
	} machines[] = {
		{ { "sys/kernel/boot_params/data", with, sizeof with }, "/boot/kernel-6.1" },
		{ { "sys/kernel/boot_params/data", without, sizeof without }, "/boot/kernel-6.2" },
		{ { "sys/kernel/boot_params/data", with, 0x21e }, "/boot/kernel-6.2" },
		{ { "proc/device-tree/chosen/linux,initrd-start", "\0\0\0\1", 4 },
			"/boot/kernel-6.1" },
	};
	const struct name_wish wish = { .boot = "/boot", .image = "", .initrd = "" };

	(void)state;
	with[0x21c] = 1;
	for (size_t i = 0; i < sizeof machines / sizeof *machines; i++) {
		struct table_source source = TABLE_SOURCE({ "boot/initrd.img-6.1", "x" },
			{ "boot/kernel-6.1", "x" }, { "boot/kernel-6.2", "x" }, machines[i].file,
			{ "saut/uname", "6.2 x86_64\n" });
		struct arena a = { 0 };
		struct error err = { 0 };
		struct notes notes = { .arena = &a };
		struct named_kernel found;

		assert_true(entry_by_name(&source.source, &wish, &notes, &a, &found, &err));
		assert_string_equal(found.kernel, machines[i].kernel);
		arena_free(&a);
	}
}

/* A large kernel, or one that does not tell its release, must not lose its initrd in silence. */
static void an_initrd_that_cannot_be_found_is_missed(void **state)
{
	const struct name_wish wishes[] = {
		{ .boot = "/boot", .image = "", .initrd = "" },
		{ .boot = "/boot", .image = "bzImage", .image_by = "KNAME", .initrd = "" },
	};
	struct table_source source = TABLE_SOURCE({ "boot/bzImage", "x" },
		{ "boot/initramfs-6.6.21.img", "x" }, { "saut/uname", "6.6.21 x86_64\n" });
	struct table_source without =
		TABLE_SOURCE({ "boot/bzImage", "x" }, { "saut/uname", "6.6.21 x86_64\n" });

	(void)state;
	for (size_t i = 0; i < sizeof wishes / sizeof *wishes; i++) {
		struct arena a = { 0 };
		struct error err = { 0 };
		struct notes notes = { .arena = &a };
		struct named_kernel found;
		struct name_wish none = wishes[i];

		assert_false(entry_by_name(&source.source, &wishes[i], &notes, &a, &found, &err));
		assert_int_equal(err.fault, FAULT_ENTRY_REFUSED);
		assert_reason(err, "/boot/bzImage tells no version");
		none.has_no_initrd = true;
		assert_true(entry_by_name(&source.source, &none, &notes, &a, &found, &err));
		assert_true(entry_by_name(&without.source, &wishes[i], &notes, &a, &found, &err));
		assert_null(found.initrd);
		arena_free(&a);
	}
}

/* Gentoo's file of settings comes with KNAME="bzimage". */
static void a_default_that_is_not_there_is_no_choice(void **state)
{
	const struct name_wish wish = { .boot = "/boot",
		.image = "bzimage",
		.image_by = "KNAME (/etc/conf.d/kexec, line 5)",
		.initrd = "",
		.is_default = true };
	struct table_source source =
		TABLE_SOURCE({ "boot/vmlinuz-6.1", "x" }, { "saut/uname", "6.6.21 x86_64\n" });
	struct table_source there =
		TABLE_SOURCE({ "boot/bzimage", "x" }, { "saut/uname", "6.6.21 x86_64\n" });
	struct table_source unmounted =
		TABLE_SOURCE({ "etc/fstab", "/dev/sda1 /boot ext2 noauto 0 2\n" },
			{ "proc/self/mountinfo", "25 1 8:3 / / rw - ext4 /dev/sda3 rw\n" });
	struct arena a = { 0 };
	struct error err = { 0 };
	struct notes notes = { .arena = &a };
	struct named_kernel found;

	(void)state;
	assert_true(entry_by_name(&source.source, &wish, &notes, &a, &found, &err));
	assert_string_equal(found.kernel, "/boot/vmlinuz-6.1");
	assert_true(found.is_newest && !found.is_named);
	assert_int_equal(notes.count, 1);
	assert_non_null(strstr(notes.items[0], "/boot/bzimage is not there: a kernel is looked"));
	assert_true(entry_by_name(&there.source, &wish, &notes, &a, &found, &err));
	assert_true(found.is_named);
	assert_false(entry_by_name(&unmounted.source, &wish, &notes, &a, &found, &err));
	assert_int_equal(err.fault, FAULT_NOT_MOUNTED);
	arena_free(&a);
}

static void what_cannot_be_seen_is_no_answer(void **state)
{
	const struct name_wish wish = { .boot = "/boot", .image = "", .initrd = "" };
	struct table_source source = TABLE_SOURCE(
		{ .path = "boot", .is_unreadable = true }, { "saut/uname", "6.6.21 x86_64\n" });
	struct table_source ground = TABLE_SOURCE({ .path = "etc/fstab", .is_unreadable = true },
		{ "boot/vmlinuz-6.6.21", "x" }, { "saut/uname", "6.6.21 x86_64\n" });
	struct arena a = { 0 };
	struct error err = { 0 };
	struct notes notes = { .arena = &a };
	struct named_kernel found;

	(void)state;
	assert_false(entry_by_name(&source.source, &wish, &notes, &a, &found, &err));
	assert_int_equal(err.fault, FAULT_FILE_UNREADABLE);
	assert_reason(err, "/boot cannot be read");
	assert_false(entry_by_name(&ground.source, &wish, &notes, &a, &found, &err));
	assert_int_equal(err.fault, FAULT_FILE_UNREADABLE);
	assert_reason(err, "/etc/fstab cannot be read");
	arena_free(&a);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		CASE(names_and_what_belongs_to_them),
		CASE(what_was_named_must_be_there),
		CASE(release_is_told),
		CASE(what_is_left_out_is_said),
		CASE(the_running_kernel_tells_whether_one_is_needed),
		CASE(an_initrd_that_cannot_be_found_is_missed),
		CASE(a_default_that_is_not_there_is_no_choice),
		CASE(what_cannot_be_seen_is_no_answer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
