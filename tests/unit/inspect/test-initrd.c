/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is in an initrd, whichever way it is packed, and where it is cut. */
#include "codec/pack.h"

#include "initrd/cpio.h"
#include "inspect/inspect.h"

static struct view sample(struct arena *a)
{
	const struct cpio_member members[] = {
		{ .name = "init", .data = view_of_string("12345") },
		{ .name = "usr/lib/modules/6.12.1/a.ko", .data = make_plain(a, 3000) },
		{ .name = "./lib/modules/6.1.0/b.ko" },
		{ .name = "lib/modules/6.1.0/c.ko" },
	};
	struct view cpio = { 0 };

	for (size_t i = 0; i < sizeof members / sizeof *members; i++)
		cpio = join(a, cpio, cpio_pack(a, &members[i]));
	return join(a, cpio, cpio_trailer(a));
}

static void inspect(struct view file, struct arena *a, struct inspect_initrd *ret)
{
	struct error err = { 0 };

	assert_true(inspect_initrd(file, NULL, a, ret, &err));
}

static void archives_are_told_one_by_one(void **state)
{
	struct arena a = { 0 };
	struct view cpio = sample(&a);
	struct view early = cpio_archive(&a, "kernel/x86/microcode/AuthenticAMD.bin", "m");

	(void)state;
	for (size_t i = 0; i < PACKER_COUNT; i++) {
		struct view packed = packers[i].pack(&a, cpio);
		struct inspect_initrd found;

		if (strcmp(packers[i].codec, "lz4") == 0)
			continue; /* Linux has no decoder for it */
		inspect(join(&a, early, packed), &a, &found);
		/* Of the others Linux takes some kinds alone, which initrd/verify asks. */
		if (strcmp(packers[i].label, "gzip") == 0)
			assert_null(found.damage);
		assert_null(found.unlisted);
		assert_int_equal(found.archive_count, 2);
		assert_string_equal(found.archives[0].packing, "cpio");
		assert_int_equal(found.archives[0].packed, early.n);
		assert_string_equal(found.archives[1].packing, packers[i].codec);
		assert_int_equal(found.archives[1].at, early.n);
		assert_int_equal(found.archives[1].unpacked, cpio.n);
		assert_int_equal(found.archives[1].members, 4);
		assert_int_equal(found.members, 4 + found.archives[0].members);
		assert_int_equal(found.unpacked, cpio.n + early.n);
		assert_string_equal(found.releases[0], "6.12.1");
		assert_string_equal(found.releases[1], "6.1.0");
		assert_null(found.releases[2]);
		assert_string_equal(found.microcode[0], "AuthenticAMD.bin");
		assert_true(found.has_init);
	}
	arena_free(&a);
}

/* Plain archives end at their trailers, and what follows is another one. */
static void plain_archives_are_told_apart(void **state)
{
	struct arena a = { 0 };
	struct inspect_initrd found;

	(void)state;
	inspect(join(&a, sample(&a), sample(&a)), &a, &found);
	assert_int_equal(found.archive_count, 2);
	assert_int_equal(found.archives[1].at, sample(&a).n);
	assert_int_equal(found.members, 8);
	arena_free(&a);
}

/* It is whole between two members alone, and then it lacks a trailer. */
static void cut_at_every_byte(void **state)
{
	struct arena a = { 0 };
	struct view whole = sample(&a);
	struct view packed = pack_with("gzip", &a, whole);

	(void)state;
	for (size_t n = sizeof "070701"; n < whole.n; n++) {
		struct inspect_initrd found;

		inspect(view_first(whole, n), &a, &found);
		assert_true(found.damage || found.lacks_trailer || found.members == 4);
		assert_in_range(found.members, 0, 4);
	}
	for (size_t n = 2; n < packed.n; n++) {
		struct inspect_initrd found;

		inspect(view_first(packed, n), &a, &found);
		assert_non_null(found.unlisted);
	}
	arena_free(&a);
}

/* More than there is room for: they count all the same. */
static void many_archives_and_names(void **state)
{
	struct arena a = { 0 };
	struct view all = { 0 };
	struct inspect_initrd found;

	(void)state;
	for (int i = 0; i < INSPECT_ARCHIVES_MAX + 3; i++)
		all = join(
			&a, all, cpio_archive(&a, arena_printf(&a, "lib/modules/6.%d/x", i), "x"));
	inspect(all, &a, &found);
	assert_int_equal(found.archive_count, INSPECT_ARCHIVES_MAX);
	assert_int_equal(found.unpacked, all.n);
	assert_non_null(found.releases[INSPECT_RELEASES_MAX - 1]);
	assert_null(found.releases[INSPECT_RELEASES_MAX]);
	arena_free(&a);
}

/* [data][size][checksum]["#BOOTCONFIG\n"]: no archive, and nothing that could not be listed. */
static void what_is_for_the_kernel_itself(void **state)
{
	char words[] = "kernel.a = 1\n\0\0\0"
		       "\x10\0\0\0"
		       "\xc8\x03\0\0"
		       "#BOOTCONFIG\n";
	struct view config = { (const uint8_t *)words, sizeof words - 1 };
	struct arena a = { 0 };
	struct inspect_initrd found;

	(void)state;
	inspect(join(&a, sample(&a), config), &a, &found);
	assert_null(found.damage);
	assert_null(found.unlisted);
	assert_int_equal(found.archive_count, 1);
	assert_true(found.has_boot_config && found.boot_config_is_whole);
	assert_int_equal(found.boot_config_size, 16);
	words[0] ^= 1;
	inspect(join(&a, sample(&a), config), &a, &found);
	assert_true(found.has_boot_config && !found.boot_config_is_whole);
	inspect(sample(&a), &a, &found);
	assert_false(found.has_boot_config);
	arena_free(&a);
}

static void a_ram_disk_by_its_file_system(void **state)
{
	struct arena a = { 0 };
	uint8_t *disk = arena_alloc(&a, 8192);
	struct view plain = { disk, 8192 };
	struct inspect_initrd found;

	(void)state;
	assert_non_null(disk);
	memcpy(disk + 1080, "\x53\xef", 2);
	inspect(plain, &a, &found);
	assert_string_equal(found.ram_disk, "ext2");
	assert_non_null(found.unlisted);
	assert_int_equal(found.archive_count, 0);
	assert_int_equal(inspect_kind_of(plain), INSPECT_INITRD);
	for (size_t i = 0; i < PACKER_COUNT; i++) {
		struct view packed = packers[i].pack(&a, plain);

		assert_int_equal(inspect_kind_of(packed), INSPECT_INITRD);
		inspect(packed, &a, &found);
		assert_string_equal(found.ram_disk, "ext2");
	}
	inspect(sample(&a), &a, &found);
	assert_null(found.ram_disk);
	arena_free(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(archives_are_told_one_by_one),
		CASE(plain_archives_are_told_apart),
		CASE(cut_at_every_byte),
		CASE(many_archives_and_names),
		CASE(what_is_for_the_kernel_itself),
		CASE(a_ram_disk_by_its_file_system),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
