/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* bzImages with each field of their header damaged, and cut at every byte. */
#include "test.h"

#include <stdlib.h>

#include "image/bzimage-file.h"
#include "image/image.h"

/* What differs in an Image, as bits. */
enum difference {
	D_PROTOCOL = 1 << 0,
	D_HEADER = 1 << 1,
	D_KERNEL = 1 << 2,
	D_PAYLOAD = 1 << 3,
	D_CODEC = 1 << 4,
	D_FLAGS = 1 << 5,
	D_RELOCATABLE = 1 << 6,
	D_ALIGNMENT = 1 << 7,
	D_LEAST = 1 << 8,
	D_PREFERRED = 1 << 9,
	D_INIT_SIZE = 1 << 10,
	D_INITRD = 1 << 11,
	D_LINE = 1 << 12,
	D_VERSION = 1 << 13,
	D_ARCH = 1 << 14,
};

static unsigned differences(const struct image *a, const struct image *b)
{
	const struct bzimage *x = &a->bzimage, *y = &b->bzimage;
	const bool differ[] = {
		x->protocol != y->protocol,
		x->setup_header.n != y->setup_header.n,
		x->kernel.n != y->kernel.n,
		x->payload.n != y->payload.n,
		x->payload_codec != y->payload_codec,
		x->xloadflags != y->xloadflags,
		x->relocatable != y->relocatable,
		x->alignment != y->alignment,
		x->min_alignment != y->min_alignment,
		x->preferred_address != y->preferred_address,
		x->init_size != y->init_size,
		x->initrd_max != y->initrd_max,
		x->command_line_max != y->command_line_max,
		strcmp(a->version, b->version) != 0,
		a->arch != b->arch,
	};
	unsigned bits = 0;

	for (unsigned i = 0; i < sizeof differ / sizeof differ[0]; i++)
		bits |= (unsigned)differ[i] << i;
	return bits;
}

struct row {
	const char *field;
	uint64_t bad;
	enum fault fault;
	const char *text;     /* part of the reason, or why it is accepted */
	unsigned differences; /* of what is accepted, from the good kernel */
};

#define WRITTEN   "the boot loader writes it, what the file has does not matter"
#define REAL_MODE "it is for the real-mode code, which is given its own where it is entered"

