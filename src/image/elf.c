/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reads and validates; knows nothing of where it will lie. */
#include "image/elf.h"

#include "base/arith.h"

enum {
	E_IDENT_CLASS = 4, /* then byte order and version */
	E_TYPE = 16,
	E_MACHINE = 18,
	CLASS_32 = 1,
	CLASS_64 = 2,
	LITTLE_ENDIAN_FIRST = 1,
	BIG_ENDIAN_FIRST = 2,
	VERSION = 1,
	PHDR_SIZE_32 = 32,
	PHDR_SIZE_64 = 56,
};

bool elf_probe(struct view bytes, struct elf_kind kind)
{
	struct reader ident = reader_at(bytes, E_IDENT_CLASS), r = reader_at(bytes, E_MACHINE);
	uint8_t class = reader_u8(&ident), order = reader_u8(&ident);
	uint16_t machine = kind.big_endian ? reader_be16(&r) : reader_le16(&r);

	return view_has_at(bytes, 0, "\177ELF") && !r.overrun && machine == kind.machine &&
		class == (kind.bits == 64 ? CLASS_64 : CLASS_32) &&
		order == (kind.big_endian ? BIG_ENDIAN_FIRST : LITTLE_ENDIAN_FIRST);
}

/* An address or an offset: 4 bytes, or 8. */
static uint64_t read_word(struct reader *r, bool is_64_bit)
{
	return is_64_bit ? reader_le64(r) : reader_le32(r);
}

static bool check_table(
	struct view bytes, const struct elf_headers *h, uint16_t entry_size, struct error *err)
{
	uint16_t wanted = h->is_64_bit ? PHDR_SIZE_64 : PHDR_SIZE_32;
	struct view table;

	if (entry_size != wanted || h->program_count == 0 ||
		h->program_count > ELF_PROGRAM_HEADERS_MAX)
		return fail(err, FAULT_IMAGE_CORRUPT, "it has %u program headers of %u bytes",
			h->program_count, entry_size);
	if (!view_sub(bytes, h->program_at, (uint64_t)wanted * h->program_count, &table))
		return fail(err, FAULT_IMAGE_TRUNCATED,
			"its program header table (%u entries at byte %llu) reaches past its %zu "
			"bytes",
			h->program_count, (unsigned long long)h->program_at, bytes.n);
	return true;
}

bool elf_read_headers(struct view bytes, struct elf_headers *ret, struct error *err)
{
	struct reader r = reader_at(bytes, E_IDENT_CLASS);
	uint8_t class = reader_u8(&r), order = reader_u8(&r), version = reader_u8(&r);
	struct elf_headers h = { .is_64_bit = class == CLASS_64 };
	uint16_t entry_size;

	if (!view_has_at(bytes, 0, "\177ELF"))
		return fail(err, FAULT_IMAGE_UNKNOWN, "it is no ELF file");
	r = reader_at(bytes, E_TYPE);
	h.type = reader_le16(&r);
	h.machine = reader_le16(&r);
	reader_skip(&r, 4);
	h.entry = read_word(&r, h.is_64_bit);
	h.program_at = read_word(&r, h.is_64_bit);
	h.section_at = read_word(&r, h.is_64_bit);
	reader_skip(&r, 6);
	entry_size = reader_le16(&r);
	h.program_count = reader_le16(&r);
	h.section_size = reader_le16(&r);
	h.section_count = reader_le16(&r);
	h.section_names = reader_le16(&r);
	if (r.overrun)
		return fail(err, FAULT_IMAGE_TRUNCATED, "it ends at byte %zu, in the ELF header",
			bytes.n);
	if ((class != CLASS_32 && class != CLASS_64) || order != LITTLE_ENDIAN_FIRST ||
		version != VERSION)
		return fail(err, FAULT_IMAGE_OTHER_ARCH,
			"it is no little-endian ELF file of version 1 (class %u, byte order %u, "
			"version %u)",
			class, order, version);
	if (!check_table(bytes, &h, entry_size, err))
		return false;
	*ret = h;
	return true;
}

struct elf_part elf_read_part(struct view bytes, const struct elf_headers *h, unsigned index)
{
	uint16_t size = h->is_64_bit ? PHDR_SIZE_64 : PHDR_SIZE_32;
	struct reader r = reader_at(bytes, h->program_at + (uint64_t)size * index);
	struct elf_part part = { .type = reader_le32(&r) };

