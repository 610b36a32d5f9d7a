/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which format a file is named, whether it is packed as a whole, and what --type says of it. */
#include "codec/pack.h"

#include <stdlib.h>

#include "image/bzimage-file.h"
#include "image/image.h"

enum {
	FILE_SIZE = 0x10100,
	PE_AT = 0x80,
	MACHINE_LOONGARCH64 = 0x6264,
	MACHINE_X86_64 = 0x8664,
};

struct row {
	const char *name;
	enum cpu_arch arch;
	uint32_t magic_at;
	const char *magic;
	uint16_t pe_machine; /* 0: it has no PE header */
	bool mark;           /* that of Linux in EFI programs */
	const char *type;
	uint8_t elf_class, elf_order; /* 2 is 64 bits, and big-endian */
	uint16_t elf_machine;
};

/* clang-format off */
static const struct row rows[] = {
	{ "s390x ELF kernel", ARCH_S390X, 0, "\x7f" "ELF", 0, false, NULL, 2, 2, 22 },
	{ "ppc64 big-endian ELF kernel", ARCH_PPC64, 0, "\x7f" "ELF", 0, false, "elf-ppc64", 2, 2, 21 },
	{ "ARM ELF kernel", ARCH_ARM, 0, "\x7f" "ELF", 0, false, NULL, 1, 1, 40 },
	{ "ELF file", ARCH_UNKNOWN, 0, "\x7f" "ELF", 0, false, NULL },
	{ "ELF file", ARCH_UNKNOWN, 0, "\x7f" "ELF", 0, false, NULL, 1, 1, 243 }, /* riscv32 */
	{ "ELF file", ARCH_UNKNOWN, 0, "\x7f" "ELF", 0, false, NULL, 1, 1, 183 },
	{ "ELF file", ARCH_UNKNOWN, 0, "\x7f" "ELF", 0, false, NULL, 2, 2, 183 },
	{ "ELF file", ARCH_UNKNOWN, 0, "\x7f" "ELF", 0, false, NULL, 1, 2, 22 }, /* s390 */
	{ "EFI program (PE)", ARCH_UNKNOWN, 0, "MZ", MACHINE_X86_64, false, NULL },
	{ "EFI program (PE)", ARCH_UNKNOWN, 0, "MZ", MACHINE_X86_64, true, NULL },
	{ "EFI program (PE)", ARCH_UNKNOWN, 0, "MZ", MACHINE_LOONGARCH64, false, NULL },
};
/* clang-format on */

enum { ROW_COUNT = sizeof rows / sizeof rows[0] };

static struct block make(struct arena *a, const struct row *row)
{
	struct block file = { arena_alloc(a, FILE_SIZE), FILE_SIZE, false };

	if (row->pe_machine) {
		block_put_bytes(&file, 0, view_of_string("MZ"));
		block_put_le32(&file, 60, PE_AT);
		block_put_bytes(&file, PE_AT, view_of_string("PE"));
		block_put_le16(&file, PE_AT + 4, row->pe_machine);
	}
	if (row->mark)
		block_put_le32(&file, 56, 0x818223cd);
	block_put_bytes(&file, row->magic_at, view_of_string(row->magic));
	if (row->elf_class) {
		bool big = row->elf_order == 2;

		block_put_u8(&file, 4, row->elf_class);
		block_put_u8(&file, 5, row->elf_order);
		block_put_u8(&file, 18 + big, (uint8_t)row->elf_machine);
		block_put_u8(&file, 19 - big, (uint8_t)(row->elf_machine >> 8));
	}
	return file;
}

static void other_kernels_are_named(void **state)
{
	(void)state;
	for (size_t i = 0; i < ROW_COUNT; i++) {
		struct arena a = { 0 };
		struct view file = bz_view(make(&a, &rows[i]));
		struct error err = { 0 };
		struct image image;

		if (!image_parse(file, &a, &image, &err))
			fail_msg("row %d: %s", (int)i, err.reason);
		assert_string_equal(image.name, rows[i].name);
		assert_int_equal(image.arch, rows[i].arch);
		assert_int_equal(image.format, IMAGE_FOREIGN);
		assert_string_equal(image.version, "");
		assert_ptr_equal(image.bytes.p, file.p);
		assert_int_equal(image.bytes.n, file.n);
		arena_free(&a);
	}
}

/* Every byte of a magic number counts, and a file that ends inside one is not recognised by it. */
static void a_magic_number_is_exact(void **state)
{
	(void)state;
	for (size_t i = 0; i < ROW_COUNT; i++)
		for (size_t k = 0; k < strlen(rows[i].magic); k++) {
			struct arena a = { 0 };
			struct block file = make(&a, &rows[i]);
			struct view cut = view_first(bz_view(file), rows[i].magic_at + k);
			struct error err = { 0 };
			struct image image;

			if (image_parse(cut, &a, &image, &err))
				fail_msg("row %d, %d bytes: %s", (int)i, (int)cut.n, image.name);
			assert_int_equal(err.fault, FAULT_IMAGE_UNKNOWN);
			file.p[rows[i].magic_at + k] ^= 1;
			if (image_parse(bz_view(file), &a, &image, &err))
				assert_string_not_equal(image.name, rows[i].name);
			arena_free(&a);
		}
}

