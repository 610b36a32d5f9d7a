/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Initrds that Linux unpacks, and others: each rule of init/initramfs.c has a case. */
#include "test.h"

#include <stdio.h>
#include <stdlib.h>

#include "codec/pack.h"
#include "initrd/boot-config.h"
#include "initrd/cpio.h"
#include "initrd/ram-disk.h"
#include "initrd/verify.h"

/* What Linux can be given; it knows the legacy frames of lz4 only, and crc32 of xz. */
static const struct {
	const char *label;
	enum initrd_packing packing;
	bool by_headers; /* its end is told by headers */
} formats[] = {
	{ "gzip", PACKING_GZIP, false },
	{ "gzip -0", PACKING_GZIP, false },
	{ "xz of kernels", PACKING_XZ, true },
	{ "lzma", PACKING_LZMA, false },
	{ "lzma sized", PACKING_LZMA, false },
	{ "zstd", PACKING_ZSTD, true },
	{ "zstd sized", PACKING_ZSTD, true },
	{ "lz4 -l", PACKING_LZ4, true },
	{ "bzip2", PACKING_BZIP2, false },
};

enum { FORMATS = sizeof formats / sizeof *formats };

/* A copy that ends where its memory ends. */
static bool verify(
	struct view file, enum initrd_depth depth, struct initrd_verdict *ret, struct error *err)
{
	uint8_t *copy = malloc(file.n + (file.n == 0));
	const struct initrd_verify_request wanted = { { copy, file.n }, depth, true };
	bool done;

	if (file.n)
		memcpy(copy, file.p, file.n);
	*err = (struct error){ 0 };
	done = initrd_verify(&wanted, ret, err);
	if (!done) {
		assert_true(
			err->fault == FAULT_INITRD_DAMAGED || err->fault == FAULT_INITRD_PACKING);
		assert_int_not_equal(err->reason[0], 0);
	}
	free(copy);
	return done;
}

static struct initrd_verdict assert_whole(struct view file)
{
	struct initrd_verdict verdict;
	struct error err;

	if (!verify(file, DEPTH_ALL, &verdict, &err))
		fail_msg("%s", err.reason);
	assert_false(verdict.needs_unpacking);
	return verdict;
}

static void assert_damaged(struct view file, const char *reason)
{
	struct initrd_verdict verdict;
	struct error err;

	assert_false(verify(file, DEPTH_ALL, &verdict, &err));
	assert_reason(err, reason);
}

static struct view early(struct arena *a)
{
	return cpio_archive(a, "kernel/x86/microcode/GenuineIntel.bin", "microcode");
}

static struct view some_cpio(struct arena *a)
{
	const struct cpio_member init = { .name = "init", .data = make_plain(a, 3001) };

	return join(a, cpio_pack(a, &init), cpio_trailer(a));
}

static void each_format_is_walked_to_its_end(void **state)
{
	struct arena a = { 0 };

	(void)state;
	for (size_t i = 0; i < FORMATS; i++) {
		struct view packed = pack_with(formats[i].label, &a, some_cpio(&a));
		struct view files[] = { packed, join(&a, early(&a), packed),
			join(&a, packed, cpio_zeros(&a, 509)),
			join(&a, join(&a, early(&a), cpio_zeros(&a, 512)), packed) };

		for (size_t k = 0; k < sizeof files / sizeof *files; k++) {
			struct initrd_verdict verdict = assert_whole(files[k]);
			struct error err;

			assert_true(verdict.has_archives && !verdict.lacks_trailer);
			for (unsigned p = 0; p < PACKINGS; p++)
				assert_int_equal(verdict.packed[p], p == formats[i].packing);
			assert_true(verify(files[k], DEPTH_HEADERS, &verdict, &err));
			assert_int_equal(verdict.needs_unpacking, !formats[i].by_headers);
			assert_true(verdict.packed[formats[i].packing]);
		}
	}
	arena_free(&a);
}

/* Behind microcode, so that two bytes are not missing to tell what it is. */
static void cut_at_every_byte(void **state)
{
	struct arena a = { 0 };
	struct view first = early(&a);

	(void)state;
	for (size_t i = 0; i < FORMATS; i++) {
		struct view file = join(&a, first, pack_with(formats[i].label, &a, some_cpio(&a)));

		for (size_t n = first.n + 1; n < file.n; n++) {
			struct initrd_verdict verdict;
			struct error err;

			if (verify(view_first(file, n), DEPTH_ALL, &verdict, &err))
				fail_msg("%s cut at %zu of %zu", formats[i].label, n, file.n);
			if (!formats[i].by_headers && n > first.n + 1)
				assert_true(verify(view_first(file, n), DEPTH_HEADERS, &verdict,
						    &err) &&
					verdict.needs_unpacking);
		}
	}
	arena_free(&a);
}

