/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* zImages of 32-bit ARM: what their header and table say, damaged and cut short; trees behind them. */
#include "test.h"

#include "image/cut-file.h"
#include "image/image.h"
#include "image/zimage-file.h"

static void what_a_kernel_needs_is_read(void **state)
{
	struct arena a = { 0 };
	struct block file = zif_make(&a, 0);
	struct error err = { 0 };
	struct image image;

	(void)state;
	assert_true(image_parse(zif_view(file), &a, &image, &err));
	assert_int_equal(image.format, IMAGE_ZIMAGE);
	assert_int_equal(image.arch, ARCH_ARM);
	assert_string_equal(image.name, "ARM zImage");
	assert_true(image_has_type(&image, "zImage"));
	assert_int_equal(image.zimage.loaded.n, ZIF_SIZE);
	assert_int_equal(image.zimage.appended_tree.n, 0);
	assert_int_equal(image.zimage.unpacked_size, ZIF_UNPACKED);
	assert_int_equal(image.zimage.memory_size, ZIF_MEMORY);
	assert_int_equal(image.zimage.work_size, 0x20000);
	arena_free(&a);
}

/* From Linux 4.15 to 5.9 the table says less, before nothing: what it leaves out may be the largest there is. */
static void older_kernels_say_less(void **state)
{
	struct arena a = { 0 };
	struct block file = zif_make(&a, 0);
	struct error err = { 0 };
	struct zimage zimage;

	(void)state;
	block_put_le32(&file, ZIF_TABLE, 4);
	assert_true(zimage_parse(zif_view(file), &zimage, &err));
	assert_int_equal(zimage.memory_size, 0x308000 + ZIF_UNPACKED + ZIF_BSS);
	block_put_le32(&file, ZIF_HAS_TABLE, 0x45454546);
	assert_true(zimage_parse(zif_view(file), &zimage, &err));
	assert_int_equal(zimage.memory_size, 0);
	assert_int_equal(zimage.unpacked_size, 0);
	assert_int_equal(zimage.work_size, 0x20000);
	arena_free(&a);
}

static void other_entries_of_the_table_are_passed_over(void **state)
{
	enum { BEFORE = ZIF_TABLE - 12 };
	struct arena a = { 0 };
	struct block file = zif_make(&a, 0);
	struct error err = { 0 };
	struct zimage zimage;

	(void)state;
	block_put_le32(&file, ZIF_TABLE_PLACE, BEFORE);
	block_put_le32(&file, BEFORE, 3);
	assert_true(zimage_parse(zif_view(file), &zimage, &err));
	assert_int_equal(zimage.memory_size, ZIF_MEMORY);
	block_put_le32(&file, BEFORE, 0);
	assert_true(zimage_parse(zif_view(file), &zimage, &err));
	assert_int_equal(zimage.memory_size, 0);
	arena_free(&a);
}

static void a_tree_may_follow(void **state)
{
	static const uint8_t magic[] = { 0xd0, 0x0d, 0xfe, 0xed };
	struct arena a = { 0 };
	struct block file = zif_make(&a, 40);
	struct error err = { 0 };
	struct zimage zimage;

	(void)state;
	assert_true(zimage_parse(zif_view(file), &zimage, &err));
	assert_int_equal(zimage.loaded.n, ZIF_SIZE);
	assert_int_equal(zimage.appended_tree.n, 0);
	block_put_bytes(&file, ZIF_SIZE, (struct view){ magic, sizeof magic });
	assert_true(zimage_parse(zif_view(file), &zimage, &err));
	assert_int_equal(zimage.loaded.n, ZIF_SIZE);
	assert_int_equal(zimage.appended_tree.n, 40);
	assert_ptr_equal(zimage.appended_tree.p, file.p + ZIF_SIZE);
	arena_free(&a);
}