/* A program of DOS is none of EFI, and its pointer may lead anywhere. */
static void a_pe_header_must_be_there(void **state)
{
	static const uint32_t pointers[] = { 0, 60, PE_AT + 1, FILE_SIZE - 5, FILE_SIZE, UINT32_MAX,
		UINT32_MAX - 5 };
	const struct row row = { .magic = "MZ", .pe_machine = MACHINE_X86_64 };

	(void)state;
	for (size_t i = 0; i < sizeof pointers / sizeof pointers[0]; i++) {
		struct arena a = { 0 };
		struct block file = make(&a, &row);
		struct error err = { 0 };
		struct image image;

		block_put_le32(&file, 60, pointers[i]);
		assert_false(image_parse(bz_view(file), &a, &image, &err));
		assert_int_equal(err.fault, FAULT_IMAGE_UNKNOWN);
		assert_reason(err, "its 65792 bytes are in no format");
		file = make(&a, &row);
		file.n = PE_AT + 5; /* in the middle of the machine */
		assert_false(image_parse(bz_view(file), &a, &image, &err));
		arena_free(&a);
	}
}

static void bytes_of_no_format(void **state)
{
	static const char *const texts[] = { "", "M", "MZ", "#!/bin/sh\n", "070701" };

	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
		struct arena a = { 0 };
		struct error err = { 0 };
		struct image image = { .name = "untouched" };

		assert_false(image_parse(view_of_string(texts[i]), &a, &image, &err));
		assert_int_equal(err.fault, FAULT_IMAGE_UNKNOWN);
		assert_int_equal(fault_class(err.fault), CLASS_IMAGE);
		assert_string_equal(image.name, "untouched");
		arena_free(&a);
	}
}

static void types_by_name(void **state)
{
	static const char *const types[] = { "Image", "zImage", "uImage", "bzImage", "bzImage64",
		"", "elf-x86_64", "elf-ppc64", "image" };
	struct arena a = { 0 };
	struct error err = { 0 };
	struct image image;

	(void)state;
	for (size_t i = 0; i < ROW_COUNT; i++) {
		assert_true(image_parse(bz_view(make(&a, &rows[i])), &a, &image, &err));
		for (size_t k = 0; k < sizeof types / sizeof types[0]; k++)
			assert_int_equal(image_has_type(&image, types[k]),
				rows[i].type && strcmp(rows[i].type, types[k]) == 0);
	}
	assert_true(image_parse(bz_view(bz_make(&a)), &a, &image, &err));
	assert_true(image_has_type(&image, "bzImage"));
	assert_true(image_has_type(&image, "bzImage64"));
	assert_false(image_has_type(&image, "Image"));
	assert_false(image_has_type(&image, "bzimage"));
	arena_free(&a);
}

/* A kernel that was packed as a whole: named, unpacked within the limit, and read. */
static void packed_kernels_are_unwrapped(void **state)
{
	(void)state;
	for (size_t i = 0; i < PACKER_COUNT; i++) {
		struct arena a = { 0 };
		struct view packed = packers[i].pack(&a, bz_view(bz_make(&a)));
		const struct codec *codec = image_wrapper(packed);
		struct buffer_sink sink = buffer_sink_make(arena_alloc(&a, BZ_SIZE), BZ_SIZE);
		struct error err = { 0 };
		struct image image;
		uint64_t used;

		assert_non_null(codec);
		assert_string_equal(codec->name, packers[i].codec);
		assert_false(image_parse(packed, &a, &image, &err));
		assert_int_equal(err.fault, FAULT_IMAGE_UNKNOWN);
		assert_true(image_unpack_limit(packed.n) >= BZ_SIZE);
		assert_true(codec->unpack(packed, &sink.sink, &used, &err));
		assert_true(image_parse(
			(struct view){ sink.p, (size_t)sink.sink.taken }, &a, &image, &err));
		assert_string_equal(image.version, bz_version);
		arena_free(&a);
	}
}

static void kernels_are_no_wrappers(void **state)
{
	struct arena a = { 0 };
	struct block file = bz_make(&a);

	(void)state;
	assert_null(image_wrapper((struct view){ 0 }));
	assert_null(image_wrapper(view_of_string("a letter")));
	assert_null(image_wrapper(bz_view(file)));
	/* The boot sector is the kernel's own; it may even begin like a codec's data. */
	block_put_bytes(&file, 0, (struct view){ (const uint8_t *)"\x1f\x8b\x08\0", 4 });
	assert_non_null(codec_find(bz_view(file)));
	assert_null(image_wrapper(bz_view(file)));
	for (size_t i = 0; i < ROW_COUNT; i++)
		assert_null(image_wrapper(bz_view(make(&a, &rows[i]))));
	arena_free(&a);
}

static void limits_of_unpacking(void **state)
{
	static const struct {
		uint64_t size, limit;
	} limits[] = {
		{ 0, MiB(64) },
		{ 1, MiB(64) },
		{ MiB(2), MiB(64) },
		{ MiB(2) + 1, MiB(64) + 32 },
		{ MiB(12), MiB(384) },
		{ MiB(32) - 1, GiB(1) - 32 },
		{ MiB(32), GiB(1) },
		{ GiB(4), GiB(1) },
		{ 1ull << 59, GiB(1) }, /* 32 times that is 0 in 64 bits */
		{ UINT64_MAX, GiB(1) },
	};

	(void)state;
	for (size_t i = 0; i < sizeof limits / sizeof limits[0]; i++)
		assert_int_equal(image_unpack_limit(limits[i].size), limits[i].limit);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(other_kernels_are_named),
		CASE(a_magic_number_is_exact),
		CASE(a_pe_header_must_be_there),
		CASE(bytes_of_no_format),
		CASE(types_by_name),
		CASE(packed_kernels_are_unwrapped),
		CASE(kernels_are_no_wrappers),
		CASE(limits_of_unpacking),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
