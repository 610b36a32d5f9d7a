/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Makes small kernels that are their own image in memory, one of each CPU that has such: the header,
 * with a PE header behind it or without, and the banner of Linux in what follows.
 */
#pragma once

#include "base/cpu.h"
#include "base/range.h"
#include "image/pe-file.h"

enum {
	RF_PE_ENTRY_SIZE = 3000, /* of the one section behind the headers */
	RF_SIZE = 512 + 3072,
	RF_MEMORY = 0x10000,
	RF_BANNER_AT = 2000,
	RF_RECORDS = 4, /* of relocations, where a kernel has some */
	RF_RECORDS_AT = 2400,
	RF_PLACES_AT = 2800, /* what they are about, 16 bytes apart */
};

struct rf_field {
	const char *name;
	uint8_t offset, width;
	uint64_t good;
};

/* One kernel: its fields in the file's first 64 bytes, without the pointer to the PE header. */
struct rf_kernel {
	const char *name;
	const char *type;
	enum cpu_arch arch;
	uint16_t machine;
	bool needs_pe;
	/* The same kernel as an ELF file. */
	struct rf_elf {
		const char *name, *type;
		uint16_t machine;
		uint64_t start; /* where Linux has its first part in its program headers */
		uint64_t text_offset, link_address;
	} elf;
	struct rf_field fields[8];
};

/* clang-format off */
static const struct rf_kernel rf_kernels[] = {
	{ "arm64 Image", "Image", ARCH_ARM64, PEF_ARM64, false,
		{ "arm64 ELF kernel", "vmlinux", 183, UINT64_C(0xffff800008000000), 0x80000, PHYS_MAX }, {
		{ "code", 2, 6, 0 },
		{ "text_offset", 8, 8, 0x80000 },
		{ "memory", 16, 8, RF_MEMORY },
		{ "flags", 24, 8, 0xa },
		{ "reserved", 32, 8, 0 },
		{ "magic", 56, 4, 0x644d5241 },
	} },
	{ "riscv64 Image", "image-riscv", ARCH_RISCV64, 0x5064, false,
		{ "riscv64 ELF kernel", "elf-riscv", 243, 0, 0x200000, PHYS_MAX }, {
		{ "code", 2, 6, 0 },
		{ "text_offset", 8, 8, 0x200000 },
		{ "memory", 16, 8, RF_MEMORY },
		{ "flags", 24, 8, 0 },
		{ "version", 32, 4, 2 },
		{ "old magic", 48, 8, 0x5643534952 },
		{ "magic", 56, 4, 0x05435352 },
	} },
	{ "loong64 kernel", "pei-loongarch", ARCH_LOONGARCH64, 0x6264, true,
		{ "loong64 ELF kernel", "elf-loongarch", 258, UINT64_C(0x9000000000200000), 0, 0x200000 }, {
		{ "entry", 8, 8, 0x200400 },
		{ "memory", 16, 8, RF_MEMORY },
		{ "load_offset", 24, 8, 0x200000 },
		{ "reserved", 32, 8, 0 },
		{ "magic", 56, 4, 0x818223cd },
	} },
};
/* clang-format on */

enum {
	RF_KERNELS = sizeof rf_kernels / sizeof rf_kernels[0],
	RF_ARM64 = 0,
	RF_RISCV = 1,
	RF_LOONG = 2
};

static inline const struct rf_field *rf_field(const struct rf_kernel *kernel, const char *name)
{
	for (const struct rf_field *f = kernel->fields; f->name; f++)
		if (strcmp(f->name, name) == 0)
			return f;
	fail_msg("%s has no field %s", kernel->name, name);
	return NULL;
}

static inline void rf_set(
	struct block *file, const struct rf_kernel *kernel, const char *name, uint64_t value)
{
	const struct rf_field *field = rf_field(kernel, name);

	for (unsigned i = 0; i < field->width; i++)
		block_put_u8(file, field->offset + i, i < 8 ? (uint8_t)(value >> 8 * i) : 0);
}

static inline struct block rf_make(struct arena *a, const struct rf_kernel *kernel, bool pe)
{
	static const char banner[] = "Linux version %s\nLinux version 6.1.0-test (x@y) #1\nmore";
	uint8_t *code = arena_alloc(a, RF_PE_ENTRY_SIZE);
	struct pef_section text = { .name = ".text", .bytes = { code, RF_PE_ENTRY_SIZE } };
	struct block file;

	memset(code, 0x77, RF_PE_ENTRY_SIZE);
	file = pef_make(a, kernel->machine, &text, 1);
	if (!pe && !kernel->needs_pe)
		memset(file.p, 0, PEF_TABLE + PEF_SECTION_HEADER);
	for (const struct rf_field *f = kernel->fields; f->name; f++)
		rf_set(&file, kernel, f->name, f->good);
	block_put_bytes(&file, RF_BANNER_AT, view_of_string(banner));
	assert_int_equal(file.n, RF_SIZE);
	assert_false(file.overrun);
	return file;
}

/* A word of a record: of three, where, what kind, the value. */
static inline void rf_set_record(struct block *file, unsigned record, unsigned word, uint64_t value)
{
	block_put_le64(file, RF_RECORDS_AT + record * 24 + word * 8, value);
}

/* As the linker leaves a position-independent kernel for LoongArch: the place has the value or nothing. */
static inline void rf_relocate(struct block *file)
{
	const uint64_t linked = UINT64_C(0x9000000000200000);

	for (unsigned i = 0; i < RF_RECORDS; i++) {
		unsigned place = RF_PLACES_AT + i * 16;

		rf_set_record(file, i, 0, linked + place);
		rf_set_record(file, i, 1, 3);
		rf_set_record(file, i, 2, linked + 0x1000 - i);
		block_put_le64(file, place, i % 2 ? 0 : linked + 0x1000 - i);
	}
}

static inline struct view rf_view(struct block file)
{
	return (struct view){ file.p, file.n };
}