/* clang-format off */
static const struct {
	uint32_t at, bad;
	enum fault fault;
	const char *reason;
} rows[] = {
	{ 0x28, 0x8000, FAULT_IMAGE_UNKNOWN, "linked to lie at 0x8000, as one that is started from ROM" },
	{ ZIF_END, 0, FAULT_IMAGE_CORRUPT, "ends at byte 0, in its header" },
	{ ZIF_END, 0x2f, FAULT_IMAGE_CORRUPT, "ends at byte 47" },
	{ ZIF_END, ZIF_SIZE + 1, FAULT_IMAGE_TRUNCATED, "the file has 4096 bytes, it says that it has 4097" },
	{ ZIF_END, UINT32_MAX, FAULT_IMAGE_TRUNCATED, "it says that it has 4294967295" },
	{ ZIF_ORDER, 0x01020304, FAULT_IMAGE_UNKNOWN, "it is for big-endian ARM" },
	{ ZIF_TABLE_PLACE, ZIF_SIZE, FAULT_IMAGE_CORRUPT, "its table has no end, or ends outside" },
	{ ZIF_TABLE_PLACE, ZIF_SIZE - 4, FAULT_IMAGE_CORRUPT, "its table has no end, or ends outside" },
	{ ZIF_TABLE_PLACE, UINT32_MAX, FAULT_IMAGE_CORRUPT, "its table has no end, or ends outside" },
	{ ZIF_TABLE, 1, FAULT_IMAGE_CORRUPT, "its table has no end" },
	{ ZIF_TABLE, 3, FAULT_IMAGE_CORRUPT, "its table has 3 words on its kernel's size" },
	{ ZIF_TABLE + 4, 0x5a534c4c, FAULT_NONE, NULL }, /* then it is one that is not known */
	{ ZIF_TABLE + 8, ZIF_SIZE - 3, FAULT_IMAGE_CORRUPT, "to be found at 0xffd of 4096 bytes" },
	{ ZIF_TABLE + 8, UINT32_MAX, FAULT_IMAGE_CORRUPT, "to be found at 0xffffffff" },
	{ ZIF_TABLE + 12, 0x40000001, FAULT_IMAGE_CORRUPT, "1073741825 behind them" },
	{ ZIF_TABLE + 16, 0, FAULT_IMAGE_CORRUPT, "begins 0 bytes behind" },
	{ ZIF_TABLE + 16, 0x3ffc, FAULT_IMAGE_CORRUPT, "begins 0x3ffc bytes behind" },
	{ ZIF_TABLE + 16, 0x8002, FAULT_IMAGE_CORRUPT, "begins 0x8002 bytes behind" },
	{ ZIF_TABLE + 16, 0x30c000, FAULT_IMAGE_CORRUPT, "begins 0x30c000 bytes behind" },
	{ ZIF_TABLE + 20, 0x40000001, FAULT_IMAGE_CORRUPT, "unpacking takes 1073741825" },
	{ ZIF_UNPACKED_PLACE, 0, FAULT_IMAGE_CORRUPT, "its kernel has 0 bytes" },
	{ ZIF_UNPACKED_PLACE, UINT32_MAX, FAULT_IMAGE_CORRUPT, "its kernel has 4294967295 bytes" },
};
/* clang-format on */

static void each_field_damaged(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct arena a = { 0 };
		struct block file = zif_make(&a, 0);
		struct error err = { 0 };
		struct image image;
		bool ok;

		block_put_le32(&file, rows[i].at, rows[i].bad);
		/* An entry that is none of ours is followed by whatever is there; here by the end. */
		ok = image_parse(zif_view(file), &a, &image, &err);
		if (ok != (rows[i].fault == FAULT_NONE))
			fail_msg("row %d: %s", (int)i, err.reason);
		if (!ok) {
			assert_int_equal(err.fault, rows[i].fault);
			assert_reason(err, rows[i].reason);
			assert_reason(err, "ARM zImage: ");
		}
		arena_free(&a);
	}
}

static void a_table_without_end_is_not_followed_for_ever(void **state)
{
	struct arena a = { 0 };
	struct block file = zif_make(&a, 0);
	struct error err = { 0 };
	struct zimage zimage;

	(void)state;
	for (uint32_t at = ZIF_TABLE; at + 8 <= ZIF_SIZE; at += 8) {
		block_put_le32(&file, at, 2);
		block_put_le32(&file, at + 4, 1);
	}
	assert_false(zimage_parse(zif_view(file), &zimage, &err));
	assert_int_equal(err.fault, FAULT_IMAGE_CORRUPT);
	assert_reason(err, "its table has no end");
	arena_free(&a);
}

static void cut_at_every_byte(void **state)
{
	enum { RECOGNISED = 0x28 };
	struct arena a = { 0 };
	struct block file = zif_make(&a, 0);

	(void)state;
	assert_cut_is_told(&a, zif_view(file), RECOGNISED);
	arena_free(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(what_a_kernel_needs_is_read),
		CASE(older_kernels_say_less),
		CASE(other_entries_of_the_table_are_passed_over),
		CASE(a_tree_may_follow),
		CASE(each_field_damaged),
		CASE(a_table_without_end_is_not_followed_for_ever),
		CASE(cut_at_every_byte),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