/* clang-format off */
static const struct row rows[] = {
	{ "setup_sects", 0, FAULT_NONE, "0 means 4, boot.rst says" },
	{ "setup_sects", 1, FAULT_NONE, "nothing says that it is too few: the kernel looks longer",
		D_KERNEL | D_CODEC | D_VERSION },
	{ "setup_sects", 5, FAULT_IMAGE_TRUNCATED, "the file has 8704 bytes, its header promises 9216" },
	{ "setup_sects", 255, FAULT_IMAGE_TRUNCATED, "its header promises 137216" },
	{ "root_flags", 0xffff, FAULT_NONE, "it is for the kernel" },
	{ "syssize", 0, FAULT_NONE, "the file's length counts" },
	{ "syssize", BZ_KERNEL / 16 + 1, FAULT_IMAGE_TRUNCATED, "its header promises 8720" },
	{ "syssize", UINT32_MAX, FAULT_IMAGE_TRUNCATED, "its header promises 68719479280" },
	{ "ram_size", 0xffff, FAULT_NONE, "obsolete" },
	{ "vid_mode", 0, FAULT_NONE, WRITTEN },
	{ "root_dev", 0xffff, FAULT_NONE, "obsolete" },
	{ "boot_flag", 0, FAULT_IMAGE_UNKNOWN, "in no format of a kernel that is known here" },
	{ "boot_flag", 0x55aa, FAULT_IMAGE_UNKNOWN, "in no format" },
	{ "jump", 0, FAULT_NONE, "only the length of the jump tells something" },
	{ "jump's length", 0, FAULT_IMAGE_CORRUPT, "ends at byte 0x202, before its version" },
	{ "jump's length", 5, FAULT_IMAGE_CORRUPT, "ends at byte 0x207, before its version" },
	{ "jump's length", 6, FAULT_IMAGE_TOO_OLD, "not loaded high" },
	{ "jump's length", 0x32, FAULT_IMAGE_CORRUPT, "needs 0 bytes to start" },
	{ "jump's length", 0xff, FAULT_NONE, "a longer header is one of the future", D_HEADER },
	{ "header", 0, FAULT_IMAGE_UNKNOWN, "in no format" },
	{ "header", 0x53726449, FAULT_IMAGE_UNKNOWN, "in no format" },
	{ "version", 0, FAULT_IMAGE_TOO_OLD, "boot protocol 0.00" },
	{ "version", 0x0205, FAULT_IMAGE_TOO_OLD, "boot protocol 2.05; 2.06" },
	{ "version", 0x0210, FAULT_NONE, "a later 2.x only adds fields", D_PROTOCOL },
	{ "version", 0x0300, FAULT_IMAGE_CORRUPT, "boot protocol 3.00 does not exist" },
	{ "version", 0xffff, FAULT_IMAGE_CORRUPT, "boot protocol 255.255 does not exist" },
	{ "realmode_swtch", UINT32_MAX, FAULT_NONE, REAL_MODE },
	{ "start_sys_seg", 0, FAULT_NONE, "obsolete" },
	{ "kernel_version", 0, FAULT_NONE, "0 means none", D_VERSION },
	{ "kernel_version", 0xffff, FAULT_NONE, "outside of the setup code it is none", D_VERSION },
	{ "kernel_version", BZ_SETUP - 512, FAULT_NONE, "the same, by one byte", D_VERSION },
	{ "type_of_loader", 0xff, FAULT_NONE, WRITTEN },
	{ "loadflags", 0, FAULT_IMAGE_TOO_OLD, "this is a zImage (the kernel is not loaded high)" },
	{ "loadflags", 0xfe, FAULT_IMAGE_TOO_OLD, "this is a zImage" },
	{ "loadflags", 0xff, FAULT_NONE, "the other flags are wishes, or written by the loader" },
	{ "setup_move_size", 0xffff, FAULT_NONE, "obsolete" },
	{ "code32_start", UINT32_MAX, FAULT_NONE, REAL_MODE },
	{ "ramdisk_image", UINT32_MAX, FAULT_NONE, WRITTEN },
	{ "ramdisk_size", UINT32_MAX, FAULT_NONE, WRITTEN },
	{ "bootsect_kludge", UINT32_MAX, FAULT_NONE, "obsolete" },
	{ "heap_end_ptr", 0xffff, FAULT_NONE, REAL_MODE },
	{ "ext_loader_ver", 0xff, FAULT_NONE, WRITTEN },
	{ "ext_loader_type", 0xff, FAULT_NONE, WRITTEN },
	{ "cmd_line_ptr", UINT32_MAX, FAULT_NONE, WRITTEN },
	{ "initrd_addr_max", 0, FAULT_IMAGE_CORRUPT, "limit for an initrd is 0, below 1 MiB" },
	{ "initrd_addr_max", 0xfffff, FAULT_IMAGE_CORRUPT, "limit for an initrd is 0xfffff, below" },
	{ "initrd_addr_max", UINT32_MAX, FAULT_NONE, "a limit that is possible", D_INITRD },
	{ "kernel_alignment", 0, FAULT_IMAGE_CORRUPT, "the kernel's alignment is 0" },
	{ "kernel_alignment", 0x200001, FAULT_IMAGE_CORRUPT, "the kernel's alignment is 0x200001" },
	{ "kernel_alignment", 0x300000, FAULT_IMAGE_CORRUPT, "the kernel's alignment is 0x300000" },
	{ "kernel_alignment", 0x800, FAULT_IMAGE_CORRUPT, "the kernel's alignment is 0x800" },
	{ "kernel_alignment", 0x1000, FAULT_IMAGE_CORRUPT, "2^13 does not go with its alignment 0x1000" },
	{ "kernel_alignment", 0x80000000, FAULT_IMAGE_CORRUPT, "the kernel's alignment is 0x80000000" },
	{ "relocatable_kernel", 0, FAULT_NONE, "many kernels are not",
		D_RELOCATABLE | D_ALIGNMENT | D_LEAST },
	{ "relocatable_kernel", 0xff, FAULT_NONE, "anything but 0 is a yes" },
	{ "min_alignment", 0, FAULT_IMAGE_CORRUPT, "least alignment 2^0 does not go with" },
	{ "min_alignment", 11, FAULT_IMAGE_CORRUPT, "least alignment 2^11" },
	{ "min_alignment", 22, FAULT_IMAGE_CORRUPT, "least alignment 2^22" },
	{ "min_alignment", 32, FAULT_IMAGE_CORRUPT, "least alignment 2^32" },
	{ "min_alignment", 64, FAULT_IMAGE_CORRUPT, "least alignment 2^64" },
	{ "min_alignment", 77, FAULT_IMAGE_CORRUPT, "least alignment 2^77" },
	{ "min_alignment", 255, FAULT_IMAGE_CORRUPT, "least alignment 2^255" },
	{ "xloadflags", 0, FAULT_NONE, "this is a 32-bit kernel", D_FLAGS | D_ARCH },
	{ "xloadflags", 0xffff, FAULT_NONE, "flags of the future", D_FLAGS },
	{ "cmdline_size", 0, FAULT_IMAGE_CORRUPT, "the kernel's command line limit is 0" },
	{ "cmdline_size", UINT32_MAX, FAULT_NONE, "a limit that no line reaches", D_LINE },
	{ "hardware_subarch", UINT32_MAX, FAULT_NONE, WRITTEN },
	{ "hardware_subarch_data", UINT64_MAX, FAULT_NONE, WRITTEN },
	{ "payload_offset", UINT32_MAX, FAULT_IMAGE_CORRUPT, "(offset 0xffffffff, 1000 bytes) reaches past" },
	{ "payload_offset", BZ_KERNEL - BZ_PAYLOAD + 1, FAULT_IMAGE_CORRUPT, "the kernel's 6144 bytes" },
	{ "payload_offset", 0, FAULT_NONE, "the payload may lie anywhere, and need not be packed", D_CODEC },
	{ "payload_length", UINT32_MAX, FAULT_IMAGE_CORRUPT, "4294967295 bytes) reaches past" },
	{ "payload_length", BZ_KERNEL - BZ_PAYLOAD_OFFSET + 1, FAULT_IMAGE_CORRUPT, "reaches past" },
	{ "payload_length", 0, FAULT_NONE, "0 means that it is not told", D_PAYLOAD | D_CODEC },
	{ "setup_data", UINT64_MAX, FAULT_NONE, WRITTEN },
	{ "pref_address", UINT64_MAX, FAULT_NONE, "whether there is memory, the plan knows", D_PREFERRED },
	{ "init_size", 0, FAULT_IMAGE_CORRUPT, "says that it needs 0 bytes to start, its file has 6144" },
	{ "init_size", BZ_KERNEL / 2 - 1, FAULT_IMAGE_CORRUPT, "needs 3071 bytes to start" },
	{ "init_size", 0x80000001, FAULT_IMAGE_CORRUPT, "needs 2147483649 bytes to start" },
	{ "init_size", UINT32_MAX, FAULT_IMAGE_CORRUPT, "needs 4294967295 bytes to start" },
	{ "init_size", BZ_KERNEL / 2, FAULT_NONE, "the file may have a signature behind", D_INIT_SIZE },
	{ "handover_offset", UINT32_MAX, FAULT_NONE, "it is for EFI boot loaders" },
	{ "kernel_info_offset", UINT32_MAX, FAULT_NONE, "nothing that is needed is there" },
};
/* clang-format on */

