/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Kernels that are their own image in memory: what their headers say, damaged and cut short. */
#include "image/raw-file.h"

#include <stdlib.h>

#include "image/image.h"

struct fixture {
	struct arena arena;
	const struct rf_kernel *kernel;
	struct block file;
	struct image image;
	struct error err;
};

static struct fixture make(int kernel, bool pe)
{
	struct fixture f = { .kernel = &rf_kernels[kernel] };

	f.file = rf_make(&f.arena, f.kernel, pe);
	return f;
}

static bool parse(struct fixture *f)
{
	f->err = (struct error){ 0 };
	return image_parse(rf_view(f->file), &f->arena, &f->image, &f->err);
}

static void set(struct fixture *f, const char *field, uint64_t value)
{
	rf_set(&f->file, f->kernel, field, value);
}

static void good_ones(void **state)
{
	(void)state;
	for (int i = 0; i < 2 * RF_KERNELS; i++) {
		struct fixture f = make(i / 2, i % 2);
		const struct raw_image *raw = &f.image.raw;

		if (!parse(&f))
			fail_msg("%s: %s", f.kernel->name, f.err.reason);
		assert_int_equal(f.image.format, IMAGE_RAW);
		assert_int_equal(f.image.arch, f.kernel->arch);
		assert_string_equal(f.image.name, f.kernel->name);
		assert_string_equal(f.image.version, "6.1.0-test (x@y) #1");
		assert_int_equal(raw->memory_size, RF_MEMORY);
		assert_int_equal(raw->alignment, MiB(2));
		assert_false(raw->big_endian);
		for (int k = 0; k < RF_KERNELS; k++)
			assert_int_equal(image_has_type(&f.image, rf_kernels[k].type), k == i / 2);
		assert_null(image_wrapper(rf_view(f.file)));
		arena_free(&f.arena);
	}
}

static void an_arm64_image_says_where(void **state)
{
	struct fixture f = make(RF_ARM64, true);
	const struct raw_image *raw = &f.image.raw;

	(void)state;
	assert_true(parse(&f));
	assert_int_equal(raw->text_offset, 0x80000);
	assert_int_equal(raw->entry_offset, 0);
	assert_int_equal(raw->link_address, PHYS_MAX);
	assert_true(raw->anywhere);
	assert_int_equal(raw->page_size, 4096);
	set(&f, "flags", 0x7);
	assert_true(parse(&f));
	assert_true(raw->big_endian);
	assert_false(raw->anywhere);
	assert_int_equal(raw->page_size, 65536);
	set(&f, "flags", 0x4);
	assert_true(parse(&f));
	assert_int_equal(raw->page_size, 16384);
	set(&f, "flags", ~UINT64_C(0xf));
	assert_true(parse(&f));
	assert_int_equal(raw->page_size, 0);
	arena_free(&f.arena);
}

/* Before Linux 3.17 the size was not there, and the offset was the kernel's own kind of number. */
static void an_arm64_image_of_old(void **state)
{
	struct fixture f = make(RF_ARM64, false);
	const struct raw_image *raw = &f.image.raw;

	(void)state;
	set(&f, "memory", 0);
	set(&f, "flags", 0);
	assert_true(parse(&f));
	assert_int_equal(raw->text_offset, 0x80000);
	assert_int_equal(raw->memory_size, RF_SIZE + MiB(16));
	assert_false(raw->anywhere || raw->big_endian);
	set(&f, "text_offset", UINT64_C(0x0000080000000000));
	assert_true(parse(&f));
	assert_int_equal(raw->text_offset, 0x80000);
	assert_true(raw->big_endian);
	arena_free(&f.arena);
}

static void a_riscv_image_says_where(void **state)
{
	struct fixture f = make(RF_RISCV, true);
	const struct raw_image *raw = &f.image.raw;

	(void)state;
	assert_true(parse(&f));
	assert_int_equal(raw->text_offset, MiB(2));
	assert_int_equal(raw->entry_offset, 0);
	assert_int_equal(raw->link_address, PHYS_MAX);
	assert_false(raw->anywhere);
	assert_int_equal(raw->page_size, 0);
	set(&f, "flags", 1);
	set(&f, "old magic", 0); /* it may go, the document says */
	assert_true(parse(&f));
	assert_true(raw->big_endian);
	arena_free(&f.arena);
}

