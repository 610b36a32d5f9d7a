/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Makes a small PE32+ file (Microsoft, "PE Format") with the sections and the signature that a test
 * names; each on a block of its own, as linkers lay them out.
 */
#pragma once

#include "test.h"

#include "base/arena.h"
#include "base/arith.h"
#include "base/bytes.h"

enum {
	PEF_SIGNATURE_AT = 0x80,
	PEF_COFF = PEF_SIGNATURE_AT + 4,
	PEF_OPTIONAL = PEF_COFF + 20,
	PEF_OPTIONAL_SIZE = 240,
	PEF_TABLE = PEF_OPTIONAL + PEF_OPTIONAL_SIZE,
	PEF_SECTION_HEADER = 40,
	PEF_BLOCK = 512,
	PEF_PAGE = 4096,
	PEF_SECTIONS_AT_MOST = 16,

	PEF_X86_64 = 0x8664,
	PEF_ARM64 = 0xaa64,
	PEF_CERTIFICATE = PEF_OPTIONAL + 112 + 4 * 8, /* the directory's entry */
};

struct pef_section {
	const char *name;
	const char *text; /* what is in it; bytes where it is NULL */
	struct view bytes;
};

static inline struct view pef_content(const struct pef_section *section)
{
	return section->text ? view_of_string(section->text) : section->bytes;
}

static inline size_t pef_header(size_t index)
{
	return PEF_TABLE + index * PEF_SECTION_HEADER;
}

static inline size_t pef_blocks(size_t size)
{
	return (size + PEF_BLOCK - 1) / PEF_BLOCK * PEF_BLOCK;
}

static inline void pef_put_section(struct block *file, size_t index,
	const struct pef_section *section, uint64_t address, uint64_t offset)
{
	struct view content = pef_content(section);
	uint64_t at = pef_header(index);

	block_put_bytes(file, at, view_first(view_of_string(section->name), 8));
	block_put_le32(file, at + 8, (uint32_t)content.n);
	block_put_le32(file, at + 12, (uint32_t)address);
	block_put_le32(file, at + 16, (uint32_t)pef_blocks(content.n));
	block_put_le32(file, at + 20, (uint32_t)offset);
	block_put_bytes(file, offset, content);
}

/* The headers without what is in the sections' table. */
static inline void pef_put_headers(struct block *file, uint16_t machine, size_t sections)
{
	block_put_bytes(file, 0, view_of_string("MZ"));
	block_put_le32(file, 60, PEF_SIGNATURE_AT);
	block_put_le32(file, PEF_SIGNATURE_AT, 0x4550);
	block_put_le16(file, PEF_COFF, machine);
	block_put_le16(file, PEF_COFF + 2, (uint16_t)sections);
	block_put_le16(file, PEF_COFF + 16, PEF_OPTIONAL_SIZE);
	block_put_le16(file, PEF_OPTIONAL, 0x20b);
	block_put_le32(file, PEF_OPTIONAL + 60, (uint32_t)pef_blocks(pef_header(sections)));
	block_put_le16(file, PEF_OPTIONAL + 68, 10); /* a program for EFI */
	block_put_le32(file, PEF_OPTIONAL + 108, 16);
}

/* signature: empty for a file that is not signed. */
static inline struct block pef_make_signed(struct arena *a, uint16_t machine,
	const struct pef_section *sections, size_t count, struct view signature)
{
	size_t size = pef_blocks(pef_header(count));
	uint64_t offset = size, address = PEF_PAGE;
	struct block file;

	for (size_t i = 0; i < count; i++)
		size += pef_blocks(pef_content(&sections[i]).n);
	file = (struct block){ arena_alloc(a, size + signature.n), size + signature.n, false };
	pef_put_headers(&file, machine, count);
	for (size_t i = 0; i < count; i++) {
		size_t length = pef_content(&sections[i]).n;

		pef_put_section(&file, i, &sections[i], address, offset);
		offset += pef_blocks(length);
		address += (length + PEF_PAGE - 1) / PEF_PAGE * PEF_PAGE;
	}
	if (signature.n) {
		block_put_le32(&file, PEF_CERTIFICATE, (uint32_t)size);
		block_put_le32(&file, PEF_CERTIFICATE + 4, (uint32_t)signature.n);
		block_put_bytes(&file, size, signature);
	}
	assert_false(file.overrun);
	return file;
}

static inline struct block pef_make(
	struct arena *a, uint16_t machine, const struct pef_section *sections, size_t count)
{
	return pef_make_signed(a, machine, sections, count, (struct view){ 0 });
}

static inline struct view pef_view(struct block file)
{
	return (struct view){ file.p, file.n };
}

static inline bool pef_inside(struct view part, struct view whole)
{
	return part.n == 0 ||
		(part.p >= whole.p && part.n <= whole.n &&
			(size_t)(part.p - whole.p) <= whole.n - part.n);
}
