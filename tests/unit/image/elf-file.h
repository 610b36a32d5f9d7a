/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Makes a small kernel as an ELF file of 32 or 64 bits: code at 1 MiB, data with bss two pages
 * behind it, which lies first in the table; a note. The parts can hold a Multiboot header and the
 * banner of Linux.
 */
#pragma once

#include "test.h"

#include "base/arena.h"
#include "base/bytes.h"

enum {
	EF_PHDRS = 3,
	EF_CODE_AT = 0x200,
	EF_CODE_SIZE = 0x180,
	EF_DATA_AT = 0x380,
	EF_DATA_SIZE = 0x80,
	EF_SIZE = 0x400,

	EF_CODE = 0x100000,
	EF_DATA = 0x102000,
	EF_DATA_MEMORY = 0x2100,
	EF_END = EF_DATA + EF_DATA_MEMORY,
	EF_ENTRY = EF_CODE + 0x110,
	EF_RUN_AT_LOAD = 0x5c, /* of ppc64el: whether it stays where it lies */
	EF_BANNER_AT = EF_DATA_AT + 5,
	EF_HEADER_AT = EF_CODE_AT,
};

#define EF_VIRTUAL_64      UINT64_C(0xffffffff80000000)
#define EF_VIRTUAL_32      0xc0000000u
#define EF_VIRTUAL_PPC64EL UINT64_C(0xc000000000000000)

/* Where a field is, and how wide: in 64 bits, then in 32. */
struct ef_field {
	const char *name;
	uint16_t offset[2];
	uint8_t width[2];
};

/* clang-format off */
static const struct ef_field ef_header[] = {
	{ "magic", { 0, 0 }, { 4, 4 } },
	{ "class", { 4, 4 }, { 1, 1 } },
	{ "byte order", { 5, 5 }, { 1, 1 } },
	{ "version", { 6, 6 }, { 1, 1 } },
	{ "type", { 16, 16 }, { 2, 2 } },
	{ "machine", { 18, 18 }, { 2, 2 } },
	{ "entry", { 24, 24 }, { 8, 4 } },
	{ "phoff", { 32, 28 }, { 8, 4 } },
	{ "phentsize", { 54, 42 }, { 2, 2 } },
	{ "phnum", { 56, 44 }, { 2, 2 } },
};
/* Of the data's program header; the code's follows. */
static const struct ef_field ef_part[] = {
	{ "p_type", { 0, 0 }, { 4, 4 } },
	{ "p_offset", { 8, 4 }, { 8, 4 } },
	{ "p_vaddr", { 16, 8 }, { 8, 4 } },
	{ "p_paddr", { 24, 12 }, { 8, 4 } },
	{ "p_filesz", { 32, 16 }, { 8, 4 } },
	{ "p_memsz", { 40, 20 }, { 8, 4 } },
};
/* clang-format on */

static inline void ef_put(struct block *file, uint64_t at, unsigned width, uint64_t value)
{
	for (unsigned i = 0; i < width; i++)
		block_put_u8(file, at + i, (uint8_t)(value >> 8 * i));
}

static inline bool ef_is_64(const struct block *file)
{
	return file->p[4] == 2;
}

/* A field of the header, or of the index'th program header. */
static inline void ef_set_in(struct block *file, unsigned index, const char *name, uint64_t value)
{
	unsigned bits = ef_is_64(file) ? 0 : 1;
	uint64_t table = bits ? 52 + index * 32 : 64 + index * 56;

	for (size_t i = 0; i < sizeof ef_header / sizeof ef_header[0]; i++)
		if (strcmp(ef_header[i].name, name) == 0)
			ef_put(file, ef_header[i].offset[bits], ef_header[i].width[bits], value);
	for (size_t i = 0; i < sizeof ef_part / sizeof ef_part[0]; i++)
		if (strcmp(ef_part[i].name, name) == 0)
			ef_put(file, table + ef_part[i].offset[bits], ef_part[i].width[bits],
				value);
}

static inline void ef_set(struct block *file, const char *name, uint64_t value)
{
	ef_set_in(file, 0, name, value);
}

