/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* EFI zboot images: each compression, what is named of the kernel in them, damage. */
#include "codec/pack.h"

#include <stdio.h>
#include <stdlib.h>

#include "image/image.h"
#include "image/raw-file.h"
#include "image/zboot-file.h"

enum {
	INNER_SIZE = 40000,
	MACHINE_RISCV64 = 0x5064,
};

/* A kernel as it is inside, by what makes it recognised. */
static struct view make_inner(struct arena *a, const struct rf_kernel *inner)
{
	struct view plain = make_plain(a, INNER_SIZE);
	struct block file = { (uint8_t *)(uintptr_t)plain.p, plain.n, false };

	pef_put_headers(&file, inner->machine, 0);
	rf_set(&file, inner, "magic", rf_field(inner, "magic")->good);
	return plain;
}

static const struct {
	const char *label, *compression, *name;
} kinds[] = {
	{ "gzip", "gzip", "gzip" },
	{ "lz4 -l", "lz4", "lz4" },
	{ "lzma", "lzma", "lzma" },
	{ "xz of kernels", "xzkern", "xz" },
	{ "xz", "xz", "xz" },
	{ "zstd", "zstd22", "zstd" },
	{ "zstd", "zstd", "zstd" },
};

enum { KIND_COUNT = sizeof kinds / sizeof kinds[0] };

static void each_compression_and_kernel(void **state)
{
	(void)state;
	for (size_t i = 0; i < KIND_COUNT * 3; i++) {
		const struct rf_kernel *inner = &rf_kernels[i % RF_KERNELS];
		struct arena a = { 0 };
		struct view plain = make_inner(&a, inner);
		struct view payload = pack_with(kinds[i / 3].label, &a, plain);
		struct view file =
			pef_view(zf_make(&a, inner->machine, kinds[i / 3].compression, payload));
		struct buffer_sink sink = buffer_sink_make(arena_alloc(&a, plain.n), plain.n);
		struct error err = { 0 };
		struct image image;
		char name[100];

		if (!image_parse(file, &a, &image, &err))
			fail_msg("%s, %s: %s", kinds[i / 3].compression, inner->name, err.reason);
		snprintf(name, sizeof name, "EFI zboot image, %s, of a%s %s", kinds[i / 3].name,
			inner->name[0] == 'a' ? "n" : "", inner->name);
		assert_string_equal(image.name, name);
		assert_int_equal(image.format, IMAGE_ZBOOT);
		assert_int_equal(image.arch, inner->arch);
		assert_true(image_has_type(&image, "vmlinuz"));
		assert_true(image_has_type(&image, "pez-loongarch"));
		assert_false(image_has_type(&image, "Image"));
		assert_true(view_equal(image.zboot.payload.bytes, payload));
		assert_true(payload_unpack(&image.zboot.payload, &sink.sink, &err));
		assert_true(view_equal((struct view){ sink.p, (size_t)sink.sink.taken }, plain));
		arena_free(&a);
	}
}

static void what_is_not_unpacked_here(void **state)
{
	struct arena a = { 0 };
	struct view file = pef_view(zf_make(&a, PEF_ARM64, "lzo", view_of_string("\x89LZO data")));
	struct buffer_sink sink = buffer_sink_make(arena_alloc(&a, 100), 100);
	struct error err = { 0 };
	struct image image;

	(void)state;
	assert_true(image_parse(file, &a, &image, &err));
	assert_string_equal(image.name, "EFI zboot image, lzo, for arm64");
	assert_int_equal(image.arch, ARCH_ARM64);
	assert_false(payload_unpack(&image.zboot.payload, &sink.sink, &err));
	assert_int_equal(err.fault, FAULT_IMAGE_UNKNOWN);
	assert_reason(err, "compressed by lzo");
	arena_free(&a);
}

/* What is in it may be anything; then the program around it says for which CPU it is. */
static void an_unknown_kernel(void **state)
{
	struct arena a = { 0 };
	struct view payload = pack_with("gzip", &a, view_of_string("a short letter"));
	struct error err = { 0 };
	struct image image;

	(void)state;
	assert_true(image_parse(
		pef_view(zf_make(&a, MACHINE_RISCV64, "gzip", payload)), &a, &image, &err));
	assert_string_equal(image.name, "EFI zboot image, gzip, for riscv64");
	assert_int_equal(image.arch, ARCH_RISCV64);
	arena_free(&a);
}

/* The head is unpacked, whatever comes behind it; the limit of a sink holds for the rest. */
static void a_bomb_is_only_named(void **state)
{
	struct arena a = { 0 };
	struct view plain = make_inner(&a, &rf_kernels[RF_ARM64]);
	struct block file = zf_make(&a, PEF_ARM64, "gzip", pack_with("gzip", &a, plain));
	struct buffer_sink sink = buffer_sink_make(arena_alloc(&a, 100), plain.n - 1);
	struct error err = { 0 };
	struct image image;

	(void)state;
	sink.p = arena_alloc(&a, plain.n);
	assert_true(image_parse(pef_view(file), &a, &image, &err));
	assert_false(payload_unpack(&image.zboot.payload, &sink.sink, &err));
	assert_int_equal(err.fault, FAULT_COMPRESSION_BOMB);
	assert_reason(err, "gzip: ");
	arena_free(&a);
}

