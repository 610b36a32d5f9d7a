/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The reader of PE files: good ones, each field damaged, cut at every byte. */
#include "image/pe-file.h"

#include <stdlib.h>

#include "image/pe.h"

static const char signature[] = "a signature of 25 bytes..";

static const struct pef_section sections[] = {
	{ ".text", "the program", { 0 } },
	{ ".eightch", "no zero ends its name", { 0 } },
	{ ".last", "z", { 0 } },
};

enum {
	COUNT = sizeof sections / sizeof sections[0],
	SIGNATURE_SIZE = sizeof signature - 1,
};

static struct block make(struct arena *a)
{
	return pef_make_signed(a, PEF_X86_64, sections, COUNT, view_of_string(signature));
}

/* All that can be read of a file, in the order in which its users read it. */
static bool read_all(struct view bytes, struct pe *pe, struct arena *a, struct error *err)
{
	if (!pe_parse(bytes, pe, err))
		return false;
	for (size_t i = 0; i < pe->section_count; i++) {
		struct pe_section section;

		if (!pe_section(pe, i, &section, err))
			return false;
		assert_true(pef_inside(section.data, bytes));
		assert_true(strlen(section.name) <= PE_NAME_SIZE);
	}
	assert_true(pef_inside(pe->certificates, bytes));
	return pe_check_overlaps(pe, a, err);
}

static void a_good_file(void **state)
{
	struct arena a = { 0 };
	struct view bytes = pef_view(make(&a));
	struct error err = { 0 };
	struct pe pe;

	(void)state;
	assert_true(read_all(bytes, &pe, &a, &err));
	assert_int_equal(pe.arch, ARCH_X86_64);
	assert_int_equal(pe.section_count, COUNT);
	assert_true(view_equal(pe.certificates, view_of_string(signature)));
	for (size_t i = 0; i < COUNT; i++) {
		struct pe_section section;

		assert_true(pe_section(&pe, i, &section, &err));
		assert_string_equal(section.name, sections[i].name);
		assert_true(view_equal(section.data, view_of_string(sections[i].text)));
		assert_true(pe_probe_section(bytes, sections[i].name));
	}
	assert_false(pe_probe_section(bytes, ".tex"));
	assert_false(pe_probe_section(bytes, ".textt"));
	assert_false(pe_probe_section(bytes, ""));
	arena_free(&a);
}

static void machines(void **state)
{
	static const struct {
		uint16_t machine;
		enum cpu_arch arch;
	} rows[] = {
		{ 0x8664, ARCH_X86_64 },
		{ 0x014c, ARCH_I386 },
		{ 0xaa64, ARCH_ARM64 },
		{ 0x01c0, ARCH_ARM },
		{ 0x01c2, ARCH_ARM },
		{ 0x01c4, ARCH_ARM },
		{ 0x5064, ARCH_RISCV64 },
		{ 0x6264, ARCH_LOONGARCH64 },
		{ 0x0200, ARCH_UNKNOWN },
		{ 0xffff, ARCH_UNKNOWN },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct arena a = { 0 };
		struct view bytes = pef_view(pef_make(&a, rows[i].machine, sections, COUNT));
		enum cpu_arch arch = ARCH_S390X;
		struct error err = { 0 };
		struct pe pe;

		assert_true(pe_probe(bytes, &arch));
		assert_int_equal(arch, rows[i].arch);
		assert_true(read_all(bytes, &pe, &a, &err));
		assert_int_equal(pe.arch, rows[i].arch);
		assert_int_equal(pe.certificates.n, 0);
		arena_free(&a);
	}
}

/* PE32 has its directories elsewhere; its signature must be found, and not where PE32+ has it. */
static void a_32_bit_program(void **state)
{
	struct arena a = { 0 };
	struct block file = make(&a);
	struct error err = { 0 };
	struct pe pe;

	(void)state;
	block_put_le16(&file, PEF_OPTIONAL, 0x10b);
	assert_true(read_all(pef_view(file), &pe, &a, &err));
	assert_int_equal(pe.certificates.n, 0);
	block_put_le32(&file, PEF_OPTIONAL + 92, 5);
	block_put_le32(&file, PEF_OPTIONAL + 96 + 32, (uint32_t)file.n - SIGNATURE_SIZE);
	block_put_le32(&file, PEF_OPTIONAL + 96 + 36, SIGNATURE_SIZE);
	assert_true(read_all(pef_view(file), &pe, &a, &err));
	assert_true(view_equal(pe.certificates, view_of_string(signature)));
	arena_free(&a);
}

