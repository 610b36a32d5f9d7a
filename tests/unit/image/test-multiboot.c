/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Multiboot headers of both versions: good ones, each number damaged, and cut at every byte. */
#include "test.h"

#include <stdlib.h>

#include "image/elf-file.h"
#include "image/image.h"

struct fixture {
	struct arena arena;
	struct block file;
	struct image image;
	struct error error;
};

/* The flags of version 1 with the header's own addresses, and its numbers in the header's order. */
enum { ADDRESSES = 1 << 16 };

enum { TAGS_AT = EF_HEADER_AT + 16 };

static void begin(struct fixture *f)
{
	*f = (struct fixture){ 0 };
	f->file = ef_make(&f->arena, false);
}

static bool parse(struct fixture *f)
{
	f->error = (struct error){ 0 };
	return image_parse(ef_view(f->file), &f->arena, &f->image, &f->error);
}

static void put_words(struct block *file, uint64_t at, const uint32_t *words, size_t count)
{
	for (size_t i = 0; i < count; i++)
		block_put_le32(file, at + 4 * i, words[i]);
}

static void version_1_around_an_elf(void **state)
{
	struct fixture f;

	(void)state;
	begin(&f);
	ef_add_multiboot_1(&f.file, 7);
	assert_true(parse(&f));
	assert_int_equal(f.image.format, IMAGE_MULTIBOOT);
	assert_int_equal(f.image.multiboot.version, 1);
	assert_true(f.image.multiboot.wants_graphics);
	assert_false(f.image.multiboot.relocatable);
	assert_int_equal(f.image.multiboot.program.entry, EF_ENTRY);
	assert_int_equal(f.image.multiboot.program.load_count, 2);
	assert_true(image_has_type(&f.image, "multiboot-x86"));
	assert_false(image_has_type(&f.image, "multiboot2-x86"));
	/* An ELF as well, if it is asked for as one. */
	assert_true(image_parse_as(ef_view(f.file), "elf-x86", &f.arena, &f.image, &f.error));
	assert_int_equal(f.image.format, IMAGE_ELF);
	assert_true(image_parse_as(ef_view(f.file), "bzImage", &f.arena, &f.image, &f.error));
	assert_int_equal(f.image.format, IMAGE_MULTIBOOT);
	arena_free(&f.arena);
}

static void version_2_comes_first(void **state)
{
	struct fixture f;

	(void)state;
	begin(&f);
	ef_add_multiboot_1(&f.file, 3);
	memmove(f.file.p + EF_HEADER_AT + 0x40, f.file.p + EF_HEADER_AT, 12);
	ef_add_multiboot_2(&f.file, 24);
	assert_true(parse(&f));
	assert_int_equal(f.image.multiboot.version, 2);
	assert_true(image_has_type(&f.image, "multiboot2-x86"));
	assert_true(image_parse_as(ef_view(f.file), "multiboot-x86", &f.arena, &f.image, &f.error));
	assert_int_equal(f.image.multiboot.version, 1);
	arena_free(&f.arena);
}

/* The order of kexec-tools: a 64-bit ELF with the first version's header is an ELF. */
static void a_64_bit_elf_with_the_first_header(void **state)
{
	struct fixture f;

	(void)state;
	begin(&f);
	f.file = ef_make(&f.arena, true);
	ef_add_multiboot_1(&f.file, 3);
	assert_true(parse(&f));
	assert_int_equal(f.image.format, IMAGE_ELF);
	ef_add_multiboot_2(&f.file, 24);
	assert_true(parse(&f));
	assert_int_equal(f.image.format, IMAGE_MULTIBOOT);
	arena_free(&f.arena);
}

struct addresses {
	uint32_t header, load, load_end, bss_end, entry;
	enum fault fault;
	const char *reason;
	uint64_t file_offset, loaded, end; /* of what is accepted */
};

#define LOAD 0x200000u

