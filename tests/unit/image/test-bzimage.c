/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Good bzImages: what is read of them, from the oldest boot protocol to the newest. */
#include "test.h"

#include "image/bzimage-file.h"
#include "image/image.h"

static struct image parse(struct arena *a, struct block file)
{
	struct error err = { 0 };
	struct image image;

	if (!image_parse(bz_view(file), a, &image, &err))
		fail_msg("%s", err.reason);
	return image;
}

static void assert_view(struct view v, const uint8_t *p, size_t n)
{
	assert_ptr_equal(v.p, p);
	assert_int_equal(v.n, n);
}

static void a_modern_kernel(void **state)
{
	static const bool efi[] = { false, true };

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct arena a = { 0 };
		struct block file = bz_make(&a);
		struct image image;
		const struct bzimage *bz = &image.bzimage;

		if (efi[i])
			bz_make_efi(&file);
		image = parse(&a, file);
		assert_int_equal(image.format, IMAGE_BZIMAGE);
		assert_string_equal(image.name, "bzImage");
		assert_int_equal(image.arch, ARCH_X86_64);
		assert_string_equal(image.version, bz_version);
		assert_view(image.bytes, file.p, BZ_SIZE);
		assert_int_equal(bz->protocol, 0x020f);
		assert_view(bz->setup_header, file.p + 0x1f1, BZ_HEADER_END - 0x1f1);
		assert_view(bz->kernel, file.p + BZ_SETUP, BZ_KERNEL);
		assert_view(bz->payload, file.p + BZ_SETUP + BZ_PAYLOAD_OFFSET, BZ_PAYLOAD);
		assert_string_equal(bz->payload_codec->name, "gzip");
		assert_int_equal(bz->xloadflags, BZ_XLOADFLAGS);
		assert_true(bz->relocatable);
		assert_int_equal(bz->alignment, BZ_ALIGNMENT);
		assert_int_equal(bz->min_alignment, 1 << BZ_MIN_ALIGNMENT_SHIFT);
		assert_int_equal(bz->preferred_address, BZ_PREF_ADDRESS);
		assert_int_equal(bz->init_size, BZ_INIT_SIZE);
		assert_int_equal(bz->initrd_max, BZ_INITRD_MAX);
		assert_int_equal(bz->command_line_max, BZ_COMMAND_LINE);
		assert_string_equal(bz->version, bz_version);
		arena_free(&a);
	}
}

/* The file has all fields; what is no field yet in a protocol must not be read. */
static void fields_by_protocol(void **state)
{
	static const struct {
		uint16_t protocol, header_end;
		bool payload, init_size, xloadflags;
	} rows[] = {
		{ 0x0206, 0x23c, false, false, false },
		{ 0x0207, 0x248, false, false, false },
		{ 0x0208, 0x250, true, false, false },
		{ 0x0209, 0x258, true, false, false },
		{ 0x020a, 0x264, true, true, false },
		{ 0x020b, 0x268, true, true, false },
		{ 0x020c, 0x268, true, true, true },
		{ 0x020d, 0x268, true, true, true },
		{ 0x020e, 0x268, true, true, true },
		{ 0x020f, 0x26c, true, true, true },
	};
	/* Before 2.10 a kernel of unknown growth is given three times its size. */
	const uint64_t old_init_size = 3 * BZ_KERNEL;

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		/* The header's length is exact in one round, and covers too much in the other. */
		for (size_t too_long = 0; too_long < 2; too_long++) {
			struct arena a = { 0 };
			struct block file = bz_make(&a);
			uint16_t end = too_long ? BZ_HEADER_END : rows[i].header_end;
			struct image image;
			const struct bzimage *bz = &image.bzimage;

			bz_set(&file, "version", rows[i].protocol);
			bz_set(&file, "jump's length", end - 0x202u);
			image = parse(&a, file);
			assert_int_equal(bz->protocol, rows[i].protocol);
			assert_int_equal(bz->setup_header.n, end - 0x1f1);
			assert_int_equal(bz->payload.n, rows[i].payload ? BZ_PAYLOAD : 0);
			assert_int_equal(bz->payload_codec != NULL, rows[i].payload);
			assert_int_equal(
				bz->init_size, rows[i].init_size ? BZ_INIT_SIZE : old_init_size);
			assert_int_equal(bz->preferred_address,
				rows[i].init_size ? BZ_PREF_ADDRESS : MiB(1));
			assert_int_equal(bz->min_alignment,
				rows[i].init_size ? 1 << BZ_MIN_ALIGNMENT_SHIFT : BZ_ALIGNMENT);
			assert_int_equal(bz->xloadflags, rows[i].xloadflags ? BZ_XLOADFLAGS : 0);
			assert_int_equal(image.arch, rows[i].xloadflags ? ARCH_X86_64 : ARCH_I386);
			assert_int_equal(bz->alignment, BZ_ALIGNMENT);
			assert_int_equal(bz->initrd_max, BZ_INITRD_MAX);
			assert_int_equal(bz->command_line_max, BZ_COMMAND_LINE);
			assert_string_equal(bz->version, bz_version);
			arena_free(&a);
		}
	}
}