static void a_loongarch_kernel_says_where(void **state)
{
	static const uint64_t entries[] = { 0x200400, UINT64_C(0x9000000000200400) };

	(void)state;
	for (size_t i = 0; i < sizeof entries / sizeof entries[0]; i++) {
		struct fixture f = make(RF_LOONG, true);
		const struct raw_image *raw = &f.image.raw;

		set(&f, "entry", entries[i]);
		assert_true(parse(&f));
		assert_int_equal(raw->link_address, 0x200000);
		assert_int_equal(raw->text_offset, 0);
		assert_int_equal(raw->entry_offset, 0x400);
		arena_free(&f.arena);
	}
}

static bool moves(struct fixture *f)
{
	assert_true(parse(f));
	return raw_image_moves(&f->image.raw, f->image.bytes, f->image.arch);
}

static void what_is_linked_nowhere_moves(void **state)
{
	(void)state;
	for (int i = 0; i < RF_KERNELS; i++) {
		struct fixture f = make(i, true);

		assert_int_equal(moves(&f), i != RF_LOONG);
		arena_free(&f.arena);
	}
}

/* Its header is the same; relocations of its own are in it, of which each word counts. */
static void a_loongarch_kernel_moves_by_its_relocations(void **state)
{
	static const struct {
		unsigned record, word;
		uint64_t bad;
	} damages[] = {
		{ 0, 0, UINT64_C(0x90000000001ffff8) },                /* before it */
		{ 1, 0, UINT64_C(0x9000000000210000) },                /* behind it */
		{ 1, 0, UINT64_C(0x9000000000200004) },                /* no word */
		{ 2, 0, UINT64_C(0x9000000000200000) + RF_PLACES_AT }, /* not in order */
		{ 3, 0, UINT64_C(0x9000000000200000) + RF_SIZE },      /* not in the file */
		{ 3, 0, UINT64_MAX - 7 },
		{ 0, 1, 2 },
		{ 3, 1, UINT64_C(0x300000003) },
		{ 2, 2, UINT64_C(0x9000000000200008) }, /* not what is there */
		{ 3, 2, UINT64_C(0x9000000000210000) }, /* no place in it */
		{ 3, 2, 0x200000 },
	};
	struct fixture f = make(RF_LOONG, true);

	(void)state;
	rf_relocate(&f.file);
	assert_true(moves(&f));
	arena_free(&f.arena);
	for (size_t i = 0; i < sizeof damages / sizeof damages[0]; i++) {
		f = make(RF_LOONG, true);
		rf_relocate(&f.file);
		rf_set_record(&f.file, damages[i].record, damages[i].word, damages[i].bad);
		if (moves(&f))
			fail_msg("damage %d", (int)i);
		arena_free(&f.arena);
	}
}

static void relocations_that_are_cut_are_none(void **state)
{
	struct fixture f = make(RF_LOONG, true);

	(void)state;
	rf_relocate(&f.file);
	assert_true(parse(&f));
	for (size_t n = 0; n < RF_PLACES_AT + (RF_RECORDS - 1) * 16 + 8; n++) {
		uint8_t *copy = malloc(n + (n == 0));

		assert_non_null(copy);
		memcpy(copy, f.file.p, n);
		assert_false(
			raw_image_moves(&f.image.raw, (struct view){ copy, n }, ARCH_LOONGARCH64));
		free(copy);
	}
	arena_free(&f.arena);
}

struct row {
	int kernel;
	const char *field;
	uint64_t bad;
	enum fault fault;
	const char *text; /* part of the reason, or why it is accepted */
};