/* clang-format off */
static const struct addresses addresses[] = {
	{ LOAD, LOAD, LOAD + 64, LOAD + 4096, LOAD + 32, FAULT_NONE, "", EF_HEADER_AT, 64, LOAD + 4096 },
	{ LOAD, LOAD, 0, 0, LOAD + 32, FAULT_NONE, "", EF_HEADER_AT, EF_SIZE - EF_HEADER_AT,
		LOAD + EF_SIZE - EF_HEADER_AT },
	{ LOAD + EF_HEADER_AT, LOAD, 0, 0, LOAD, FAULT_NONE, "", 0, EF_SIZE, LOAD + EF_SIZE },
	{ LOAD + EF_HEADER_AT + 1, LOAD, 0, 0, LOAD, FAULT_IMAGE_CORRUPT, "cannot lie in" },
	{ LOAD - 1, LOAD, 0, 0, LOAD, FAULT_IMAGE_CORRUPT, "cannot lie in" },
	{ 0, UINT32_MAX, 0, 0, LOAD, FAULT_IMAGE_CORRUPT, "cannot lie in" },
	{ UINT32_MAX, 0, 0, 0, LOAD, FAULT_IMAGE_CORRUPT, "cannot lie in" },
	{ LOAD, LOAD, LOAD, 0, LOAD, FAULT_IMAGE_CORRUPT, "loads 0x200000 to 0x200000" },
	{ LOAD, LOAD, LOAD - 1, 0, LOAD, FAULT_IMAGE_CORRUPT, "loads" },
	{ LOAD, LOAD, LOAD + 64, LOAD + 63, LOAD, FAULT_IMAGE_CORRUPT, "and zeros to 0x20003f" },
	{ LOAD, LOAD, LOAD + 513, 0, LOAD, FAULT_IMAGE_TRUNCATED, "loads 513 bytes, the file has 512" },
	{ LOAD, LOAD, UINT32_MAX, 0, LOAD, FAULT_IMAGE_TRUNCATED, "the file has 512" },
	{ UINT32_MAX - 4, UINT32_MAX - 4, 0, 0, UINT32_MAX, FAULT_IMAGE_CORRUPT, "zeros to" },
	{ LOAD, LOAD, LOAD + 64, 0, LOAD - 1, FAULT_IMAGE_CORRUPT, "entry point" },
	{ LOAD, LOAD, LOAD + 64, LOAD + 128, LOAD + 64, FAULT_IMAGE_CORRUPT, "entry point" },
	{ LOAD, LOAD, LOAD + 64, 0, UINT32_MAX, FAULT_IMAGE_CORRUPT, "entry point" },
};
/* clang-format on */

static void check_addresses(struct fixture *f, const struct addresses *a)
{
	bool done = parse(f);
	const struct elf *program = &f->image.multiboot.program;

	if (done != (a->fault == FAULT_NONE) || f->error.fault != a->fault)
		fail_msg("row %d: fault %d: %s", (int)(a - addresses), f->error.fault,
			f->error.reason);
	if (!done) {
		assert_reason(f->error, a->reason);
		return;
	}
	assert_int_equal(program->load_count, 1);
	assert_ptr_equal(program->loads[0].bytes.p, f->file.p + a->file_offset);
	assert_int_equal(program->loads[0].bytes.n, a->loaded);
	assert_int_equal(
		program->memory.start, a->load == UINT32_MAX ? a->header - EF_HEADER_AT : a->load);
	assert_int_equal(range_end(program->memory), a->end);
	assert_int_equal(program->entry, a->entry);
}

static void addresses_of_version_1(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof addresses / sizeof addresses[0]; i++) {
		const struct addresses *a = &addresses[i];
		struct fixture f;

		begin(&f);
		ef_add_multiboot_1(&f.file, ADDRESSES);
		put_words(&f.file, EF_HEADER_AT + 12, &a->header, 5);
		f.file.p[0] = 0; /* no ELF is needed */
		check_addresses(&f, a);
		arena_free(&f.arena);
	}
}

/* Tags: addresses, entry, end. */
static void begin_addresses_2(struct fixture *f, const struct addresses *a)
{
	begin(f);
	ef_add_multiboot_2(&f->file, 16 + 24 + 16 + 8);
	ef_add_tag(&f->file, TAGS_AT, 2, 0, 24);
	put_words(&f->file, TAGS_AT + 8, &a->header, 4);
	ef_add_tag(&f->file, TAGS_AT + 24, 3, 0, 12);
	put_words(&f->file, TAGS_AT + 32, &a->entry, 1);
	f->file.p[0] = 0;
}

static void addresses_of_version_2(void **state)
{
	static const struct addresses whole_file = { LOAD, UINT32_MAX, 0, 0, LOAD, FAULT_NONE, "",
		0, EF_SIZE, LOAD - EF_HEADER_AT + EF_SIZE };
	struct fixture f;

	(void)state;
	for (size_t i = 0; i < sizeof addresses / sizeof addresses[0]; i++) {
		if (addresses[i].load == UINT32_MAX)
			continue;
		begin_addresses_2(&f, &addresses[i]);
		check_addresses(&f, &addresses[i]);
		arena_free(&f.arena);
	}
	begin_addresses_2(&f, &whole_file);
	check_addresses(&f, &whole_file);
	/* Without the tag of the entry. */
	ef_add_tag(&f.file, TAGS_AT + 24, 4, 0, 12);
	assert_false(parse(&f));
	assert_reason(f.error, "none with the entry point");
	arena_free(&f.arena);
}