enum { ROW_COUNT = sizeof rows / sizeof rows[0] };

static void check_row(const struct row *row, const struct image *good)
{
	struct arena a = { 0 };
	struct block file = bz_make(&a);
	struct image image = { .name = "untouched" };
	struct error err = { 0 };
	bool ok;

	bz_set(&file, row->field, row->bad);
	ok = image_parse(bz_view(file), &a, &image, &err);
	if (ok != (row->fault == FAULT_NONE))
		fail_msg("%s = %#jx: %s", row->field, (uintmax_t)row->bad, err.reason);
	if (ok) {
		unsigned found = differences(good, &image);

		if (found != row->differences)
			fail_msg("%s = %#jx: differs in %#x, not %#x", row->field,
				(uintmax_t)row->bad, found, row->differences);
	} else {
		assert_int_equal(err.fault, row->fault);
		assert_int_equal(fault_class(err.fault), CLASS_IMAGE);
		assert_reason(err, row->text);
		assert_string_equal(image.name, "untouched");
	}
	arena_free(&a);
}

static void each_field_damaged(void **state)
{
	struct arena a = { 0 };
	struct error err = { 0 };
	struct image good;

	(void)state;
	assert_true(image_parse(bz_view(bz_make(&a)), &a, &good, &err));
	for (size_t i = 0; i < ROW_COUNT; i++)
		check_row(&rows[i], &good);
	arena_free(&a);
}

static void every_field_has_a_row(void **state)
{
	(void)state;
	for (size_t i = 0; i < BZ_FIELD_COUNT; i++) {
		bool found = false;

		for (size_t k = 0; k < ROW_COUNT; k++)
			found |= strcmp(rows[k].field, bz_fields[i].name) == 0;
		if (!found)
			fail_msg("%s", bz_fields[i].name);
	}
}

static bool lies_in(struct view part, struct view whole)
{
	return part.n == 0 ||
		(part.p >= whole.p && part.p + part.n <= whole.p + whole.n && part.n <= whole.n);
}