	if (h->is_64_bit)
		reader_skip(&r, 4); /* flags; behind the sizes in 32 bits */
	part.offset = read_word(&r, h->is_64_bit);
	part.virtual_address = read_word(&r, h->is_64_bit);
	part.physical = read_word(&r, h->is_64_bit);
	part.file_size = read_word(&r, h->is_64_bit);
	part.memory_size = read_word(&r, h->is_64_bit);
	return part;
}

bool elf_add_load(struct elf *elf, struct elf_load load, struct error *err)
{
	size_t at = elf->load_count;

	if (at == ELF_LOADS_MAX)
		return fail(err, FAULT_IMAGE_CORRUPT, "it has more than %d loadable parts",
			ELF_LOADS_MAX);
	for (size_t i = 0; i < elf->load_count; i++)
		if (range_overlaps(elf->loads[i].memory, load.memory))
			return fail(err, FAULT_IMAGE_CORRUPT,
				"its parts at %#llx and %#llx overlap",
				(unsigned long long)elf->loads[i].memory.start,
				(unsigned long long)load.memory.start);
	for (; at > 0 && elf->loads[at - 1].memory.start > load.memory.start; at--)
		elf->loads[at] = elf->loads[at - 1];
	elf->loads[at] = load;
	elf->load_count++;
	elf->memory = range_between(
		elf->loads[0].memory.start, range_end(elf->loads[elf->load_count - 1].memory));
	return true;
}

static bool add_part(
	struct elf *elf, struct view bytes, const struct elf_part *part, struct error *err)
{
	struct elf_load load;

	if (part->memory_size == 0 && part->file_size == 0)
		return true;
	if (!view_sub(bytes, part->offset, part->file_size, &load.bytes))
		return fail(err, FAULT_IMAGE_TRUNCATED,
			"a loadable part (offset %#llx, %llu bytes) reaches past its %zu bytes",
			(unsigned long long)part->offset, (unsigned long long)part->file_size,
			bytes.n);
	if (part->memory_size < part->file_size ||
		!range_make(part->physical, part->memory_size, &load.memory))
		return fail(err, FAULT_IMAGE_CORRUPT,
			"a loadable part at %#llx has %llu bytes in memory, %llu in the file",
			(unsigned long long)part->physical, (unsigned long long)part->memory_size,
			(unsigned long long)part->file_size);
	return elf_add_load(elf, load, err);
}

bool elf_has_bytes_at(const struct elf *elf, phys_t address)
{
	for (size_t i = 0; i < elf->load_count; i++) {
		struct range loaded = { elf->loads[i].memory.start, elf->loads[i].bytes.n };

		if (range_has(loaded, address))
			return true;
	}
	return false;
}

/*
 * Some kernels write the virtual address, some the physical one; where both would do it is the
 * physical one, as for Linux.
 */
static bool find_entry(struct elf *elf, struct view bytes, struct error *err)
{
	const struct elf_headers *h = &elf->headers;

	elf->entry = h->entry;
	if (elf_has_bytes_at(elf, elf->entry))
		return true;
	for (unsigned i = 0; i < h->program_count; i++) {
		struct elf_part part = elf_read_part(bytes, h, i);

		if (part.type != ELF_PART_LOAD || h->entry < part.virtual_address ||
			h->entry - part.virtual_address >= part.file_size)
			continue;
		elf->entry = part.physical + (h->entry - part.virtual_address);
		return true;
	}
	return fail(err, FAULT_IMAGE_CORRUPT, "its entry point %#llx lies in none of its parts",
		(unsigned long long)h->entry);
}

bool elf_parse(struct view bytes, struct elf *ret, struct error *err)
{
	struct elf elf = { 0 };

	if (!elf_read_headers(bytes, &elf.headers, err))
		return false;
	if (elf.headers.type != ELF_EXECUTABLE && elf.headers.type != ELF_SHARED)
		return fail(err, FAULT_IMAGE_UNKNOWN, "it is no program but an ELF file of type %u",
			elf.headers.type);
	for (unsigned i = 0; i < elf.headers.program_count; i++) {
		struct elf_part part = elf_read_part(bytes, &elf.headers, i);

		if (part.type == ELF_PART_INTERPRETER)
			return fail(err, FAULT_IMAGE_UNKNOWN,
				"it is a program that runs under a kernel, none itself");
		if (part.type == ELF_PART_LOAD && !add_part(&elf, bytes, &part, err))
			return false;
	}
	if (elf.load_count == 0)
		return fail(err, FAULT_IMAGE_CORRUPT, "it has no loadable part");
	if (!find_entry(&elf, bytes, err))
		return false;
	*ret = elf;
	return true;
}
