/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* uImages: each compression, what is named of the kernel in them, what is refused by its name, damage. */
#include "codec/pack.h"

#include "image/cut-file.h"
#include "image/elf-file.h"
#include "image/image.h"
#include "image/raw-file.h"
#include "image/uimage-file.h"
#include "image/uimage.h"
#include "image/zimage-file.h"

enum { MACHINE_ARM64 = 183, MACHINE_PPC64 = 21 };

static const struct {
	uint8_t number;
	const char *packer, *name;
} compressions[] = {
	{ 1, "gzip", "gzip" },
	{ 2, "bzip2", "bzip2" },
	{ 3, "lzma", "lzma" },
	{ 5, "lz4", "lz4" },
	{ 6, "zstd", "zstd" },
};

static void parse(struct arena *a, struct block file, struct image *ret)
{
	struct error err = { 0 };

	if (!image_parse(uif_view(file), a, ret, &err))
		fail_msg("%s", err.reason);
	assert_int_equal(ret->format, IMAGE_UIMAGE);
	assert_true(image_has_type(ret, "uImage"));
	assert_false(image_has_type(ret, "zImage"));
}

static void each_compression(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof compressions / sizeof *compressions; i++) {
		struct arena a = { 0 };
		struct view plain = zif_view(zif_make(&a, 0));
		struct view packed = pack_with(compressions[i].packer, &a, plain);
		struct buffer_sink sink = buffer_sink_make(arena_alloc(&a, plain.n), plain.n);
		struct error err = { 0 };
		struct image image;

		parse(&a, uif_make(&a, UIF_ARM, compressions[i].number, packed), &image);
		assert_string_equal(image.uimage.payload.compression, compressions[i].name);
		assert_string_equal(image.name,
			arena_printf(
				&a, "U-Boot uImage, %s, of an ARM zImage", compressions[i].name));
		assert_int_equal(image.arch, ARCH_ARM);
		assert_true(payload_unpack(&image.uimage.payload, &sink.sink, &err));
		assert_true(view_equal((struct view){ sink.p, (size_t)sink.sink.taken }, plain));
		arena_free(&a);
	}
}

static struct view elf(struct arena *a, uint64_t machine)
{
	struct block file = ef_make(a, true);

	ef_set(&file, "machine", machine);
	return ef_view(file);
}

