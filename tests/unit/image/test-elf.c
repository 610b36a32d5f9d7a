/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* ELF files: what is read of a good one, each field damaged, and cut at every byte. */
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

static void begin(struct fixture *f, bool is_64_bit)
{
	*f = (struct fixture){ 0 };
	f->file = ef_make(&f->arena, is_64_bit);
}

static bool parse(struct fixture *f)
{
	f->error = (struct error){ 0 };
	return image_parse(ef_view(f->file), &f->arena, &f->image, &f->error);
}

static void a_good_one(bool is_64_bit)
{
	const struct elf *elf;
	struct fixture f;

	begin(&f, is_64_bit);
	assert_true(parse(&f));
	elf = &f.image.elf;
	assert_int_equal(f.image.format, IMAGE_ELF);
	assert_int_equal(f.image.arch, is_64_bit ? ARCH_X86_64 : ARCH_I386);
	assert_int_equal(elf->headers.is_64_bit, is_64_bit);
	assert_int_equal(elf->load_count, 2);
	assert_ptr_equal(elf->loads[0].bytes.p, f.file.p + EF_CODE_AT);
	assert_int_equal(elf->loads[0].bytes.n, EF_CODE_SIZE);
	assert_int_equal(elf->loads[0].memory.start, EF_CODE);
	assert_int_equal(elf->loads[1].memory.start, EF_DATA);
	assert_int_equal(elf->loads[1].memory.size, EF_DATA_MEMORY);
	assert_int_equal(elf->memory.start, EF_CODE);
	assert_int_equal(range_end(elf->memory), EF_END);
	assert_int_equal(elf->entry, EF_ENTRY);
	assert_string_equal(f.image.version, "");
	assert_true(image_has_type(&f.image, is_64_bit ? "elf-x86_64" : "elf-x86"));
	assert_false(image_has_type(&f.image, is_64_bit ? "elf-x86" : "elf-x86_64"));
	/* Linked to a virtual address, as most but Linux are. */
	ef_set(&f.file, "entry", (is_64_bit ? EF_VIRTUAL_64 : EF_VIRTUAL_32) + EF_ENTRY);
	assert_true(parse(&f));
	assert_int_equal(f.image.elf.entry, EF_ENTRY);
	arena_free(&f.arena);
}

static void a_good_one_of_64_bits(void **state)
{
	(void)state;
	a_good_one(true);
}

static void a_good_one_of_32_bits(void **state)
{
	(void)state;
	a_good_one(false);
}

static void linux_is_known_by_its_banner(void **state)
{
	struct fixture f;

	(void)state;
	begin(&f, true);
	ef_add_banner(&f.file);
	assert_true(parse(&f));
	assert_string_equal(f.image.version, "6.1.0-test (x@y) #1");
	assert_int_equal(f.image.bzimage.protocol, 0x020f);
	assert_true(f.image.bzimage.xloadflags & XLF_KERNEL_64);
	assert_false(f.image.bzimage.xloadflags & XLF_ABOVE_4G);
	assert_int_equal(f.image.bzimage.command_line_max, 2047);
	assert_true(view_has_at(f.image.bzimage.setup_header, 0x202 - SETUP_HEADER_OFFSET, "HdrS"));
	assert_int_equal(f.image.bzimage.setup_header.p[0x1fe - SETUP_HEADER_OFFSET], 0x55);
	/* At the very end of what is loaded there is no version behind the words. */
	block_put_bytes(&f.file, EF_BANNER_AT, view_of_string("Xinux version %s; Xinux"));
	block_put_bytes(&f.file, EF_SIZE - 14, view_of_string("Linux version "));
	assert_true(parse(&f));
	assert_string_equal(f.image.version, "");
	arena_free(&f.arena);
}

struct row {
	const char *field;
	uint64_t bad;
	enum fault fault;
	const char *reason; /* or why it is accepted */
};