/* clang-format off */
static const struct row rows[] = {
	{ RF_ARM64, "code", UINT64_MAX, FAULT_NONE, "it is the kernel's own" },
	{ RF_ARM64, "text_offset", 1, FAULT_IMAGE_CORRUPT, "0x1 bytes behind a multiple of 0x200000" },
	{ RF_ARM64, "text_offset", GiB(1) + 4096, FAULT_IMAGE_CORRUPT, "0x40001000 bytes behind" },
	{ RF_ARM64, "text_offset", -UINT64_C(4096), FAULT_IMAGE_CORRUPT, "0xfffffffffffff000 bytes" },
	{ RF_ARM64, "text_offset", 0, FAULT_NONE, "kernels since 5.8 have it so" },
	{ RF_ARM64, "memory", 1, FAULT_IMAGE_CORRUPT, "needs 1 bytes of memory, 3584 of it are in the file" },
	{ RF_ARM64, "memory", RF_SIZE - 1, FAULT_IMAGE_CORRUPT, "needs 3583 bytes of memory" },
	{ RF_ARM64, "memory", RF_SIZE, FAULT_NONE, "a kernel without BSS" },
	{ RF_ARM64, "memory", GiB(2) + 1, FAULT_IMAGE_CORRUPT, "needs 2147483649 bytes" },
	{ RF_ARM64, "memory", UINT64_MAX, FAULT_IMAGE_CORRUPT, "needs 18446744073709551615 bytes" },
	{ RF_ARM64, "flags", UINT64_MAX, FAULT_NONE, "flags of the future" },
	{ RF_ARM64, "reserved", UINT64_MAX, FAULT_NONE, "reserved" },
	{ RF_ARM64, "magic", 0, FAULT_NONE, "then it is any program for EFI" },
	{ RF_RISCV, "code", UINT64_MAX, FAULT_NONE, "it is the kernel's own" },
	{ RF_RISCV, "text_offset", 2048, FAULT_IMAGE_CORRUPT, "0x800 bytes behind" },
	{ RF_RISCV, "text_offset", 0, FAULT_NONE, "kernels for machine mode have it so" },
	{ RF_RISCV, "text_offset", MiB(4), FAULT_IMAGE_OTHER_ARCH, "it is for 32-bit RISC-V" },
	{ RF_RISCV, "memory", 0, FAULT_IMAGE_CORRUPT, "needs 0 bytes" },
	{ RF_RISCV, "memory", UINT64_MAX, FAULT_IMAGE_CORRUPT, "3584 of it are in the file" },
	{ RF_RISCV, "flags", UINT64_MAX, FAULT_NONE, "flags of the future" },
	{ RF_RISCV, "version", 0xffff, FAULT_NONE, "a minor version" },
	{ RF_RISCV, "version", 0x10002, FAULT_IMAGE_UNKNOWN, "its header is of version 1.2" },
	{ RF_RISCV, "version", UINT32_MAX, FAULT_IMAGE_UNKNOWN, "of version 65535.65535" },
	{ RF_RISCV, "old magic", UINT64_MAX, FAULT_NONE, "deprecated" },
	{ RF_RISCV, "magic", 0, FAULT_NONE, "then it is any program for EFI" },
	{ RF_LOONG, "entry", 0x1fffff, FAULT_IMAGE_CORRUPT, "to lie at 0x200000 and to be entered at 0x1fffff" },
	{ RF_LOONG, "entry", 0x200401, FAULT_IMAGE_CORRUPT, "entry point lies 0x401 bytes behind its start" },
	{ RF_LOONG, "entry", 0x200000 + RF_SIZE, FAULT_IMAGE_CORRUPT, "0xe00 bytes behind its start, the file has 0xe00" },
	{ RF_LOONG, "entry", UINT64_MAX, FAULT_IMAGE_CORRUPT, "0xffffffdfffff bytes behind" },
	{ RF_LOONG, "memory", 0, FAULT_IMAGE_CORRUPT, "needs 0 bytes" },
	{ RF_LOONG, "memory", UINT64_MAX, FAULT_IMAGE_CORRUPT, "3584 of it are in the file" },
	{ RF_LOONG, "load_offset", 0x200001, FAULT_IMAGE_CORRUPT, "it wants to lie at 0x200001" },
	{ RF_LOONG, "load_offset", 0x100000, FAULT_IMAGE_CORRUPT, "it wants to lie at 0x100000" },
	{ RF_LOONG, "load_offset", UINT64_C(0x9000000000200000), FAULT_IMAGE_CORRUPT, "it wants to lie at 0x9000000000200000" },
	{ RF_LOONG, "load_offset", 0x400000, FAULT_IMAGE_CORRUPT, "to be entered at 0x200400" },
	{ RF_LOONG, "reserved", UINT64_MAX, FAULT_NONE, "reserved" },
	{ RF_LOONG, "magic", 0, FAULT_NONE, "then it is any program for EFI" },
};
/* clang-format on */

enum { ROW_COUNT = sizeof rows / sizeof rows[0] };

static void each_field_damaged(void **state)
{
	(void)state;
	for (size_t i = 0; i < ROW_COUNT; i++) {
		struct fixture f = make(rows[i].kernel, true);

		set(&f, rows[i].field, rows[i].bad);
		block_put_bytes(&f.file, 0, view_of_string("MZ"));
		if (parse(&f) != (rows[i].fault == FAULT_NONE))
			fail_msg("row %d: %s", (int)i, f.err.reason);
		if (rows[i].fault != FAULT_NONE) {
			assert_int_equal(f.err.fault, rows[i].fault);
			assert_int_equal(fault_class(f.err.fault), CLASS_IMAGE);
			assert_reason(f.err, rows[i].text);
			assert_reason(f.err, f.kernel->name);
		}
		arena_free(&f.arena);
	}
}

