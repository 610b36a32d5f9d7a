/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Initrds as distributions build them: which archives are found, where they begin and end. */
#include "codec/pack.h"

#include "initrd/cpio.h"
#include "initrd/initrd.h"

static const char microcode_name[] = "kernel/x86/microcode/GenuineIntel.bin";

static struct view compressed_cpio(struct arena *a, const struct packer *packer)
{
	return packer->pack(a, cpio_archive(a, "init", "#!/bin/sh\nexec /bin/sh\n"));
}

/* Linux reads all of them but the frames of lz4 (lib/decompress.c). */
static bool linux_unpacks(const struct packer *packer)
{
	return strcmp(packer->codec, "lz4") != 0;
}

static void assert_archive(const struct initrd_archive *archive, enum initrd_archive_kind kind,
	uint64_t offset, uint64_t size)
{
	assert_int_equal(archive->kind, kind);
	assert_int_equal(archive->offset, offset);
	assert_int_equal(archive->size, size);
	assert_int_equal(archive->codec != NULL, kind == INITRD_COMPRESSED);
	if (kind != INITRD_CPIO)
		assert_false(archive->microcode);
}

static void plain_cpio(void **state)
{
	struct arena a = { 0 };
	struct view cpio = cpio_archive(&a, "etc/passwd", "root");
	struct view padded = join(&a, cpio, cpio_zeros(&a, 512 - cpio.n % 512));
	struct initrd initrd = initrd_parse(padded);

	(void)state;
	assert_int_equal(initrd.count, 1);
	assert_archive(&initrd.archives[0], INITRD_CPIO, 0, cpio.n);
	assert_false(initrd.archives[0].microcode);
	assert_true(initrd.is_initramfs);
	assert_ptr_equal(initrd.bytes.p, padded.p);
	assert_int_equal(initrd.bytes.n, padded.n);
	arena_free(&a);
}

/* newc with checksums, digits in capitals, zeros between members, and none of a trailer. */
static void variants_of_cpio(void **state)
{
	struct arena a = { 0 };
	struct view text = view_of_string("0123456789");
	struct cpio_member with_sums = { .name = "a", .data = text, .magic = "070702" };
	struct cpio_member capitals = { .name = "b", .data = text, .filesize = "0000000A" };
	struct view one = cpio_pack(&a, &with_sums), other = cpio_pack(&a, &capitals);
	struct view all = join(&a, join(&a, one, cpio_zeros(&a, 36)), other);
	struct initrd initrd = initrd_parse(all);

	(void)state;
	assert_int_equal(initrd.count, 1);
	assert_archive(&initrd.archives[0], INITRD_CPIO, 0, all.n);
	assert_true(initrd.is_initramfs);
	arena_free(&a);
}

static void every_compression(void **state)
{
	(void)state;
	for (size_t i = 0; i < PACKER_COUNT; i++) {
		struct arena a = { 0 };
		struct view packed = compressed_cpio(&a, &packers[i]);
		struct initrd initrd = initrd_parse(packed);

		assert_int_equal(initrd.count, 1);
		assert_archive(&initrd.archives[0], INITRD_COMPRESSED, 0, packed.n);
		assert_string_equal(initrd.archives[0].codec->name, packers[i].codec);
		assert_int_equal(initrd.is_initramfs, linux_unpacks(&packers[i]));
		arena_free(&a);
	}
}