static void flags_of_version_1(void **state)
{
	struct fixture f;

	(void)state;
	begin(&f);
	for (unsigned bit = 0; bit < 32; bit++) {
		bool addresses_are_wrong = bit == 16;

		ef_add_multiboot_1(&f.file, 1u << bit);
		if (parse(&f) != (bit < 3 || (bit > 15 && !addresses_are_wrong)))
			fail_msg("bit %u: %s", bit, f.error.reason);
		if (bit > 2 && bit < 16)
			assert_reason(f.error, "demands");
	}
	/* What the checksum does not go with is no header. */
	ef_add_multiboot_1(&f.file, 3);
	block_put_le32(&f.file, EF_HEADER_AT + 4, 1);
	assert_true(parse(&f));
	assert_int_equal(f.image.format, IMAGE_ELF);
	arena_free(&f.arena);
}

static void the_header_is_searched_in_8_kib(void **state)
{
	struct fixture f;
	uint8_t *large;

	(void)state;
	begin(&f);
	large = arena_alloc(&f.arena, 65536);
	f.file = (struct block){ large, 65536, false };
	for (unsigned at = 0; at < 40000; at += 4) {
		bool found;

		block_put_le32(&f.file, at, 0x1badb002);
		block_put_le32(&f.file, at + 4, 3);
		block_put_le32(&f.file, at + 8, -(0x1badb002 + 3));
		found = multiboot_probe_1(ef_view(f.file));
		assert_int_equal(found, at + 12 <= 8192);
		memset(large + at, 0, 12);
	}
	for (unsigned at = 0; at < 40000; at += 4) {
		block_put_le32(&f.file, at, 0xe85250d6);
		block_put_le32(&f.file, at + 12, -0xe85250d6);
		assert_int_equal(
			multiboot_probe_2(ef_view(f.file)), at % 8 == 0 && at + 16 <= 32768);
		memset(large + at, 0, 16);
	}
	arena_free(&f.arena);
}

struct tag_row {
	uint16_t type, flags;
	uint32_t size, words[4];
	enum fault fault;
	const char *reason;
};

/* clang-format off */
static const struct tag_row tag_rows[] = {
	{ 1, 0, 24, { 1, 6, 21, 9 }, FAULT_NONE, "" },
	{ 1, 0, 12, { 22 }, FAULT_IMAGE_NO_ENTRY, "unknown type 22" },
	{ 1, 1, 12, { 22 }, FAULT_NONE, "" },
	{ 4, 0, 12, { 3 }, FAULT_NONE, "" },
	{ 5, 0, 20, { 640, 480, 32 }, FAULT_NONE, "" },
	{ 6, 0, 8, { 0 }, FAULT_NONE, "" },
	{ 7, 0, 8, { 0 }, FAULT_IMAGE_NO_ENTRY, "EFI boot services" },
	{ 7, 1, 8, { 0 }, FAULT_NONE, "" },
	{ 9, 0, 12, { 0 }, FAULT_NONE, "" },
	{ 11, 0, 8, { 0 }, FAULT_IMAGE_NO_ENTRY, "unknown here (tag 11)" },
	{ 11, 1, 8, { 0 }, FAULT_NONE, "" },
	{ 65535, 1, 8, { 0 }, FAULT_NONE, "" },
	{ 3, 0, 8, { 0 }, FAULT_IMAGE_CORRUPT, "entry tag is cut short" },
	{ 3, 0, 12, { EF_CODE }, FAULT_NONE, "" },
	{ 3, 0, 12, { EF_CODE - 1 }, FAULT_IMAGE_CORRUPT, "entry point" },
	{ 2, 0, 20, { 0 }, FAULT_IMAGE_CORRUPT, "address tag is cut short" },
	{ 10, 0, 24, { 0x100000, UINT32_MAX, 4096, 2 }, FAULT_NONE, "" },
	{ 10, 0, 24, { 0x100000, 0xfffff, 4096, 2 }, FAULT_IMAGE_CORRUPT, "can be moved" },
	{ 10, 0, 24, { 0, UINT32_MAX, 4097, 2 }, FAULT_IMAGE_CORRUPT, "multiples of 0x1001" },
	{ 10, 0, 24, { 0, UINT32_MAX, 0, 2 }, FAULT_NONE, "" },
	{ 10, 0, 20, { 0, UINT32_MAX, 4096 }, FAULT_IMAGE_CORRUPT, "can be moved" },
	{ 1, 1, 0, { 0 }, FAULT_IMAGE_CORRUPT, "tag at byte 0 of its header's 32 bytes" },
	{ 1, 1, 7, { 0 }, FAULT_IMAGE_CORRUPT, "tag at byte 0" },
	{ 1, 1, 33, { 0 }, FAULT_IMAGE_CORRUPT, "tag at byte 0" },
	{ 1, 1, 32, { 0 }, FAULT_IMAGE_CORRUPT, "tag at byte 32" }, /* no end behind it */
	{ 1, 1, UINT32_MAX, { 0 }, FAULT_IMAGE_CORRUPT, "tag at byte 0" },
	{ 1, 1, UINT32_MAX - 6, { 0 }, FAULT_IMAGE_CORRUPT, "tag at byte 0" },
};
/* clang-format on */