static void every_field_has_a_row(void **state)
{
	(void)state;
	for (int i = 0; i < RF_KERNELS; i++)
		for (const struct rf_field *f = rf_kernels[i].fields; f->name; f++) {
			bool found = false;

			for (size_t k = 0; k < ROW_COUNT; k++)
				found |= rows[k].kernel == i && strcmp(rows[k].field, f->name) == 0;
			if (!found)
				fail_msg("%s: %s", rf_kernels[i].name, f->name);
		}
}

/* Every byte of the magic number counts. */
static void a_magic_number_is_exact(void **state)
{
	(void)state;
	for (int i = 0; i < RF_KERNELS; i++)
		for (unsigned k = 0; k < 4; k++) {
			struct fixture f = make(i, false);

			f.file.p[rf_field(f.kernel, "magic")->offset + k] ^= 1;
			if (parse(&f))
				assert_string_not_equal(f.image.name, f.kernel->name);
			arena_free(&f.arena);
		}
}

/* Two headers that do not agree are damage, or a trick. */
static void a_pe_header_of_another_cpu(void **state)
{
	(void)state;
	for (int i = RF_ARM64; i <= RF_RISCV; i++) {
		struct fixture f = make(i, true);

		block_put_le16(&f.file, PEF_COFF, rf_kernels[RF_LOONG].machine);
		block_put_bytes(&f.file, 0, view_of_string("MZ"));
		assert_false(parse(&f));
		assert_int_equal(f.err.fault, FAULT_IMAGE_CORRUPT);
		assert_reason(f.err, "its PE header is for loong64");
		arena_free(&f.arena);
	}
}

/* The copy ends where its memory ends, so that a sanitizer sees every overrun. */
static void cut_at_every_byte(void **state)
{
	(void)state;
	for (int i = 0; i < RF_KERNELS; i++) {
		struct fixture f = make(i, true);

		block_put_bytes(&f.file, 0, view_of_string("MZ"));
		for (size_t n = 0; n < RF_SIZE; n++) {
			uint8_t *copy = malloc(n + (n == 0));
			struct arena a = { 0 };

			assert_non_null(copy);
			memcpy(copy, f.file.p, n);
			f.err = (struct error){ 0 };
			/* Behind the section there is only what fills its block. */
			if (image_parse((struct view){ copy, n }, &a, &f.image, &f.err)) {
				assert_true(n >= 512 + RF_PE_ENTRY_SIZE);
			} else {
				assert_int_equal(fault_class(f.err.fault), CLASS_IMAGE);
				if (f.err.fault != FAULT_IMAGE_TRUNCATED &&
					f.err.fault != FAULT_IMAGE_UNKNOWN)
					fail_msg("%d bytes: %s", (int)n, f.err.reason);
			}
			arena_free(&a);
			free(copy);
		}
		arena_free(&f.arena);
	}
}

/* Each byte of the header takes each value: what is accepted can be relied on. */
static void each_byte_of_the_header(void **state)
{
	(void)state;
	for (int i = 0; i < RF_KERNELS; i++) {
		struct fixture f = make(i, true);

		for (size_t at = 0; at < RAW_IMAGE_HEADER_SIZE; at++) {
			uint8_t good = f.file.p[at];

			for (unsigned value = 0; value < 256; value++) {
				const struct raw_image *raw = &f.image.raw;

				f.file.p[at] = (uint8_t)value;
				if (parse(&f) && f.image.format == IMAGE_RAW) {
					assert_in_range(raw->memory_size, RF_SIZE, GiB(2));
					assert_true(raw->text_offset <= GiB(1));
					assert_true(raw->text_offset % 4096 == 0);
					assert_true(raw->entry_offset < RF_SIZE);
				}
			}
			f.file.p[at] = good;
		}
		arena_free(&f.arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(good_ones),
		CASE(an_arm64_image_says_where),
		CASE(an_arm64_image_of_old),
		CASE(a_riscv_image_says_where),
		CASE(a_loongarch_kernel_says_where),
		CASE(what_is_linked_nowhere_moves),
		CASE(a_loongarch_kernel_moves_by_its_relocations),
		CASE(relocations_that_are_cut_are_none),
		CASE(each_field_damaged),
		CASE(every_field_has_a_row),
		CASE(a_magic_number_is_exact),
		CASE(a_pe_header_of_another_cpu),
		CASE(cut_at_every_byte),
		CASE(each_byte_of_the_header),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