static inline void ef_set_part(struct block *file, unsigned index, uint32_t type, uint64_t offset,
	uint64_t physical, uint64_t file_size, uint64_t memory_size)
{
	uint64_t virtual_base = ef_is_64(file) ? EF_VIRTUAL_64 : EF_VIRTUAL_32;

	ef_set_in(file, index, "p_type", type);
	ef_set_in(file, index, "p_offset", offset);
	ef_set_in(file, index, "p_vaddr", virtual_base + physical);
	ef_set_in(file, index, "p_paddr", physical);
	ef_set_in(file, index, "p_filesz", file_size);
	ef_set_in(file, index, "p_memsz", memory_size);
}

static inline struct block ef_make(struct arena *a, bool is_64_bit)
{
	struct block file = { arena_alloc(a, EF_SIZE), EF_SIZE, false };

	memset(file.p + EF_CODE_AT, 0xcc, EF_CODE_SIZE);
	memset(file.p + EF_DATA_AT, 0xdd, EF_DATA_SIZE);
	file.p[4] = is_64_bit ? 2 : 1;
	ef_set(&file, "magic", 0x464c457f);
	ef_set(&file, "byte order", 1);
	ef_set(&file, "version", 1);
	ef_set(&file, "type", 2);
	ef_set(&file, "machine", is_64_bit ? 62 : 3);
	ef_set(&file, "entry", EF_ENTRY);
	ef_set(&file, "phoff", is_64_bit ? 64 : 52);
	ef_set(&file, "phentsize", is_64_bit ? 56 : 32);
	ef_set(&file, "phnum", EF_PHDRS);
	ef_set_part(&file, 0, 1, EF_DATA_AT, EF_DATA, EF_DATA_SIZE, EF_DATA_MEMORY);
	ef_set_part(&file, 1, 1, EF_CODE_AT, EF_CODE, EF_CODE_SIZE, EF_CODE_SIZE);
	ef_set_part(&file, 2, 4, EF_CODE_AT, 0, 16, 16);
	return file;
}

static inline void ef_add_banner(struct block *file)
{
	static const char text[] = "Linux version %s; Linux version 6.1.0-test (x@y) #1\nmore";

	block_put_bytes(file, EF_BANNER_AT, (struct view){ (const uint8_t *)text, sizeof text });
}

/* A Linux for ppc64el, linked to address 0 as these are, and entered at its first byte. */
static inline void ef_make_ppc64el(struct block *file)
{
	ef_add_banner(file);
	ef_set(file, "machine", 21);
	ef_set_part(file, 0, 1, EF_DATA_AT, 0x1000, EF_DATA_SIZE, EF_DATA_MEMORY);
	ef_set_part(file, 1, 1, EF_CODE_AT, 0, EF_CODE_SIZE, EF_CODE_SIZE);
	ef_set_in(file, 1, "p_vaddr", EF_VIRTUAL_PPC64EL);
	ef_set(file, "entry", EF_VIRTUAL_PPC64EL);
	block_put_bytes(file, EF_CODE_AT + EF_RUN_AT_LOAD, view_of_string("0nur"));
}

/* The first version's header, with flags; numbers behind its checksum are the caller's. */
static inline void ef_add_multiboot_1(struct block *file, uint32_t flags)
{
	block_put_le32(file, EF_HEADER_AT, 0x1badb002);
	block_put_le32(file, EF_HEADER_AT + 4, flags);
	block_put_le32(file, EF_HEADER_AT + 8, -(0x1badb002 + flags));
}

/* The second version's header of so many bytes; tags of zeros, the last of them being the end. */
static inline void ef_add_multiboot_2(struct block *file, uint32_t length)
{
	memset(file->p + EF_HEADER_AT, 0, length);
	block_put_le32(file, EF_HEADER_AT, 0xe85250d6);
	block_put_le32(file, EF_HEADER_AT + 8, length);
	block_put_le32(file, EF_HEADER_AT + 12, -(0xe85250d6 + length));
	block_put_le32(file, EF_HEADER_AT + length - 4, 8);
}

/* A tag's header at an offset in the file. */
static inline void ef_add_tag(
	struct block *file, uint64_t at, uint16_t type, uint16_t flags, uint32_t size)
{
	block_put_le16(file, at, type);
	block_put_le16(file, at + 2, flags);
	block_put_le32(file, at + 4, size);
}

static inline struct view ef_view(struct block file)
{
	return (struct view){ file.p, file.n };
}