/* clang-format off */
static const struct row rows[] = {
	{ "magic", 0, FAULT_IMAGE_UNKNOWN, "in no format" },
	{ "class", 0, FAULT_NONE, "known by its magic bytes only" },
	{ "byte order", 2, FAULT_NONE, "known by its magic bytes only" },
	{ "version", 0, FAULT_IMAGE_OTHER_ARCH, "version 0" },
	{ "type", 1, FAULT_IMAGE_UNKNOWN, "type 1" },
	{ "type", 3, FAULT_NONE, "one that may be moved" },
	{ "type", 4, FAULT_IMAGE_UNKNOWN, "type 4" },
	{ "machine", 8, FAULT_NONE, "known by its magic bytes only" },
	{ "entry", 0, FAULT_IMAGE_CORRUPT, "entry point 0 lies in none" },
	{ "entry", EF_CODE + EF_CODE_SIZE, FAULT_IMAGE_CORRUPT, "lies in none" },
	{ "entry", EF_DATA + EF_DATA_SIZE, FAULT_IMAGE_CORRUPT, "lies in none" }, /* in bss */
	{ "entry", UINT64_MAX, FAULT_IMAGE_CORRUPT, "lies in none" },
	{ "phoff", EF_SIZE, FAULT_IMAGE_TRUNCATED, "program header table" },
	{ "phoff", UINT64_MAX, FAULT_IMAGE_TRUNCATED, "program header table" },
	{ "phoff", UINT64_MAX - 100, FAULT_IMAGE_TRUNCATED, "program header table" },
	{ "phentsize", 0, FAULT_IMAGE_CORRUPT, "of 0 bytes" },
	{ "phentsize", 33, FAULT_IMAGE_CORRUPT, "of 33 bytes" },
	{ "phnum", 0, FAULT_IMAGE_CORRUPT, "0 program headers" },
	{ "phnum", 65, FAULT_IMAGE_CORRUPT, "65 program headers" },
	{ "phnum", 65535, FAULT_IMAGE_CORRUPT, "65535 program headers" },
	{ "p_type", 3, FAULT_IMAGE_UNKNOWN, "runs under a kernel" },
	{ "p_type", 0, FAULT_NONE, "the other part is left" },
	{ "p_offset", EF_SIZE, FAULT_IMAGE_TRUNCATED, "reaches past its 1024 bytes" },
	{ "p_offset", UINT64_MAX, FAULT_IMAGE_TRUNCATED, "reaches past" },
	{ "p_paddr", EF_CODE + EF_CODE_SIZE - 1, FAULT_IMAGE_CORRUPT, "overlap" },
	{ "p_paddr", EF_CODE + EF_CODE_SIZE, FAULT_NONE, "they share a page" },
	{ "p_filesz", EF_SIZE, FAULT_IMAGE_TRUNCATED, "reaches past" },
	{ "p_filesz", UINT64_MAX, FAULT_IMAGE_TRUNCATED, "reaches past" },
	{ "p_filesz", 0, FAULT_NONE, "only zeros" },
	{ "p_memsz", EF_DATA_SIZE - 1, FAULT_IMAGE_CORRUPT, "127 bytes in memory, 128 in the file" },
	{ "p_memsz", 0, FAULT_IMAGE_CORRUPT, "0 bytes in memory" },
	{ "p_vaddr", 0, FAULT_NONE, "it is looked at only for the entry point" },
};
/* clang-format on */

static void each_field_damaged(void **state)
{
	(void)state;
	for (size_t i = 0; i < 2 * (sizeof rows / sizeof rows[0]); i++) {
		const struct row *row = &rows[i / 2];
		struct fixture f;

		begin(&f, i % 2);
		ef_set(&f.file, row->field, row->bad);
		if (parse(&f) != (row->fault == FAULT_NONE) || f.error.fault != row->fault)
			fail_msg("%s %#llx: fault %d: %s", row->field, (unsigned long long)row->bad,
				f.error.fault, f.error.reason);
		if (row->fault)
			assert_reason(f.error, row->reason);
		arena_free(&f.arena);
	}
}

static void addresses_that_wrap(void **state)
{
	struct fixture f;

	(void)state;
	begin(&f, true);
	ef_set(&f.file, "p_paddr", UINT64_MAX - 100);
	assert_false(parse(&f));
	assert_int_equal(f.error.fault, FAULT_IMAGE_CORRUPT);
	ef_set(&f.file, "p_paddr", EF_DATA);
	ef_set(&f.file, "p_memsz", UINT64_MAX);
	assert_false(parse(&f));
	assert_int_equal(f.error.fault, FAULT_IMAGE_CORRUPT);
	arena_free(&f.arena);
}

/* One byte each. */
static void more_parts_than_are_taken(void **state)
{
	enum { COUNT = ELF_LOADS_MAX + 1 };
	struct fixture f;

	(void)state;
	begin(&f, false);
	f.file = (struct block){ arena_alloc(&f.arena, 4096), 4096, false };
	memcpy(f.file.p, ef_make(&f.arena, false).p, EF_SIZE);
	for (unsigned i = 0; i < COUNT; i++)
		ef_set_part(&f.file, i, 1, 2048, EF_CODE + 4096 * i, 1, 1);
	ef_set(&f.file, "entry", EF_CODE);
	ef_set(&f.file, "phnum", COUNT - 1);
	assert_true(parse(&f));
	assert_int_equal(f.image.elf.load_count, ELF_LOADS_MAX);
	ef_set(&f.file, "phnum", COUNT);
	assert_false(parse(&f));
	assert_reason(f.error, "more than 16 loadable parts");
	arena_free(&f.arena);
}

/* In memory of its own, so that a sanitizer sees each byte that is read behind the end. */
static void cut_at_every_byte(void **state)
{
	(void)state;
	for (size_t n = 0; n < 2 * EF_SIZE; n++) {
		struct view cut = { NULL, n / 2 };
		uint8_t *p = malloc(cut.n + 1);
		struct fixture f;

		begin(&f, n % 2);
		ef_add_banner(&f.file);
		memcpy(p + 1, f.file.p, cut.n);
		cut.p = p + 1;
		assert_false(image_parse(cut, &f.arena, &f.image, &f.error) &&
			f.image.format != IMAGE_FOREIGN);
		free(p);
		arena_free(&f.arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(a_good_one_of_64_bits),
		CASE(a_good_one_of_32_bits),
		CASE(linux_is_known_by_its_banner),
		CASE(each_field_damaged),
		CASE(addresses_that_wrap),
		CASE(more_parts_than_are_taken),
		CASE(cut_at_every_byte),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