/* Debian and dracut put the microcode in front, dracut pads it to 512 bytes. */
static void microcode_before_a_compressed_archive(void **state)
{
	static const size_t paddings[] = { 0, 4, 8, 508 };

	(void)state;
	for (size_t i = 0; i < PACKER_COUNT; i++)
		for (size_t k = 0; k < sizeof paddings / sizeof paddings[0]; k++) {
			struct arena a = { 0 };
			struct view early = cpio_archive(&a, microcode_name, "microcode");
			struct view packed = compressed_cpio(&a, &packers[i]);
			struct view gap = cpio_zeros(&a, paddings[k]);
			struct initrd initrd = initrd_parse(join(&a, join(&a, early, gap), packed));

			assert_int_equal(initrd.count, 2);
			assert_archive(&initrd.archives[0], INITRD_CPIO, 0, early.n);
			assert_true(initrd.archives[0].microcode);
			assert_archive(
				&initrd.archives[1], INITRD_COMPRESSED, early.n + gap.n, packed.n);
			assert_string_equal(initrd.archives[1].codec->name, packers[i].codec);
			assert_true(initrd.is_initramfs);
			arena_free(&a);
		}
}

/* As a boot loader or `cat` makes them; the compressed one ends where cpio begins. */
static void several_archives_with_padding(void **state)
{
	(void)state;
	for (size_t i = 0; i < PACKER_COUNT; i++) {
		struct arena a = { 0 };
		struct view first = cpio_archive(&a, microcode_name, "m");
		struct view packed = compressed_cpio(&a, &packers[i]);
		struct view last = cpio_archive(&a, "etc/late", "l");
		struct view gap = cpio_zeros(&a, 8 - packed.n % 4);
		struct view all = join(&a, join(&a, first, cpio_zeros(&a, 16)), packed);
		struct initrd initrd;

		all = join(&a, join(&a, all, gap), join(&a, last, cpio_zeros(&a, 100)));
		initrd = initrd_parse(all);
		assert_int_equal(initrd.count, 3);
		assert_archive(&initrd.archives[0], INITRD_CPIO, 0, first.n);
		assert_true(initrd.archives[0].microcode);
		assert_archive(
			&initrd.archives[1], INITRD_COMPRESSED, first.n + 16, packed.n + gap.n);
		assert_archive(
			&initrd.archives[2], INITRD_CPIO, first.n + 16 + packed.n + gap.n, last.n);
		assert_false(initrd.archives[2].microcode);
		arena_free(&a);
	}
}

/* Cpio off the multiple of four is none for Linux, neither in front nor behind. */
static void cpio_that_is_not_aligned(void **state)
{
	struct arena a = { 0 };
	struct view cpio = cpio_archive(&a, "init", "x");

	(void)state;
	for (size_t shift = 1; shift < 4; shift++) {
		struct view packed = pack_with("gzip", &a, cpio);
		struct view gap = cpio_zeros(&a, 4 - packed.n % 4 + shift);
		struct view shifted = join(&a, cpio_zeros(&a, shift), cpio);
		struct view behind = join(&a, packed, join(&a, gap, cpio));
		struct initrd initrd = initrd_parse(shifted);

		assert_int_equal(initrd.count, 1);
		assert_archive(&initrd.archives[0], INITRD_UNKNOWN, shift, cpio.n);
		assert_false(initrd.is_initramfs);
		initrd = initrd_parse(behind);
		assert_int_equal(initrd.count, 1);
		assert_archive(&initrd.archives[0], INITRD_COMPRESSED, 0, behind.n);
	}
	arena_free(&a);
}

/* Stored blocks show the packed cpio as it is, and here at a multiple of four. */
static void cpio_inside_stored_data(void **state)
{
	enum { STORED_AT = 15 }; /* RFC 1952: header of 10; RFC 1951: 5 of the block */
	struct arena a = { 0 };
	struct view cpio = cpio_archive(&a, "init", "x");
	struct view shifted = join(&a, cpio_zeros(&a, 1), cpio);
	struct view packed = pack_with("gzip -0", &a, shifted);
	struct initrd initrd = initrd_parse(packed);

	(void)state;
	assert_true(view_has_at(packed, STORED_AT + 1, "070701"));
	assert_int_equal(initrd.count, 1);
	assert_archive(&initrd.archives[0], INITRD_COMPRESSED, 0, packed.n);
	arena_free(&a);
}