static void protocols_that_are_too_old(void **state)
{
	static const struct {
		uint16_t protocol;
		const char *reason;
	} rows[] = {
		{ 0x0000, "0.00" },
		{ 0x0105, "1.05" },
		{ 0x0200, "2.00" },
		{ 0x0204, "2.04" },
		{ 0x0205, "bzImage: the kernel speaks boot protocol 2.05; 2.06 (Linux 2.6.22)" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct arena a = { 0 };
		struct block file = bz_make(&a);
		struct error err = { 0 };
		struct image image;

		bz_set(&file, "version", rows[i].protocol);
		assert_false(image_parse(bz_view(file), &a, &image, &err));
		assert_int_equal(err.fault, FAULT_IMAGE_TOO_OLD);
		assert_reason(err, rows[i].reason);
		arena_free(&a);
	}
}

static void a_kernel_without_64_bit_entry_is_i386(void **state)
{
	struct arena a = { 0 };
	struct block file = bz_make(&a);
	struct image image;

	(void)state;
	bz_set(&file, "xloadflags", BZ_XLOADFLAGS & ~XLF_KERNEL_64);
	image = parse(&a, file);
	assert_int_equal(image.arch, ARCH_I386);
	assert_string_equal(image.name, "bzImage");
	arena_free(&a);
}

/* Such a kernel may be smaller than the 64-bit entry's offset; one with it may not. */
static void the_64_bit_entry_lies_in_the_kernel(void **state)
{
	struct arena a = { 0 };
	struct block file = bz_make(&a);
	struct error err = { 0 };
	struct image image;

	(void)state;
	bz_set(&file, "syssize", 0x200 / 16);
	bz_set(&file, "payload_length", 0);
	file.n = BZ_SETUP + 0x200;
	assert_false(image_parse(bz_view(file), &a, &image, &err));
	assert_int_equal(err.fault, FAULT_IMAGE_TRUNCATED);
	assert_reason(err, "512 bytes end before its 64-bit entry point at 0x200");
	file.n++;
	assert_int_equal(parse(&a, file).arch, ARCH_X86_64);
	file.n--;
	bz_set(&file, "xloadflags", 0);
	assert_int_equal(parse(&a, file).arch, ARCH_I386);
	arena_free(&a);
}

/* As memtest86+ (2.12) and iPXE (2.07) have it: not relocatable, and no alignment. */
static void programs_that_are_no_linux(void **state)
{
	static const uint16_t protocols[] = { 0x0207, 0x020c };

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct arena a = { 0 };
		struct block file = bz_make(&a);
		struct image image;

		bz_set(&file, "version", protocols[i]);
		bz_set(&file, "relocatable_kernel", 0);
		bz_set(&file, "kernel_alignment", 0);
		bz_set(&file, "min_alignment", 0);
		bz_set(&file, "payload_offset", 0);
		bz_set(&file, "payload_length", 0);
		bz_set(&file, "kernel_version", 0);
		bz_set(&file, "pref_address", 0x100000);
		image = parse(&a, file);
		assert_false(image.bzimage.relocatable);
		assert_int_equal(image.bzimage.alignment, 4096);
		assert_int_equal(image.bzimage.min_alignment, 4096);
		assert_int_equal(image.bzimage.preferred_address, 0x100000);
		assert_string_equal(image.version, "");
		arena_free(&a);
	}
}