/* Half of one byte is none, but no kernel starts in no memory at all. */
static void a_kernel_of_one_byte(void **state)
{
	struct arena a = { 0 };
	struct block file = bz_make(&a);
	struct error err = { 0 };
	struct image image;

	(void)state;
	file.n = BZ_SETUP + 1;
	bz_set(&file, "syssize", 0);
	bz_set(&file, "payload_length", 0);
	bz_set(&file, "xloadflags", 0);
	bz_set(&file, "init_size", 0);
	assert_false(image_parse(bz_view(file), &a, &image, &err));
	assert_int_equal(err.fault, FAULT_IMAGE_CORRUPT);
	assert_reason(err, "needs 0 bytes to start, its file has 1");
	bz_set(&file, "init_size", 1);
	assert_true(image_parse(bz_view(file), &a, &image, &err));
	arena_free(&a);
}

/* What the rest of the house relies on. */
static void assert_sound(const struct image *image, struct view bytes)
{
	const struct bzimage *bz = &image->bzimage;

	assert_true(lies_in(bz->setup_header, bytes));
	assert_true(lies_in(bz->kernel, bytes));
	assert_true(lies_in(bz->payload, bz->kernel));
	assert_true(bz->kernel.n > 0);
	assert_true(is_power_of_two(bz->alignment) && bz->alignment >= 4096);
	assert_true(is_power_of_two(bz->min_alignment) && bz->min_alignment >= 4096);
	assert_true(bz->min_alignment <= bz->alignment);
	assert_in_range(bz->init_size, 1, GiB(2));
	assert_in_range(bz->command_line_max, 1, UINT32_MAX);
	assert_true(bz->initrd_max >= MiB(1));
	assert_non_null(image->version);
}

/* Each byte takes each value: an Image that can be relied on, or an error that tells something. */
static void each_byte_of_the_header(void **state)
{
	struct arena a = { 0 };
	struct block file = bz_make(&a);

	(void)state;
	for (size_t at = 0x1f1; at < BZ_HEADER_END; at++) {
		uint8_t good = file.p[at];

		for (unsigned value = 0; value < 256; value++) {
			struct error err = { 0 };
			struct image image;

			file.p[at] = (uint8_t)value;
			if (image_parse(bz_view(file), &a, &image, &err)) {
				assert_sound(&image, bz_view(file));
			} else {
				assert_int_equal(fault_class(err.fault), CLASS_IMAGE);
				assert_true(err.reason[0] != '\0');
			}
		}
		file.p[at] = good;
	}
	arena_free(&a);
}

/*
 * The copy ends where its memory ends, so that a sanitizer sees every overrun. Up to the magic
 * number of the setup header a file with a PE header may be taken for another EFI program; that is
 * a format which no one loads.
 */
static void cut_at_every_byte(struct view whole, bool efi)
{
	enum { MAGIC_END = 0x206 };

	for (size_t n = 0; n < whole.n; n++) {
		uint8_t *copy = malloc(n + (n == 0));
		struct error err = { 0 };
		struct arena a = { 0 };
		struct image image;

		memcpy(copy, whole.p, n);
		if (image_parse((struct view){ copy, n }, &a, &image, &err)) {
			if (!efi || n >= MAGIC_END)
				fail_msg("%d bytes are accepted", (int)n);
			assert_int_equal(image.format, IMAGE_FOREIGN);
			assert_string_equal(image.name, "EFI program (PE)");
		} else {
			assert_int_equal(fault_class(err.fault), CLASS_IMAGE);
			assert_int_equal(err.fault,
				n < MAGIC_END ? FAULT_IMAGE_UNKNOWN : FAULT_IMAGE_TRUNCATED);
			assert_true(err.reason[0] != '\0');
		}
		arena_free(&a);
		free(copy);
	}
}

static void truncation_at_every_byte(void **state)
{
	struct arena a = { 0 };
	struct block file = bz_make(&a);

	(void)state;
	assert_true(BZ_SIZE > 8192);
	cut_at_every_byte(bz_view(file), false);
	bz_make_efi(&file);
	cut_at_every_byte(bz_view(file), true);
	arena_free(&a);
}

/* A header that promises nothing is still cut short when its payload is missing. */
static void truncation_without_syssize(void **state)
{
	struct arena a = { 0 };
	struct block file = bz_make(&a);

	(void)state;
	bz_set(&file, "syssize", 0);
	for (size_t n = 0x206; n < BZ_SIZE; n++) {
		struct error err = { 0 };
		struct image image;
		bool whole = n >= BZ_SETUP + BZ_PAYLOAD_OFFSET + BZ_PAYLOAD;

		file.n = n;
		assert_int_equal(image_parse(bz_view(file), &a, &image, &err), whole);
		if (whole)
			assert_sound(&image, bz_view(file));
		else
			assert_int_equal(fault_class(err.fault), CLASS_IMAGE);
	}
	arena_free(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(each_field_damaged),
		CASE(every_field_has_a_row),
		CASE(a_kernel_of_one_byte),
		CASE(each_byte_of_the_header),
		CASE(truncation_at_every_byte),
		CASE(truncation_without_syssize),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
