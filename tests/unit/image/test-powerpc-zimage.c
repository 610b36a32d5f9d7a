/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* zImages of ppc64el: how the kernel in one is packed, what else in there is refused by its name, damage. */
#include "codec/pack.h"

#include <stdlib.h>

#include "image/image.h"
#include "image/powerpc-zimage-file.h"

static struct view kernel_of(struct arena *a)
{
	struct block file = ef_make(a, true);

	ef_make_ppc64el(&file);
	return ef_view(file);
}

static void each_compression(void **state)
{
	static const char *const names[] = { "gzip", "xz", "lzma", "zstd" };

	(void)state;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		struct arena a = { 0 };
		struct view plain = kernel_of(&a), packed = pack_with(names[i], &a, plain);
		struct view file = ef_view(pzf_make(&a, packed, (struct pzf_more){ 0 }));
		struct buffer_sink sink = buffer_sink_make(arena_alloc(&a, plain.n), plain.n);
		struct error err = { 0 };
		struct image image;

		if (!image_parse(file, &a, &image, &err))
			fail_msg("%s: %s", names[i], err.reason);
		assert_int_equal(image.format, IMAGE_POWERPC_ZIMAGE);
		assert_int_equal(image.arch, ARCH_PPC64LE);
		assert_string_equal(image.name,
			arena_printf(&a, "ppc64el zImage, %s, of a ppc64el ELF kernel", names[i]));
		assert_true(image_has_type(&image, "elf-ppc64"));
		assert_true(image_has_type(&image, "zImage"));
		assert_true(view_equal(image.powerpc_zimage.payload.bytes, packed));
		assert_true(payload_unpack(&image.powerpc_zimage.payload, &sink.sink, &err));
		assert_true(view_equal((struct view){ sink.p, (size_t)sink.sink.taken }, plain));
		arena_free(&a);
	}
}

static void a_kernel_that_is_not_packed(void **state)
{
	struct arena a = { 0 };
	struct view plain = kernel_of(&a);
	struct view file = ef_view(pzf_make(&a, plain, (struct pzf_more){ 0 }));
	struct error err = { 0 };
	struct image image;

	(void)state;
	assert_true(image_parse(file, &a, &image, &err));
	assert_string_equal(image.name, "ppc64el zImage, not packed, of a ppc64el ELF kernel");
	assert_null(image.powerpc_zimage.payload.compression);
	assert_true(view_equal(image.powerpc_zimage.payload.bytes, plain));
	arena_free(&a);
}

static void what_is_in_there_as_well(void **state)
{
	static const struct {
		const char *section, *bytes, *reason;
	} rows[] = {
		{ ".kernel:initrd", "070701", "in it is an initrd as well (.kernel:initrd)" },
		{ ".kernel:dtb", "\xd0\r\xfe\xed", "a device tree as well" },
		{ ".kernel:esm_blob", "x", "what an ultravisor wants as well" },
		{ "__builtin_cmdline", "root=/dev/vda", "a command line as well" },
	};
	static const uint8_t zeros[512];

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct arena a = { 0 };
		struct view kernel = kernel_of(&a);
		struct pzf_more more = { rows[i].section, view_of_string(rows[i].bytes) };
		struct error err = { 0 };
		struct image image;

		assert_false(image_parse(ef_view(pzf_make(&a, kernel, more)), &a, &image, &err));
		assert_int_equal(err.fault, FAULT_IMAGE_UNKNOWN);
		assert_reason(err, rows[i].reason);
		/* It may be there and say nothing. */
		more.bytes = (struct view){ zeros, sizeof zeros };
		assert_true(image_parse(ef_view(pzf_make(&a, kernel, more)), &a, &image, &err));
		arena_free(&a);
	}
}

static void refused(struct arena *a, struct view kernel, enum fault fault, const char *reason)
{
	struct view file = ef_view(pzf_make(a, kernel, (struct pzf_more){ 0 }));
	struct error err = { 0 };
	struct image image;

	assert_false(image_parse(file, a, &image, &err));
	assert_int_equal(err.fault, fault);
	assert_reason(err, reason);
}

static void what_is_no_kernel_of_its_cpu(void **state)
{
	struct arena a = { 0 };
	struct block other = ef_make(&a, true);

	(void)state;
	refused(&a, view_of_string("a letter"), FAULT_IMAGE_UNKNOWN,
		"its kernel (8 bytes) is packed in a way that is not known here");
	refused(&a, view_of_string(""), FAULT_IMAGE_UNKNOWN, "its kernel (0 bytes)");
	refused(&a, ef_view(other), FAULT_IMAGE_CORRUPT, "in it is a 64-bit ELF kernel");
	refused(&a, pack_with("gzip", &a, view_of_string("a letter")), FAULT_IMAGE_CORRUPT,
		"in it is nothing that is known here");
	arena_free(&a);
}

/* Cut or bent anywhere it is no ELF kernel instead, in which the banner of the one inside would be found. */
static void damage_is_told(void **state)
{
	static const struct {
		unsigned from_end, width; /* in the file of a kernel that is not packed */
		uint64_t value;
		enum fault fault;
	} rows[] = {
		{ 3 * PZF_SECTION_SIZE - 24, 8, 1 << 20,
			FAULT_IMAGE_TRUNCATED }, /* its kernel's place */
		{ 3 * PZF_SECTION_SIZE - 32, 8, 1 << 20, FAULT_IMAGE_TRUNCATED }, /* its size */
		{ PZF_SECTION_SIZE - 24, 8, UINT64_MAX,
			FAULT_IMAGE_TRUNCATED }, /* the names' place */
	};
	static const struct {
		uint64_t at;
		uint16_t value;
		enum fault fault;
	} header[] = {
		{ 58, 40, FAULT_IMAGE_CORRUPT },
		{ 60, 400, FAULT_IMAGE_TRUNCATED },
		{ 62, PZF_SECTIONS, FAULT_IMAGE_CORRUPT },
	};
	struct arena a = { 0 };
	struct view kernel = kernel_of(&a);
	struct view whole = ef_view(pzf_make(&a, kernel, (struct pzf_more){ 0 }));
	struct error err = { 0 };
	struct image image;

	(void)state;
	/* From where its CPU is told; before that it is any ELF file. */
	for (size_t n = 20; n < whole.n; n++) {
		uint8_t *copy = malloc(n);

		assert_non_null(copy);
		memcpy(copy, whole.p, n);
		assert_false(image_parse((struct view){ copy, n }, &a, &image, &err));
		assert_int_equal(err.fault, FAULT_IMAGE_TRUNCATED);
		free(copy);
	}
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct block file = pzf_make(&a, kernel, (struct pzf_more){ 0 });

		ef_put(&file, file.n - rows[i].from_end, rows[i].width, rows[i].value);
		assert_false(image_parse(ef_view(file), &a, &image, &err));
		assert_int_equal(err.fault, rows[i].fault);
	}
	for (size_t i = 0; i < sizeof header / sizeof *header; i++) {
		struct block file = pzf_make(&a, kernel, (struct pzf_more){ 0 });

		block_put_le16(&file, header[i].at, header[i].value);
		assert_false(image_parse(ef_view(file), &a, &image, &err));
		assert_int_equal(err.fault, header[i].fault);
	}
	arena_free(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(each_compression),
		CASE(a_kernel_that_is_not_packed),
		CASE(what_is_in_there_as_well),
		CASE(what_is_no_kernel_of_its_cpu),
		CASE(damage_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