/* clang-format off */
static const struct {
	uint64_t offset;
	unsigned width;
	uint32_t bad;
	enum fault fault;
	const char *text; /* part of the reason, or why it is accepted */
} rows[] = {
	{ 0, 2, 0, FAULT_IMAGE_UNKNOWN, "in no format of a kernel" },
	{ 4, 4, 0x676d697b, FAULT_NONE, "then it is any program for EFI" },
	{ 8, 4, 0, FAULT_IMAGE_CORRUPT, "its payload (offset 0, " },
	{ 8, 4, 63, FAULT_IMAGE_CORRUPT, "is empty or lies in the header" },
	{ 8, 4, ZF_PAYLOAD_AT + 1, FAULT_IMAGE_CORRUPT, "does not begin as gzip does" },
	{ 8, 4, ZF_PAYLOAD_AT + 5, FAULT_IMAGE_TRUNCATED, "reaches past" },
	{ 8, 4, UINT32_MAX, FAULT_IMAGE_TRUNCATED, "(offset 0xffffffff, " },
	{ 12, 4, 0, FAULT_IMAGE_CORRUPT, "0 bytes) is empty" },
	{ 12, 4, 30, FAULT_COMPRESSION_CORRUPT, "its payload: gzip: " },
	{ 12, 4, UINT32_MAX, FAULT_IMAGE_TRUNCATED, "4294967295 bytes) reaches past" },
	{ 16, 4, UINT32_MAX, FAULT_NONE, "reserved" },
	{ 20, 4, UINT32_MAX, FAULT_NONE, "reserved" },
	{ 24, 1, 0, FAULT_IMAGE_CORRUPT, "its compression is called \"\"" },
	{ 24, 1, 'G', FAULT_IMAGE_CORRUPT, "its compression is called \"Gzip\", as none is" },
	{ 24, 4, 0x1b1b1b1b, FAULT_IMAGE_CORRUPT, "called \"????\"" },
	{ 28, 1, 'x', FAULT_IMAGE_CORRUPT, "called \"gzipx\"" },
	{ 24, 4, 0x64747a7a, FAULT_IMAGE_CORRUPT, "called \"zztd\"" },
	{ 24, 4, 0x6474737a, FAULT_IMAGE_CORRUPT, "does not begin as zstd does" },
	{ 56, 4, 0, FAULT_IMAGE_CORRUPT, "lacks the mark of Linux" },
	{ 60, 4, UINT32_MAX, FAULT_NONE, "the kernel in it tells the CPU" },
	{ ZF_PAYLOAD_AT, 1, 0, FAULT_IMAGE_CORRUPT, "does not begin as gzip does" },
	{ ZF_PAYLOAD_AT + 10, 4, UINT32_MAX, FAULT_COMPRESSION_CORRUPT, "its payload: gzip: " },
};
/* clang-format on */

static void each_field_damaged(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct arena a = { 0 };
		struct view payload = pack_with("gzip", &a, make_inner(&a, &rf_kernels[RF_ARM64]));
		struct block file = zf_make(&a, PEF_ARM64, "gzip", payload);
		struct error err = { 0 };
		struct image image;
		bool ok;

		for (unsigned k = 0; k < rows[i].width; k++)
			block_put_u8(&file, rows[i].offset + k, (uint8_t)(rows[i].bad >> 8 * k));
		ok = image_parse(pef_view(file), &a, &image, &err);
		if (ok != (rows[i].fault == FAULT_NONE))
			fail_msg("row %d: %s", (int)i, err.reason);
		if (!ok) {
			assert_int_equal(err.fault, rows[i].fault);
			assert_int_equal(fault_class(err.fault), CLASS_IMAGE);
			assert_reason(err, rows[i].text);
		}
		arena_free(&a);
	}
}

/* The field for the name of the compression may be full, without a zero at its end. */
static void a_name_without_end(void **state)
{
	struct arena a = { 0 };
	struct block file = zf_make(&a, PEF_ARM64, "gzip", view_of_string("payload"));
	struct error err = { 0 };
	struct zboot zboot;

	(void)state;
	memset(file.p + 24, 'z', 32);
	assert_false(zboot_parse(pef_view(file), &zboot, &err));
	assert_reason(err, "\"zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz\"");
	arena_free(&a);
}

static void cut_at_every_byte(void **state)
{
	struct arena a = { 0 };
	struct view payload = pack_with("gzip", &a, view_of_string("a short letter"));
	struct block file = zf_make(&a, PEF_ARM64, "gzip", payload);

	(void)state;
	for (size_t n = 8; n < file.n; n++) {
		uint8_t *copy = malloc(n);
		struct error err = { 0 };
		struct image image;
		bool ok;

		assert_non_null(copy);
		memcpy(copy, file.p, n);
		ok = image_parse((struct view){ copy, n }, &a, &image, &err);
		assert_int_equal(ok, n >= ZF_PAYLOAD_AT + payload.n);
		if (!ok)
			assert_int_equal(err.fault, FAULT_IMAGE_TRUNCATED);
		free(copy);
	}
	arena_free(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(each_compression_and_kernel),
		CASE(what_is_not_unpacked_here),
		CASE(an_unknown_kernel),
		CASE(a_bomb_is_only_named),
		CASE(each_field_damaged),
		CASE(a_name_without_end),
		CASE(cut_at_every_byte),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
