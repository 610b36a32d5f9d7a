/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The relocations behind a vmlinux: two groups, three, none; damaged at every word; applied. */
#include "image/vmlinux-file.h"

#include "image/relocations.h"

static bool parse(
	struct view file, struct vmlinux *kernel, struct relocations *ret, struct error *err)
{
	*err = (struct error){ 0 };
	return vmlinux_parse(file, kernel, err) && relocations_parse(kernel, ret, err);
}

static void each_kind_of_table_is_found(void **state)
{
	static const size_t shrinking[] = { 0, 0, VM_COUNT(vm_shrink_32) };

	(void)state;
	for (int groups = VM_NONE; groups <= VM_THREE; groups++) {
		size_t some = groups != VM_NONE;
		struct arena a = { 0 };
		struct relocations r;
		struct vmlinux kernel;
		struct error err;

		assert_true(parse(vm_view(vm_make(&a, groups)), &kernel, &r, &err));
		assert_int_equal(r.present, some);
		assert_int_equal(r.grow_64.n, some * 4 * VM_COUNT(vm_grow_64));
		assert_int_equal(r.shrink_32.n, 4 * shrinking[groups]);
		assert_int_equal(r.grow_32.n, some * 4 * VM_COUNT(vm_grow_32));
		arena_free(&a);
	}
}

/* No kernel has one; it is what damage looks like that cuts an entry off a group. */
static void empty_groups_are_refused(void **state)
{
	(void)state;
	for (size_t zeros = 1; zeros <= 5; zeros++) {
		struct arena a = { 0 };
		struct block f = vm_make(&a, VM_THREE);
		struct relocations r;
		struct vmlinux kernel;
		struct error err;

		memset(f.p + VM_ELF_SIZE, 0, f.n - VM_ELF_SIZE);
		f.n = VM_ELF_SIZE + 4 * zeros;
		assert_false(parse(vm_view(f), &kernel, &r, &err));
		assert_reason(err, "group");
		arena_free(&a);
	}
}

/* What the words must be after a move. */
static void expect_moved(struct block *expected, const struct vm_word *words, size_t count,
	unsigned width, uint64_t by)
{
	for (size_t i = 0; i < count; i++)
		if (width == 8)
			block_put_le64(expected, words[i].at, words[i].value + by);
		else
			block_put_le32(expected, words[i].at, (uint32_t)(words[i].value + by));
}

static void every_word_moves_and_nothing_else(void **state)
{
	static const uint64_t offsets[] = { 0, 0x200000, 0x12000000, 0x3ec00000 };

	(void)state;
	for (int groups = VM_NONE; groups <= VM_THREE; groups++)
		for (size_t i = 0; i < sizeof offsets / sizeof offsets[0]; i++) {
			struct arena a = { 0 };
			struct block f = vm_make(&a, groups), expected = vm_make(&a, groups);
			struct relocations r;
			struct vmlinux kernel;
			struct error err;

			assert_true(parse(vm_view(f), &kernel, &r, &err));
			relocations_apply(&r, &kernel, f.p, offsets[i]);
			if (groups != VM_NONE) {
				expect_moved(
					&expected, vm_grow_64, VM_COUNT(vm_grow_64), 8, offsets[i]);
				expect_moved(
					&expected, vm_grow_32, VM_COUNT(vm_grow_32), 4, offsets[i]);
			}
			if (groups == VM_THREE)
				expect_moved(&expected, vm_shrink_32, VM_COUNT(vm_shrink_32), 4,
					-offsets[i]);
			assert_memory_equal(f.p, expected.p, f.n);
			arena_free(&a);
		}
}

static void expect_refused(struct block f, size_t word, uint32_t bad)
{
	struct relocations r = { .present = true };
	struct vmlinux kernel;
	struct error err;

	if (parse(vm_view(f), &kernel, &r, &err))
		fail_msg("word %zu may be %#x", word, bad);
	assert_int_equal(err.fault, FAULT_IMAGE_CORRUPT);
	assert_true(r.present);
}

/*
 * Each word of the table as what it must not be: the end of a group, a place outside of the kernel
 * or without bytes in the file, the end of a part, the word before it, no address at all.
 */