/* The padding of the last block is no data; what is not in the file is none either. */
static void the_virtual_size_cuts(void **state)
{
	static const struct {
		uint32_t virtual_size, raw_size, expected;
	} rows[] = {
		{ 1, 512, 1 },
		{ 511, 512, 511 },
		{ 512, 512, 512 },
		{ 4096, 512, 512 }, /* zeros follow in memory */
		{ 0, 512, 0 },
		{ 4096, 0, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct arena a = { 0 };
		struct block file = make(&a);
		struct pe_section section;
		struct error err = { 0 };
		struct pe pe;

		block_put_le32(&file, pef_header(0) + 8, rows[i].virtual_size);
		block_put_le32(&file, pef_header(0) + 16, rows[i].raw_size);
		assert_true(read_all(pef_view(file), &pe, &a, &err));
		assert_true(pe_section(&pe, 0, &section, &err));
		assert_int_equal(section.data.n, rows[i].expected);
		arena_free(&a);
	}
}

static void names_are_printable(void **state)
{
	struct arena a = { 0 };
	struct block file = make(&a);
	struct pe_section section;
	struct error err = { 0 };
	struct pe pe;

	(void)state;
	block_put_bytes(&file, pef_header(0), view_of_string("\x1b[2J\n\xff.x"));
	assert_true(pe_parse(pef_view(file), &pe, &err));
	assert_true(pe_section(&pe, 0, &section, &err));
	assert_string_equal(section.name, "?[2J??.x");
	arena_free(&a);
}

struct row {
	const char *field;
	uint64_t offset;
	unsigned width;
	uint32_t bad;
	enum fault fault;
	const char *text; /* part of the reason, or why it is accepted */
};

#define UNUSED "nothing of it is used to load a kernel"

/* clang-format off */
static const struct row rows[] = {
	{ "MZ", 0, 2, 0, FAULT_IMAGE_UNKNOWN, "it has no PE header" },
	{ "pointer", 60, 4, 0, FAULT_IMAGE_UNKNOWN, "no PE header" },
	{ "pointer", 60, 4, PEF_SIGNATURE_AT + 1, FAULT_IMAGE_UNKNOWN, "no PE header" },
	{ "pointer", 60, 4, UINT32_MAX, FAULT_IMAGE_UNKNOWN, "no PE header" },
	{ "pointer", 60, 4, UINT32_MAX - 23, FAULT_IMAGE_UNKNOWN, "no PE header" },
	{ "signature", PEF_SIGNATURE_AT, 4, 0x4551, FAULT_IMAGE_UNKNOWN, "no PE header" },
	{ "signature", PEF_SIGNATURE_AT, 4, 0x14550, FAULT_IMAGE_UNKNOWN, "no PE header" },
	{ "machine", PEF_COFF, 2, 0, FAULT_NONE, "whether it fits is decided elsewhere" },
	{ "sections", PEF_COFF + 2, 2, 0, FAULT_NONE, "a file may have none" },
	{ "sections", PEF_COFF + 2, 2, 60, FAULT_IMAGE_TRUNCATED, "inside the headers of its 60 sections" },
	{ "sections", PEF_COFF + 2, 2, 4096, FAULT_IMAGE_TRUNCATED, "inside the headers of its 4096 sections" },
	{ "sections", PEF_COFF + 2, 2, 4097, FAULT_IMAGE_CORRUPT, "it has 4097 sections; 4096 are possible" },
	{ "sections", PEF_COFF + 2, 2, 65535, FAULT_IMAGE_CORRUPT, "it has 65535 sections" },
	{ "time", PEF_COFF + 4, 4, UINT32_MAX, FAULT_NONE, UNUSED },
	{ "symbols", PEF_COFF + 8, 4, UINT32_MAX, FAULT_NONE, UNUSED },
	{ "symbol count", PEF_COFF + 12, 4, UINT32_MAX, FAULT_NONE, UNUSED },
	{ "optional size", PEF_COFF + 16, 2, 0, FAULT_IMAGE_CORRUPT, "optional header of 0 bytes has the magic number 0" },
	{ "optional size", PEF_COFF + 16, 2, 111, FAULT_IMAGE_CORRUPT, "of 111 bytes is too short" },
	{ "optional size", PEF_COFF + 16, 2, 151, FAULT_IMAGE_CORRUPT, "of 151 bytes is too short" },
	{ "optional size", PEF_COFF + 16, 2, 65535, FAULT_IMAGE_TRUNCATED, "inside its headers" },
	{ "characteristics", PEF_COFF + 18, 2, 0xffff, FAULT_NONE, UNUSED },
	{ "magic", PEF_OPTIONAL, 2, 0, FAULT_IMAGE_CORRUPT, "has the magic number 0" },
	{ "magic", PEF_OPTIONAL, 2, 0x20c, FAULT_IMAGE_CORRUPT, "has the magic number 0x20c" },
	{ "size of image", PEF_OPTIONAL + 56, 4, 0, FAULT_NONE, UNUSED },
	{ "size of headers", PEF_OPTIONAL + 60, 4, UINT32_MAX, FAULT_NONE, UNUSED },
	{ "subsystem", PEF_OPTIONAL + 68, 2, 0, FAULT_NONE, UNUSED },
	{ "directories", PEF_OPTIONAL + 108, 4, 0, FAULT_NONE, "then it is not signed" },
	{ "directories", PEF_OPTIONAL + 108, 4, UINT32_MAX, FAULT_NONE, "the fifth is there, others are not read" },
	{ "certificates", PEF_CERTIFICATE, 4, UINT32_MAX, FAULT_IMAGE_TRUNCATED, "its signature (offset 0xffffffff, 25 bytes) reaches past" },
	{ "certificates", PEF_CERTIFICATE, 4, 0, FAULT_IMAGE_CORRUPT, "overlap at byte 0" },
	{ "certificates", PEF_CERTIFICATE, 4, PEF_TABLE, FAULT_IMAGE_CORRUPT, "the headers and the signature overlap" },
	{ "certificates", PEF_CERTIFICATE, 4, 2 * PEF_BLOCK - 1, FAULT_IMAGE_CORRUPT, "the signature and .eightch overlap" },
	{ "certificate size", PEF_CERTIFICATE + 4, 4, 0, FAULT_NONE, "then it is not signed" },
	{ "certificate size", PEF_CERTIFICATE + 4, 4, SIGNATURE_SIZE + 1, FAULT_IMAGE_TRUNCATED, "26 bytes) reaches past" },
	{ "certificate size", PEF_CERTIFICATE + 4, 4, UINT32_MAX, FAULT_IMAGE_TRUNCATED, "4294967295 bytes) reaches past" },
	{ "virtual size", PEF_TABLE + 8, 4, UINT32_MAX, FAULT_IMAGE_CORRUPT, "section .text (4294967295 bytes for address 0x1000) reaches past 4 GiB" },
	{ "address", PEF_TABLE + 12, 4, UINT32_MAX - 10, FAULT_IMAGE_CORRUPT, "reaches past 4 GiB" },
	{ "address", PEF_TABLE + 12, 4, UINT32_MAX - 11, FAULT_NONE, "it ends at 4 GiB" },
	{ "raw size", PEF_TABLE + 16, 4, UINT32_MAX, FAULT_NONE, "the virtual size is smaller" },
	{ "raw size", PEF_TABLE + 16, 4, 0, FAULT_NONE, "as .bss has it" },
	{ "offset", PEF_TABLE + 20, 4, 0, FAULT_IMAGE_CORRUPT, "overlap at byte 0" },
	{ "offset", PEF_TABLE + 20, 4, PEF_TABLE + COUNT * PEF_SECTION_HEADER - 1, FAULT_IMAGE_CORRUPT, "the headers and .text overlap" },
	{ "offset", PEF_TABLE + 20, 4, PEF_TABLE + COUNT * PEF_SECTION_HEADER, FAULT_NONE, "just behind the headers" },
	{ "offset", PEF_TABLE + 20, 4, UINT32_MAX, FAULT_IMAGE_TRUNCATED, "its section .text (offset 0xffffffff, 11 bytes) reaches past" },
	{ "second's offset", PEF_TABLE + 60, 4, PEF_BLOCK + 10, FAULT_IMAGE_CORRUPT, ".text and .eightch overlap at byte 522" },
	{ "second's offset", PEF_TABLE + 60, 4, PEF_BLOCK + 11, FAULT_NONE, "side by side" },
	{ "relocations", PEF_TABLE + 24, 4, UINT32_MAX, FAULT_NONE, UNUSED },
	{ "line numbers", PEF_TABLE + 28, 4, UINT32_MAX, FAULT_NONE, UNUSED },
	{ "counts", PEF_TABLE + 32, 4, UINT32_MAX, FAULT_NONE, UNUSED },
	{ "characteristics", PEF_TABLE + 36, 4, UINT32_MAX, FAULT_NONE, UNUSED },
};
/* clang-format on */

static void each_field_damaged(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		const struct row *row = &rows[i];
		struct arena a = { 0 };
		struct block file = make(&a);
		struct error err = { 0 };
		struct pe pe;
		bool ok;

		for (unsigned k = 0; k < row->width; k++)
			block_put_u8(&file, row->offset + k, (uint8_t)(row->bad >> 8 * k));
		ok = read_all(pef_view(file), &pe, &a, &err);
		if (ok != (row->fault == FAULT_NONE))
			fail_msg("%s = %#x: %s", row->field, row->bad, err.reason);
		if (!ok) {
			assert_int_equal(err.fault, row->fault);
			assert_int_equal(fault_class(err.fault), CLASS_IMAGE);
			assert_reason(err, row->text);
		}
		arena_free(&a);
	}
}