/* A member ends with its data; an archive that ends between members is noticed, not refused. */
static void plain_cpio_cut_at_every_byte(void **state)
{
	struct arena a = { 0 };
	const struct cpio_member member = { .name = "bin/sh", .data = view_of_string("12345") };
	struct view one = cpio_pack(&a, &member), file = join(&a, one, cpio_trailer(&a));
	size_t whole = one.n - 3, trailer = one.n + 110 + 11;

	(void)state;
	for (size_t n = 1; n <= file.n; n++) {
		struct initrd_verdict verdict;
		struct error err;
		bool is_whole = (n >= whole && n <= one.n) || n >= trailer;

		/* What is no more than "0" or "0707" is not known for an archive. */
		if (n < 5) {
			assert_true(verify(view_first(file, n), DEPTH_ALL, &verdict, &err));
			assert_false(verdict.has_archives);
			continue;
		}
		assert_int_equal(verify(view_first(file, n), DEPTH_ALL, &verdict, &err), is_whole);
		if (is_whole)
			assert_int_equal(verdict.lacks_trailer, n <= one.n);
		else
			assert_reason(err, "cut");
	}
	arena_free(&a);
}

static void what_linux_takes_is_taken(void **state)
{
	struct arena a = { 0 };
	struct view cpio = some_cpio(&a), zstd = pack_with("zstd", &a, cpio);
	struct view odd = join(&a, zstd, cpio_zeros(&a, zstd.n % 4 == 1 ? 2 : 1));
	const struct cpio_member long_name = {
		.name = "x", .data = view_of_string("abcd"), .namesize = "00000000"
	};

	(void)state;
	/* Zeros in front, between and behind; archives one after another. */
	assert_whole(join(&a, cpio_zeros(&a, 4096), cpio));
	assert_whole(join(&a, join(&a, cpio, cpio_zeros(&a, 4)), cpio));
	assert_whole(join(&a, cpio, zstd));
	/* Packed ones may begin anywhere, behind packed ones. */
	assert_whole(join(&a, odd, zstd));
	assert_whole(join(&a, join(&a, zstd, pack_with("gzip", &a, cpio)),
		pack_with("xz of kernels", &a, cpio)));
	/* An archive without a trailer, and nothing but a trailer. */
	assert_true(
		assert_whole(cpio_pack(&a, &(struct cpio_member){ .name = "init" })).lacks_trailer);
	assert_false(assert_whole(cpio_trailer(&a)).lacks_trailer);
	/* A name without length is passed over with its data. */
	assert_whole(join(&a, join(&a, cpio_pack(&a, &long_name), cpio_zeros(&a, 0)), cpio));
	assert_whole((struct view){ (const uint8_t *)"", 0 });
	arena_free(&a);
}

/* [data][size][checksum]["#BOOTCONFIG\n"], filled up to a multiple of four. */
static void a_boot_configuration_may_follow(void **state)
{
	struct arena a = { 0 };
	static const char words[] = "kernel.a = 1\n\0\0\0"
				    "\x10\0\0\0"
				    "\x12\x34\x56\x78"
				    "#BOOTCONFIG\n";
	struct view config = { (const uint8_t *)words, sizeof words - 1 };
	struct view file = join(&a, pack_with("zstd", &a, some_cpio(&a)), config);
	struct initrd_verify_request not_last = { file, DEPTH_ALL, false };
	struct initrd_verdict verdict;
	struct error err = { 0 };

	(void)state;
	for (size_t fill = 0; fill < 4; fill++)
		assert_whole(join(&a, file, cpio_zeros(&a, fill)));
	assert_damaged(join(&a, file, cpio_zeros(&a, 4)), "no archive");
	assert_damaged(view_first(file, file.n - 1), "no archive");
	assert_false(initrd_verify(&not_last, &verdict, &err));
	arena_free(&a);
}

static void a_boot_configuration_is_found(void **state)
{
	static const char words[] = "kernel.a = 1\n\0\0\0"
				    "\x10\0\0\0"
				    "\xc8\x03\0\0"
				    "#BOOTCONFIG\n";
	struct arena a = { 0 };
	struct view cpio = some_cpio(&a);
	struct view file =
		join(&a, cpio, (struct view){ (const uint8_t *)words, sizeof words - 1 });
	struct initrd_boot_config found;

	(void)state;
	assert_true(initrd_boot_config_find(file, &found));
	assert_true(found.is_whole);
	assert_int_equal(found.text.n, 16);
	assert_true(view_has_at(found.text, 0, "kernel.a = 1\n"));
	assert_true(view_equal(initrd_without_boot_config(file), cpio));
	assert_true(view_equal(initrd_without_boot_config(cpio), cpio));
	for (size_t n = 0; n < file.n; n++)
		assert_false(initrd_boot_config_find(view_first(file, n), &found));
	/* A size that reaches to before the file. */
	assert_false(initrd_boot_config_find(view_from(file, cpio.n + 1), &found));
	arena_free(&a);
}