static void each_kernel(void **state)
{
	struct arena a = { 0 };
	const struct {
		uint8_t cpu;
		struct view kernel;
		enum cpu_arch arch;
		const char *name;
	} rows[] = {
		{ UIF_ARM, zif_view(zif_make(&a, 0)), ARCH_ARM, "U-Boot uImage of an ARM zImage" },
		{ UIF_ARM64, rf_view(rf_make(&a, &rf_kernels[RF_ARM64], false)), ARCH_ARM64,
			"U-Boot uImage of an arm64 Image" },
		{ UIF_RISCV, rf_view(rf_make(&a, &rf_kernels[RF_RISCV], false)), ARCH_RISCV64,
			"U-Boot uImage of a riscv64 Image" },
		{ UIF_ARM64, elf(&a, MACHINE_ARM64), ARCH_ARM64,
			"U-Boot uImage of an arm64 ELF kernel" },
		{ UIF_POWERPC, elf(&a, MACHINE_PPC64), ARCH_PPC64LE,
			"U-Boot uImage of a ppc64el ELF kernel" },
		{ UIF_X86, ef_view(ef_make(&a, true)), ARCH_X86_64,
			"U-Boot uImage of a 64-bit ELF kernel" },
		/* What is told of it is what the header tells. */
		{ UIF_ARM, view_of_string("a short letter"), ARCH_ARM, "U-Boot uImage for ARM" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct image image;

		parse(&a, uif_make(&a, rows[i].cpu, 0, rows[i].kernel), &image);
		assert_string_equal(image.name, rows[i].name);
		assert_int_equal(image.arch, rows[i].arch);
		assert_null(image.uimage.payload.compression);
		assert_true(view_equal(image.uimage.payload.bytes, rows[i].kernel));
	}
	arena_free(&a);
}

static void what_is_not_unpacked_here(void **state)
{
	struct arena a = { 0 };
	struct buffer_sink sink = buffer_sink_make(arena_alloc(&a, 100), 100);
	struct error err = { 0 };
	struct image image;

	(void)state;
	parse(&a, uif_make(&a, UIF_ARM, 4, view_of_string("\x89LZO data")), &image);
	assert_string_equal(image.name, "U-Boot uImage, lzo, for ARM");
	assert_false(payload_unpack(&image.uimage.payload, &sink.sink, &err));
	assert_int_equal(err.fault, FAULT_IMAGE_UNKNOWN);
	assert_reason(err, "compressed by lzo");
	arena_free(&a);
}

/* A file may be longer than what its header tells of, as one that was read from a partition. */
static void what_is_behind_it_is_left(void **state)
{
	struct arena a = { 0 };
	struct view kernel = zif_view(zif_make(&a, 0));
	struct block file = uif_make(&a, UIF_ARM, 0, kernel);
	struct image image;

	(void)state;
	uif_put(&file, UIF_SIZE, (uint32_t)kernel.n - 1);
	uif_put(&file, UIF_PAYLOAD_SUM, crc32_of(view_first(kernel, kernel.n - 1)));
	uif_sum(&file);
	parse(&a, file, &image);
	assert_int_equal(image.uimage.payload.bytes.n, kernel.n - 1);
	arena_free(&a);
}

/* clang-format off */
static const struct {
	uint32_t at;
	uint8_t bad;
	enum fault fault;
	const char *reason; /* NULL: it is taken */
} rows[] = {
	{ 8, 0xff, FAULT_NONE, NULL }, /* when it was made */
	{ 16, 0xff, FAULT_NONE, NULL }, /* where it is to lie */
	{ 20, 0xff, FAULT_NONE, NULL },
	{ UIF_SIZE, 0xff, FAULT_IMAGE_TRUNCATED, "its payload of 4278194176 bytes reach past" },
	{ UIF_SIZE + 3, 1, FAULT_IMAGE_TRUNCATED, "the file has 4160 bytes" },
	{ UIF_SIZE + 2, 0, FAULT_IMAGE_CORRUPT, "its payload's checksum is wrong" },
	{ UIF_PAYLOAD_SUM, 1, FAULT_IMAGE_CORRUPT, "its payload's checksum is wrong" },
	{ UIF_SYSTEM, 0, FAULT_IMAGE_UNKNOWN, "it is not for Linux: its system has the number 0" },
	{ UIF_SYSTEM, 2, FAULT_IMAGE_UNKNOWN, "it is not for Linux: its system has the number 2" },
	{ UIF_CPU, 0, FAULT_IMAGE_UNKNOWN, "for a CPU of U-Boot's number 0, which is not known" },
	{ UIF_CPU, 5, FAULT_IMAGE_UNKNOWN, "it is for MIPS, which is not known here" },
	{ UIF_CPU, 27, FAULT_IMAGE_UNKNOWN, "for a CPU of U-Boot's number 27" },
	{ UIF_CPU, UIF_ARM64, FAULT_IMAGE_CORRUPT, "says that it is for ARM64, and in it is an ARM zImage" },
	{ UIF_TYPE, 0, FAULT_IMAGE_UNKNOWN, "what is in it is not known here: it is of type 0" },
	{ UIF_TYPE, 3, FAULT_IMAGE_UNKNOWN, "in it is an initrd" },
	{ UIF_TYPE, 4, FAULT_IMAGE_UNKNOWN, "in it is several files" },
	{ UIF_TYPE, 6, FAULT_IMAGE_UNKNOWN, "in it is a script for U-Boot" },
	{ UIF_TYPE, 14, FAULT_NONE, NULL }, /* a kernel that may lie anywhere */
	{ UIF_TYPE, 200, FAULT_IMAGE_UNKNOWN, "it is of type 200" },
	{ UIF_COMPRESSION, 1, FAULT_IMAGE_CORRUPT, "does not begin as gzip does" },
	{ UIF_COMPRESSION, 6, FAULT_IMAGE_CORRUPT, "does not begin as zstd does" },
	{ UIF_COMPRESSION, 7, FAULT_IMAGE_UNKNOWN, "packed by what has U-Boot's number 7" },
	{ UIF_NAME, 0x1b, FAULT_NONE, NULL },
};
/* clang-format on */

enum { INITRD_TYPE = 3 };

static struct block wrapped_initrd(struct arena *a, struct view initrd)
{
	struct block file = uif_make(a, UIF_ARM, 0, initrd);

	block_put_u8(&file, UIF_TYPE, INITRD_TYPE);
	uif_sum(&file);
	return file;
}

/* clang-format off */
static const struct {
	uint32_t at;
	uint8_t bad;
	enum fault fault;
	const char *reason; /* NULL: it is taken */
} initrd_rows[] = {
	{ 8, 0xff, FAULT_NONE, NULL },
	{ UIF_SIZE, 0xff, FAULT_IMAGE_TRUNCATED, "reach past" },
	{ UIF_SIZE + 3, 1, FAULT_IMAGE_CORRUPT, "its payload's checksum is wrong" },
	{ UIF_PAYLOAD_SUM, 1, FAULT_IMAGE_CORRUPT, "its payload's checksum is wrong" },
	{ UIF_SYSTEM, 2, FAULT_IMAGE_UNKNOWN, "it is not for Linux: its system has the number 2" },
	{ UIF_CPU, 5, FAULT_IMAGE_UNKNOWN, "it is for MIPS, which is not known here" },
	{ UIF_CPU, UIF_RISCV, FAULT_NONE, NULL },
	{ UIF_TYPE, 2, FAULT_IMAGE_UNKNOWN, "in it is a kernel" },
	{ UIF_TYPE, 14, FAULT_IMAGE_UNKNOWN, "in it is a kernel" },
	{ UIF_TYPE, 4, FAULT_IMAGE_UNKNOWN, "in it is several files" },
	{ UIF_TYPE, 200, FAULT_IMAGE_UNKNOWN, "it is of type 200" },
	/* What packs it is the kernel's to find out. */
	{ UIF_COMPRESSION, 1, FAULT_NONE, NULL },
	{ UIF_COMPRESSION, 200, FAULT_NONE, NULL },
};
/* clang-format on */

static void each_field_of_an_initrd(void **state)
{
	struct view initrd = view_of_string("an initrd, or what is taken for one");

	(void)state;
	for (size_t i = 0; i < sizeof initrd_rows / sizeof *initrd_rows; i++) {
		struct arena a = { 0 };
		struct block file = wrapped_initrd(&a, initrd);
		struct error err = { 0 };
		struct uimage uimage;
		bool ok;

		block_put_u8(&file, initrd_rows[i].at, initrd_rows[i].bad);
		assert_false(uimage_parse_initrd(uif_view(file), &uimage, &err));
		assert_reason(err, "its header's checksum is wrong");
		uif_sum(&file);
		ok = uimage_parse_initrd(uif_view(file), &uimage, &err);
		if (ok != (initrd_rows[i].fault == FAULT_NONE))
			fail_msg("row %d: %s", (int)i, err.reason);
		if (ok) {
			assert_true(view_equal(uimage.payload.bytes, initrd));
			assert_null(uimage.payload.compression);
		} else {
			assert_int_equal(err.fault, initrd_rows[i].fault);
			assert_reason(err, initrd_rows[i].reason);
		}
		arena_free(&a);
	}
}

static void an_initrd_cut_at_every_byte(void **state)
{
	struct arena a = { 0 };
	struct block file = wrapped_initrd(&a, view_of_string("an initrd"));

	(void)state;
	for (size_t n = 0; n < file.n; n++) {
		uint8_t *copy = malloc(n ? n : 1);
		struct error err = { 0 };
		struct uimage uimage;

		assert_non_null(copy);
		memcpy(copy, file.p, n);
		assert_false(uimage_parse_initrd((struct view){ copy, n }, &uimage, &err));
		assert_int_equal(err.fault, FAULT_IMAGE_TRUNCATED);
		free(copy);
	}
	arena_free(&a);
}

/* By which nothing goes, so that it is only told. */
static void what_its_header_says_beside(void **state)
{
	static const struct {
		uint8_t number;
		const char *name;
	} packings[] = { { 0, "none" }, { 1, "gzip" }, { 4, "lzo" }, { 6, "zstd" }, { 200, NULL } };
	static const char longest[] = "a name that fills all of its pla";
	struct arena a = { 0 };
	struct view initrd = view_of_string("an initrd");

	(void)state;
	assert_int_equal(sizeof longest - 1, UIF_HEADER - UIF_NAME);
	for (size_t i = 0; i < sizeof packings / sizeof *packings; i++) {
		struct block file = wrapped_initrd(&a, initrd);
		struct error err = { 0 };
		struct uimage uimage;

		block_put_u8(&file, UIF_COMPRESSION, packings[i].number);
		uif_put(&file, 8, 0xffffffff);
		uif_put(&file, 20, 0x80000001);
		block_put_bytes(&file, UIF_NAME, view_of_string(longest));
		uif_sum(&file);
		if (!uimage_parse_initrd(uif_view(file), &uimage, &err))
			fail_msg("%s", err.reason);
		if (packings[i].name)
			assert_string_equal(uimage.compression, packings[i].name);
		else
			assert_null(uimage.compression);
		assert_true(view_equal(uimage.name, view_of_string(longest)));
		assert_int_equal(uimage.made, 0xffffffff);
		assert_int_equal(uimage.load, 0x40008000);
		assert_int_equal(uimage.entry, 0x80000001);
	}
	arena_free(&a);
}

/* It is only asked, so that a damaged one is taken for what it was. */
static void which_of_them_has_an_initrd(void **state)
{
	struct arena a = { 0 };
	struct block file = wrapped_initrd(&a, view_of_string("an initrd"));

	(void)state;
	for (size_t n = 0; n <= file.n; n++)
		assert_int_equal(uimage_is_of_initrd(view_first(uif_view(file), n)), n > UIF_TYPE);
	block_put_u8(&file, UIF_TYPE, UIF_KERNEL);
	assert_false(uimage_is_of_initrd(uif_view(file)));
	assert_false(uimage_is_of_initrd(view_of_string("an initrd of a length that would do")));
	arena_free(&a);
}

/* With a header's checksum that is right, and with the one from before. */
static void each_field_damaged(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct arena a = { 0 };
		struct block file = uif_make(&a, UIF_ARM, 0, zif_view(zif_make(&a, 0)));
		struct error err = { 0 };
		struct image image;
		bool ok;

		block_put_u8(&file, rows[i].at, rows[i].bad);
		assert_false(image_parse(uif_view(file), &a, &image, &err));
		assert_int_equal(err.fault, FAULT_IMAGE_CORRUPT);
		assert_reason(err, "U-Boot uImage: its header's checksum is wrong");
		uif_sum(&file);
		ok = image_parse(uif_view(file), &a, &image, &err);
		if (ok != (rows[i].fault == FAULT_NONE))
			fail_msg("row %d: %s", (int)i, err.reason);
		if (!ok) {
			assert_int_equal(err.fault, rows[i].fault);
			assert_reason(err, rows[i].reason);
		}
		arena_free(&a);
	}
}