static void each_entry_is_checked(void **state)
{
	static const uint32_t bad[] = { 1, 0x80000000, 0x80ffffff, 0x810000fe, 0x81000100,
		0x81202080, 0x8120207e, 0x81209000, 0x01000000, 0x7fffffff, 0xffffffff };

	(void)state;
	for (int groups = VM_TWO; groups <= VM_THREE; groups++) {
		size_t words = groups == VM_TWO ? VM_WORDS_TWO : VM_WORDS_THREE;

		for (size_t i = 0; i < words; i++) {
			uint64_t at = VM_ELF_SIZE + 4 * i;
			struct arena a = { 0 };
			struct block f = vm_make(&a, groups);
			struct reader r = reader_at(vm_view(f), at);
			uint32_t good = reader_le32(&r), before;

			for (size_t j = 0; j < sizeof bad / sizeof bad[0]; j++) {
				block_put_le32(&f, at, bad[j]);
				expect_refused(f, i, bad[j]);
			}
			r = reader_at(vm_view(f), at - 4);
			before = reader_le32(&r);
			if (good) {
				block_put_le32(&f, at, 0);
				expect_refused(f, i, 0);
			}
			if (good && i > 0 && before) {
				block_put_le32(&f, at, before);
				expect_refused(f, i, before);
			}
			arena_free(&a);
		}
	}
}

/* A table that was shifted by a byte, or whose words belong to another kernel. */
static void words_that_are_no_addresses_are_refused(void **state)
{
	static const struct {
		uint16_t at;
		uint8_t width;
		uint64_t value;
		const char *text;
	} cases[] = {
		{ VM_DATA_AT, 8, 0xffffffff7fffffff, "64-bit relocation 1 of 4" },
		{ VM_DATA_AT, 8, 0xffffffffc0000000, "points to 0xffffffffc0000000" },
		{ VM_DATA_AT, 8, 0x40000000, "points to 0x40000000, which is no address" },
		{ VM_DATA_AT, 8, 0xff81000010ffffff, "64-bit relocation 1 of 4 (0x81200000)" },
		{ VM_TEXT_AT + 0x10, 4, 0x3fffffff, "inverse 32-bit relocation 1 of 2" },
		{ VM_TEXT_AT + 0x10, 4, 0x80000000, "inverse 32-bit relocation 1 of 2" },
		{ VM_TEXT_AT + 0x40, 4, 0x40000000, "32-bit relocation 1 of 3" },
		{ VM_TEXT_AT + 0x40, 4, 0xc0000000, "32-bit relocation 1 of 3" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct arena a = { 0 };
		struct block f = vm_make(&a, VM_THREE);
		struct relocations r;
		struct vmlinux kernel;
		struct error err;

		for (unsigned j = 0; j < cases[i].width; j++)
			block_put_u8(&f, cases[i].at + j, (uint8_t)(cases[i].value >> 8 * j));
		assert_false(parse(vm_view(f), &kernel, &r, &err));
		assert_reason(err, cases[i].text);
		arena_free(&a);
	}
}

/* Whole entries that are missing at the end show only by the size that the payload names. */
static void cut_at_every_byte(void **state)
{
	struct arena a = { 0 };
	struct block f = vm_make(&a, VM_THREE);
	size_t whole = f.n;

	(void)state;
	for (f.n = VM_ELF_SIZE + 1; f.n < whole; f.n++) {
		size_t words = (f.n - VM_ELF_SIZE) / 4;
		bool three_groups = words > 3 + VM_COUNT(vm_grow_64) + VM_COUNT(vm_shrink_32);
		struct relocations r;
		struct vmlinux kernel;
		struct error err;

		assert_int_equal(
			parse(vm_view(f), &kernel, &r, &err), f.n % 4 == 0 && three_groups);
	}
	arena_free(&a);
}

static void other_bytes_behind_the_elf_are_no_table(void **state)
{
	struct arena a = { 0 };
	struct block f = { arena_alloc(&a, VM_SIZE_MAX + 64), VM_SIZE_MAX + 64, false };
	struct view whole = vm_view(vm_make(&a, VM_THREE));

	(void)state;
	for (size_t padding = 1; padding <= 64; padding++) {
		struct relocations r;
		struct vmlinux kernel;
		struct error err;

		memset(f.p, 0x55, f.n);
		memcpy(f.p, whole.p, VM_ELF_SIZE);
		memcpy(f.p + VM_ELF_SIZE + padding, whole.p + VM_ELF_SIZE, whole.n - VM_ELF_SIZE);
		assert_false(parse((struct view){ f.p, whole.n + padding }, &kernel, &r, &err));
		assert_reason(err, "are no table of relocations");
	}
	arena_free(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(each_kind_of_table_is_found),
		CASE(empty_groups_are_refused),
		CASE(every_word_moves_and_nothing_else),
		CASE(each_entry_is_checked),
		CASE(words_that_are_no_addresses_are_refused),
		CASE(cut_at_every_byte),
		CASE(other_bytes_behind_the_elf_are_no_table),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