static void what_linux_does_not_take_is_refused(void **state)
{
	struct arena a = { 0 };
	struct view cpio = some_cpio(&a), zstd = pack_with("zstd", &a, cpio);
	struct view junk = view_of_string("junk"), byte = view_of_string("j");
	struct view unaligned = join(&a, zstd, cpio_zeros(&a, (5 - zstd.n % 4) % 4));
	const struct cpio_member bad = { .name = "a", .filesize = "0000000g" };
	const struct cpio_member old = { .name = "a", .magic = "070707" };
	const struct cpio_member lies = { .name = "a", .filesize = "000000ff" };
	struct view odd = cpio_pack(&a, &(struct cpio_member){ .name = "abcd" });

	(void)state;
	assert_int_equal(unaligned.n % 4, 1);
	assert_damaged(join(&a, zstd, junk), "begins what is no archive");
	assert_damaged(join(&a, join(&a, cpio, cpio_zeros(&a, 512)), byte), "no archive");
	assert_damaged(join(&a, unaligned, cpio), "no multiple of 4");
	assert_damaged(join(&a, join(&a, cpio, cpio_zeros(&a, 1)), cpio), "no multiple of 4");
	assert_damaged(join(&a, join(&a, cpio, cpio_zeros(&a, 2)), zstd), "no multiple of 4");
	assert_damaged(join(&a, cpio, cpio_pack(&a, &bad)), "no header");
	assert_damaged(cpio_pack(&a, &old), "newc");
	assert_damaged(join(&a, cpio, cpio_pack(&a, &lies)), "begins the member a,");
	assert_damaged(join(&a, early(&a), pack_with("lz4", &a, cpio)), "lz4 -l");
	assert_damaged(pack_with("lz4", &a, cpio), "lz4 -l");
	assert_damaged(pack_with("xz", &a, cpio), "--check=crc32");
	assert_damaged(cpio_zeros(&a, 4096), "nothing but zeros");
	/* Bytes are counted from the beginning of the file. */
	assert_damaged(join(&a, early(&a), view_first(pack_with("gzip", &a, cpio), 100)),
		arena_printf(&a, "its archive at byte %zu: gzip data ends early", early(&a).n));
	assert_damaged(join(&a, odd, view_first(zstd, zstd.n - 1)),
		arena_printf(&a, "at byte %zu of %zu", odd.n + zstd.n - 1, odd.n + zstd.n - 1));
	arena_free(&a);
}

/* These are for /dev/ram0, or for a kernel that is not Linux. */
static void what_is_no_initramfs_is_no_damage(void **state)
{
	struct arena a = { 0 };
	static const struct {
		size_t at;
		const char *magic;
		size_t n;
		const char *name;
	} disks[] = {
		{ 1080, "\x53\xef", 2, "ext2" },
		{ 1040, "\x7f\x13", 2, "Minix file system" },
		{ 0, "-rom1fs-", 8, "romfs" },
		{ 0, "hsqs", 4, "SquashFS" },
		{ 0, "\x45\x3d\xcd\x28", 4, "cramfs" },
		{ 512, "\x45\x3d\xcd\x28", 4, "cramfs" }, /* behind a boot block */
		{ 0, "MZ or anything", 14, NULL },
		{ 0, "-rom, or so", 11, NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof disks / sizeof *disks; i++) {
		uint8_t *disk = arena_alloc(&a, 8192);

		/* The first bytes of ext2 that are not zero may look like gzip. */
		memcpy(disk + 1024 - 24, "\x1f\x8b\x08", 3);
		memcpy(disk + disks[i].at, disks[i].magic, disks[i].n);
		if (!disks[i].name)
			memset(disk + 1000, 0, 24);
		assert_false(assert_whole((struct view){ disk, 8192 }).has_archives);
		if (disks[i].name)
			assert_string_equal(
				initrd_ram_disk((struct view){ disk, 8192 }), disks[i].name);
		else
			assert_null(initrd_ram_disk((struct view){ disk, 8192 }));
		for (size_t n = 0; n < disks[i].at + disks[i].n; n++)
			assert_null(initrd_ram_disk((struct view){ disk, n }));
	}
	arena_free(&a);
}

/* Whatever one byte is changed to, what headers say is walked without harm, and nothing else. */
static void each_byte_replaced(void **state)
{
	struct arena a = { 0 };

	(void)state;
	for (size_t i = 0; i < FORMATS; i++) {
		struct view file =
			join(&a, early(&a), pack_with(formats[i].label, &a, some_cpio(&a)));
		uint8_t *copy = arena_alloc(&a, file.n);

		memcpy(copy, file.p, file.n);
		for (size_t at = 0; at < file.n; at++) {
			static const uint8_t values[] = { 0x00, 0xff, 0x80, '0' };

			for (size_t v = 0; v < sizeof values; v++) {
				struct initrd_verdict verdict;
				struct error err;

				copy[at] = values[v];
				(void)!verify((struct view){ copy, file.n }, DEPTH_HEADERS,
					&verdict, &err);
			}
			copy[at] = file.p[at];
		}
	}
	arena_free(&a);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		CASE(each_format_is_walked_to_its_end),
		CASE(cut_at_every_byte),
		CASE(plain_cpio_cut_at_every_byte),
		CASE(what_linux_takes_is_taken),
		CASE(a_boot_configuration_may_follow),
		CASE(a_boot_configuration_is_found),
		CASE(what_linux_does_not_take_is_refused),
		CASE(what_is_no_initramfs_is_no_damage),
		CASE(each_byte_replaced),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