/* Wherever in the blocks of a search it lies, and whatever like it comes before. */
static void cpio_behind_any_number_of_bytes(void **state)
{
	struct arena a = { 0 };
	struct view cpio = cpio_archive(&a, "init", "x");
	uint8_t bytes[300] = "\x1f\x8b\x08";

	(void)state;
	for (size_t i = 10; i < sizeof bytes; i++)
		bytes[i] = (uint8_t)(i % 7 + 1);
	for (size_t n = 12; n <= sizeof bytes; n++) {
		struct view packed = { bytes, n };
		struct initrd initrd = initrd_parse(join(&a, packed, cpio));

		assert_int_equal(initrd.count, n % 4 == 0 ? 2 : 1);
		assert_archive(
			&initrd.archives[0], INITRD_COMPRESSED, 0, n % 4 == 0 ? n : n + cpio.n);
		initrd = initrd_parse(join(&a, packed, view_first(cpio, 60)));
		assert_int_equal(initrd.count, 1);
	}
	memcpy(bytes + 20, "0707x070707070107070", 20);
	assert_int_equal(initrd_parse(join(&a, (struct view){ bytes, 40 }, cpio)).count, 2);
	arena_free(&a);
}

static void bytes_that_are_no_archive(void **state)
{
	static const char no_digits[] = "070701 and then no digits at all, though there are more "
					"bytes than the one hundred and ten of a header of newc";
	static const char *const texts[] = {
		"a letter",
		"07070",
		"070707 is the old format of cpio, which Linux does not take as an initramfs",
		no_digits,
	};

	(void)state;
	assert_in_range(strlen(no_digits), 110, 200);
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
		struct initrd initrd = initrd_parse(view_of_string(texts[i]));

		assert_int_equal(initrd.count, 1);
		assert_archive(&initrd.archives[0], INITRD_UNKNOWN, 0, strlen(texts[i]));
		assert_false(initrd.is_initramfs);
	}
}

/* lzo has no codec here, but Linux knows it: the file must not be called a stranger. */
static void lzo_is_an_initramfs(void **state)
{
	struct initrd initrd = initrd_parse(view_of_string("\x89LZO\r\n\x1a\n and so on"));

	(void)state;
	assert_int_equal(initrd.count, 1);
	assert_int_equal(initrd.archives[0].kind, INITRD_UNKNOWN);
	assert_true(initrd.is_initramfs);
}

/* What Linux still unpacks before it stops at bytes that it does not know. */
static void unknown_bytes_behind_an_archive(void **state)
{
	struct arena a = { 0 };
	struct view cpio = cpio_archive(&a, "init", "x");
	struct view all = join(&a, join(&a, cpio, cpio_zeros(&a, 5)), view_of_string("what?"));
	struct initrd initrd = initrd_parse(all);

	(void)state;
	assert_int_equal(initrd.count, 2);
	assert_archive(&initrd.archives[0], INITRD_CPIO, 0, cpio.n);
	assert_archive(&initrd.archives[1], INITRD_UNKNOWN, cpio.n + 5, 5);
	assert_true(initrd.is_initramfs);
	arena_free(&a);
}

static void empty_files(void **state)
{
	struct arena a = { 0 };
	struct initrd nothing = initrd_parse((struct view){ 0 });
	struct initrd zeros = initrd_parse(cpio_zeros(&a, 4097));

	(void)state;
	assert_int_equal(nothing.count, 0);
	assert_false(nothing.is_initramfs);
	assert_int_equal(zeros.count, 0);
	assert_false(zeros.is_initramfs);
	arena_free(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(plain_cpio),
		CASE(variants_of_cpio),
		CASE(every_compression),
		CASE(microcode_before_a_compressed_archive),
		CASE(several_archives_with_padding),
		CASE(cpio_that_is_not_aligned),
		CASE(cpio_inside_stored_data),
		CASE(cpio_behind_any_number_of_bytes),
		CASE(bytes_that_are_no_archive),
		CASE(lzo_is_an_initramfs),
		CASE(unknown_bytes_behind_an_archive),
		CASE(empty_files),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