/* They end where they end, up to 15 bytes before a whole paragraph; Linux never does. */
static void the_last_paragraph_of_other_programs(void **state)
{
	static const struct {
		uint16_t protocol;
		uint32_t payload;
		size_t lacks;
		bool good;
	} rows[] = {
		{ 0x020c, 0, 15, true },
		{ 0x020c, 0, 16, false },
		{ 0x020c, BZ_PAYLOAD, 0, true },
		{ 0x020c, BZ_PAYLOAD, 1, false },
		{ 0x0207, BZ_PAYLOAD, 15, true }, /* which does not know that field yet */
		{ 0x0207, BZ_PAYLOAD, 16, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct arena a = { 0 };
		struct block file = bz_make(&a);
		struct error err = { 0 };
		struct image image;

		bz_set(&file, "version", rows[i].protocol);
		bz_set(&file, "payload_length", rows[i].payload);
		file.n -= rows[i].lacks;
		assert_int_equal(image_parse(bz_view(file), &a, &image, &err), rows[i].good);
		if (rows[i].good)
			assert_int_equal(image.bzimage.kernel.n, BZ_KERNEL - rows[i].lacks);
		else
			assert_int_equal(err.fault, FAULT_IMAGE_TRUNCATED);
		arena_free(&a);
	}
}

/* A signature stands behind the kernel; it is no part of what the header counts. */
static void a_longer_file_is_accepted(void **state)
{
	struct arena a = { 0 };
	struct block file = bz_make(&a);
	struct image image;

	(void)state;
	bz_set(&file, "syssize", (BZ_KERNEL - 1024) / 16);
	image = parse(&a, file);
	assert_int_equal(image.bzimage.kernel.n, BZ_KERNEL);
	arena_free(&a);
}

/* Behind 0x290 boot_params has other things; they must not come from a kernel's file. */
static void a_header_of_the_future_is_cut(void **state)
{
	struct arena a = { 0 };
	struct block file = bz_make(&a);

	(void)state;
	bz_set(&file, "jump's length", 0x8e);
	assert_int_equal(parse(&a, file).bzimage.setup_header.n, 0x290 - 0x1f1);
	bz_set(&file, "jump's length", 0xff);
	assert_int_equal(parse(&a, file).bzimage.setup_header.n, 0x290 - 0x1f1);
	arena_free(&a);
}

static void the_version_ends_with_its_text(void **state)
{
	static const struct {
		const char *text, *version;
	} rows[] = {
		{ "6.1.0\n", "6.1.0" },
		{ "6.1.0\x7f", "6.1.0" },
		{ "\x1b[2J", "" },
		{ "6.1.0-\xc3\xa4", "6.1.0-" },
	};
	struct arena a = { 0 };
	struct block file = bz_make(&a);
	struct image image;

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		block_put_bytes(&file, BZ_VERSION_AT, view_of_string(rows[i].text));
		assert_string_equal(parse(&a, file).version, rows[i].version);
	}

	/* It is cut where the setup code ends, and at 256 characters. */
	memset(file.p + BZ_VERSION_AT, 'v', BZ_SIZE - BZ_VERSION_AT);
	bz_set(&file, "kernel_version", BZ_SETUP - 3 - 512);
	image = parse(&a, file);
	assert_string_equal(image.version, "vvv");
	bz_set(&file, "kernel_version", BZ_VERSION_AT - 512);
	assert_int_equal(strlen(parse(&a, file).version), 256);
	arena_free(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(a_modern_kernel),
		CASE(fields_by_protocol),
		CASE(protocols_that_are_too_old),
		CASE(a_kernel_without_64_bit_entry_is_i386),
		CASE(the_64_bit_entry_lies_in_the_kernel),
		CASE(programs_that_are_no_linux),
		CASE(the_last_paragraph_of_other_programs),
		CASE(a_longer_file_is_accepted),
		CASE(a_header_of_the_future_is_cut),
		CASE(the_version_ends_with_its_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