/* As many as are possible; to test them for overlaps must not take the square of their number. */
static void many_sections(void **state)
{
	struct arena a = { 0 };
	size_t size = pef_header(PE_SECTIONS_MAX) + PE_SECTIONS_MAX;
	struct block file = { arena_alloc(&a, size), size, false };
	struct error err = { 0 };
	struct pe pe;

	(void)state;
	pef_put_headers(&file, PEF_X86_64, PE_SECTIONS_MAX);
	for (size_t i = 0; i < PE_SECTIONS_MAX; i++) {
		const struct pef_section one = { ".one", "1", { 0 } };

		/* The last one comes first. */
		pef_put_section(&file, i, &one, PEF_PAGE, size - 1 - i);
	}
	assert_true(read_all(pef_view(file), &pe, &a, &err));
	assert_int_equal(pe.section_count, PE_SECTIONS_MAX);
	block_put_le32(&file, pef_header(4000) + 20, (uint32_t)size - 100);
	assert_false(read_all(pef_view(file), &pe, &a, &err));
	assert_reason(err, ".one and .one overlap");
	arena_free(&a);
}

/* Each copy ends where its memory ends, so that a sanitizer sees what is read past it. */
static void cut_at_every_byte(void **state)
{
	struct arena a = { 0 };
	struct block file = make(&a);
	size_t size = file.n;

	(void)state;
	for (size_t n = 0; n < size; n++) {
		uint8_t *copy = malloc(n ? n : 1);
		struct view cut = { copy, n };
		struct error err = { 0 };
		struct pe pe;
		enum cpu_arch arch;

		assert_non_null(copy);
		memcpy(copy, file.p, n);
		assert_false(read_all(cut, &pe, &a, &err));
		assert_int_equal(
			err.fault, n < PEF_COFF + 2 ? FAULT_IMAGE_UNKNOWN : FAULT_IMAGE_TRUNCATED);
		assert_int_equal(pe_probe(cut, &arch), n >= PEF_COFF + 2);
		assert_int_equal(pe_probe_section(cut, ".last"), n >= pef_header(2) + 8);
		free(copy);
	}
	arena_free(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(a_good_file),
		CASE(machines),
		CASE(a_32_bit_program),
		CASE(the_virtual_size_cuts),
		CASE(names_are_printable),
		CASE(each_field_damaged),
		CASE(many_sections),
		CASE(cut_at_every_byte),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