static void a_flipped_bit_of_the_kernel(void **state)
{
	struct arena a = { 0 };
	struct block file = uif_make(&a, UIF_ARM, 0, zif_view(zif_make(&a, 0)));

	(void)state;
	for (size_t at = UIF_HEADER; at < file.n; at += 97) {
		struct error err = { 0 };
		struct image image;

		file.p[at] ^= 1 << at % 8;
		assert_false(image_parse(uif_view(file), &a, &image, &err));
		assert_int_equal(err.fault, FAULT_IMAGE_CORRUPT);
		assert_reason(err, "its payload's checksum is wrong");
		file.p[at] ^= 1 << at % 8;
	}
	arena_free(&a);
}

static void what_was_packed_is_damaged(void **state)
{
	struct arena a = { 0 };
	struct view packed = pack_with("gzip", &a, view_of_string("a short letter"));
	struct block file = uif_make(&a, UIF_ARM, 1, view_first(packed, packed.n - 9));
	struct error err = { 0 };
	struct image image;

	(void)state;
	assert_false(image_parse(uif_view(file), &a, &image, &err));
	assert_int_equal(fault_class(err.fault), CLASS_IMAGE);
	assert_reason(err, "U-Boot uImage: its payload: gzip: ");
	arena_free(&a);
}

static void cut_at_every_byte(void **state)
{
	enum { RECOGNISED = 4 };
	struct arena a = { 0 };
	struct block file = uif_make(&a, UIF_ARM, 0, zif_view(zif_make(&a, 0)));

	(void)state;
	assert_cut_is_told(&a, uif_view(file), RECOGNISED);
	arena_free(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(each_compression),
		CASE(each_kernel),
		CASE(what_is_not_unpacked_here),
		CASE(what_is_behind_it_is_left),
		CASE(each_field_damaged),
		CASE(each_field_of_an_initrd),
		CASE(an_initrd_cut_at_every_byte),
		CASE(what_its_header_says_beside),
		CASE(which_of_them_has_an_initrd),
		CASE(a_flipped_bit_of_the_kernel),
		CASE(what_was_packed_is_damaged),
		CASE(cut_at_every_byte),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