static void tags_of_version_2(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof tag_rows / sizeof tag_rows[0]; i++) {
		const struct tag_row *row = &tag_rows[i];
		uint32_t padded = row->size >= 8 && row->size <= 24 ? (row->size + 7) & ~7u : 24;
		struct fixture f;

		begin(&f);
		ef_add_multiboot_2(&f.file, 16 + 24 + 8);
		put_words(&f.file, TAGS_AT + 8, row->words, 4);
		ef_add_tag(&f.file, TAGS_AT, row->type, row->flags, row->size);
		ef_add_tag(&f.file, TAGS_AT + padded, 0, 0, 8);
		if (parse(&f) != (row->fault == FAULT_NONE) || f.error.fault != row->fault)
			fail_msg("row %zu: fault %d: %s", i, f.error.fault, f.error.reason);
		if (row->fault)
			assert_reason(f.error, row->reason);
		else
			assert_int_equal(f.image.multiboot.relocatable, row->type == 10);
		arena_free(&f.arena);
	}
}

static void a_header_longer_than_it_may_be(void **state)
{
	static const uint32_t lengths[] = { 0, 16, 23, EF_SIZE - EF_HEADER_AT + 1,
		32768 - EF_HEADER_AT, 32769 - EF_HEADER_AT, UINT32_MAX };

	(void)state;
	for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
		struct fixture f;

		begin(&f);
		ef_add_multiboot_2(&f.file, 24);
		block_put_le32(&f.file, EF_HEADER_AT + 8, lengths[i]);
		block_put_le32(&f.file, EF_HEADER_AT + 12, -(0xe85250d6 + lengths[i]));
		assert_false(parse(&f));
		assert_reason(f.error, "its header (at byte 512)");
		arena_free(&f.arena);
	}
}

static void a_program_above_4_gib_cannot_be_entered(void **state)
{
	struct fixture f;

	(void)state;
	begin(&f);
	f.file = ef_make(&f.arena, true);
	ef_add_multiboot_2(&f.file, 24);
	ef_set(&f.file, "p_paddr", UINT64_C(0x100000000) - EF_DATA_MEMORY);
	assert_true(parse(&f));
	ef_set(&f.file, "p_paddr", UINT64_C(0x100000000) - EF_DATA_MEMORY + 1);
	assert_false(parse(&f));
	assert_reason(f.error, "above 4 GiB");
	arena_free(&f.arena);
}

/* Both versions, with the addresses of their own, which take the file as far as it goes. */
static void cut_at_every_byte(void **state)
{
	static const struct addresses a = { LOAD, LOAD, LOAD + EF_SIZE - EF_HEADER_AT, 0, LOAD,
		FAULT_NONE, "", 0, 0, 0 };

	(void)state;
	for (size_t n = 0; n <= 2 * EF_SIZE; n++) {
		struct view cut = { NULL, n / 2 };
		uint8_t *p = malloc(cut.n + 1);
		struct fixture f;

		begin_addresses_2(&f, &a);
		if (n % 2) {
			ef_add_multiboot_1(&f.file, ADDRESSES);
			put_words(&f.file, EF_HEADER_AT + 12, &a.header, 5);
		}
		memcpy(p + 1, f.file.p, cut.n);
		cut.p = p + 1;
		assert_int_equal(image_parse(cut, &f.arena, &f.image, &f.error), cut.n == EF_SIZE);
		free(p);
		arena_free(&f.arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(version_1_around_an_elf),
		CASE(version_2_comes_first),
		CASE(a_64_bit_elf_with_the_first_header),
		CASE(addresses_of_version_1),
		CASE(addresses_of_version_2),
		CASE(flags_of_version_1),
		CASE(the_header_is_searched_in_8_kib),
		CASE(tags_of_version_2),
		CASE(a_header_longer_than_it_may_be),
		CASE(a_program_above_4_gib_cannot_be_entered),
		CASE(cut_at_every_byte),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
