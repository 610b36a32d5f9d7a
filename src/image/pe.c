/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* No number in the headers can be trusted: offsets and sizes are tested before they are used. */
#include "image/pe.h"

#include <stdlib.h>
#include <string.h>

#include "base/arith.h"

/* §2 MS-DOS stub, §3.3 COFF file header, counted from the signature. */
enum {
	PE_POINTER = 60,
	SIGNATURE = 0x4550, /* "PE\0\0" */
	COFF_MACHINE = 4,
	COFF_SECTIONS = 6,
	COFF_OPTIONAL_SIZE = 20,
	COFF_END = 24,
};

/* §3.4 optional header: what a signature does not cover, the data directories and the fifth of them. */
enum {
	MAGIC_PE32 = 0x10b,
	MAGIC_PE32_PLUS = 0x20b,
	HEADERS_SIZE = 60,
	CHECKSUM = 64,
	DIRECTORIES_PE32 = 92,
	DIRECTORIES_PE32_PLUS = 108,
	DIRECTORY_SIZE = 8,
	CERTIFICATE_DIRECTORY = 4,
};

/* §4 section headers. */
enum {
	SECTION_HEADER_SIZE = 40,
	SECTION_VIRTUAL_SIZE = 8,
};

struct coff {
	uint64_t at; /* of the signature */
	uint16_t machine, sections, optional_size;
};

static bool read_coff(struct view bytes, struct coff *ret)
{
	struct reader r = reader_at(bytes, PE_POINTER);
	struct coff coff = { .at = reader_le32(&r) };
	uint32_t signature;

	r = reader_at(bytes, coff.at);
	signature = reader_le32(&r);
	coff.machine = reader_le16(&r);
	coff.sections = reader_le16(&r);
	reader_skip(&r, COFF_OPTIONAL_SIZE - COFF_SECTIONS - 2);
	coff.optional_size = reader_le16(&r);
	*ret = coff;
	/*
	 * A file that ends behind the machine type is recognised all the same, so that it can be
	 * called cut short.
	 */
	return view_has_at(bytes, 0, "MZ") && signature == SIGNATURE &&
		view_from(bytes, coff.at + COFF_MACHINE).n >= 2;
}

bool pe_probe(struct view bytes, enum cpu_arch *ret_arch)
{
	struct coff coff;

	if (!read_coff(bytes, &coff))
		return false;
	*ret_arch = cpu_arch_by_pe(coff.machine);
	return true;
}

static void read_name(struct view header, char name[PE_NAME_SIZE + 1])
{
	size_t i = 0;

	for (; i < PE_NAME_SIZE && header.p[i]; i++)
		name[i] = header.p[i] >= ' ' && header.p[i] <= '~' ? (char)header.p[i] : '?';
	name[i] = '\0';
}

bool pe_probe_section(struct view bytes, const char *name)
{
	struct coff coff;
	struct view table, header;
	char found[PE_NAME_SIZE + 1];

	if (!read_coff(bytes, &coff))
		return false;
	table = view_from(bytes, coff.at + COFF_END + coff.optional_size);
	for (uint64_t i = 0; i < coff.sections; i++) {
		if (!view_sub(table, i * SECTION_HEADER_SIZE, PE_NAME_SIZE, &header))
			return false;
		read_name(header, found);
		if (strcmp(found, name) == 0)
			return true;
	}
	return false;
}

/* The attribute certificate table is the one directory that is found by an offset in the file. */
static bool find_certificates(struct view optional, uint64_t at, struct pe *pe, struct error *err)
{
	struct reader r = reader_at(optional, 0);
	uint16_t magic = reader_le16(&r);
	uint32_t count, offset, size;

	if (magic != MAGIC_PE32 && magic != MAGIC_PE32_PLUS)
		return fail(err, FAULT_IMAGE_CORRUPT,
			"the optional header of %zu bytes has the magic number %#x", optional.n,
			magic);
	r = reader_at(optional, HEADERS_SIZE);
	pe->headers_size = reader_le32(&r);
	pe->checksum_at = at + CHECKSUM;
	r = reader_at(optional, magic == MAGIC_PE32 ? DIRECTORIES_PE32 : DIRECTORIES_PE32_PLUS);
	count = reader_le32(&r);
	if (!r.overrun && count <= CERTIFICATE_DIRECTORY)
		return true;
	reader_skip(&r, CERTIFICATE_DIRECTORY * DIRECTORY_SIZE);
	pe->certificates_at = at + r.at;
	offset = reader_le32(&r);
	size = reader_le32(&r);
	if (r.overrun)
		return fail(err, FAULT_IMAGE_CORRUPT,
			"the optional header of %zu bytes is too short for its data directories",
			optional.n);
	if (size && !view_sub(pe->bytes, offset, size, &pe->certificates))
		return fail(err, FAULT_IMAGE_TRUNCATED,
			"the file has %zu bytes, its signature (offset %#x, %u bytes) reaches past",
			pe->bytes.n, offset, size);
	return true;
}

bool pe_parse(struct view bytes, struct pe *ret, struct error *err)
{
	struct pe pe = { .bytes = bytes };
	struct view optional;
	struct coff coff;

	if (!read_coff(bytes, &coff))
		return fail(err, FAULT_IMAGE_UNKNOWN, "it has no PE header");
	pe.arch = cpu_arch_by_pe(coff.machine);
	pe.section_count = coff.sections;
	if (!view_sub(bytes, coff.at + COFF_END, coff.optional_size, &optional))
		return fail(err, FAULT_IMAGE_TRUNCATED,
			"the file ends at byte %zu, inside its headers", bytes.n);
	if (coff.sections > PE_SECTIONS_MAX)
		return fail(err, FAULT_IMAGE_CORRUPT, "it has %u sections; %d are possible here",
			coff.sections, PE_SECTIONS_MAX);
	if (!view_sub(bytes, coff.at + COFF_END + coff.optional_size,
		    (uint64_t)coff.sections * SECTION_HEADER_SIZE, &pe.table))
		return fail(err, FAULT_IMAGE_TRUNCATED,
			"the file ends at byte %zu, inside the headers of its %u sections", bytes.n,
			coff.sections);
	if (!find_certificates(optional, coff.at + COFF_END, &pe, err))
		return false;
	*ret = pe;
	return true;
}

bool pe_section(const struct pe *pe, size_t index, struct pe_section *ret, struct error *err)
{
	struct view header = view_from(pe->table, index * SECTION_HEADER_SIZE);
	struct reader r = reader_at(header, SECTION_VIRTUAL_SIZE);
	uint32_t virtual_size = reader_le32(&r), address = reader_le32(&r);
	uint32_t raw_size = reader_le32(&r), offset = reader_le32(&r);
	uint64_t size = min_u64(virtual_size, raw_size);
	struct pe_section section = { 0 };

	if (r.overrun)
		return fail(err, FAULT_INTERNAL, "there is no section %zu", index);
	read_name(header, section.name);
	if ((uint64_t)address + virtual_size > UINT32_MAX)
		return fail(err, FAULT_IMAGE_CORRUPT,
			"section %s (%u bytes for address %#x) reaches past 4 GiB", section.name,
			virtual_size, address);
	/* What is not in the file (.bss) often has an offset of nowhere. */
	if (size && !view_sub(pe->bytes, offset, size, &section.data))
		return fail(err, FAULT_IMAGE_TRUNCATED,
			"the file has %zu bytes, its section %s (offset %#x, %llu bytes) reaches "
			"past",
			pe->bytes.n, section.name, offset, (unsigned long long)size);
	section.blocks = view_first(view_from(pe->bytes, offset), raw_size);
	*ret = section;
	return true;
}

struct extent {
	size_t start, end; /* in the file */
	char name[PE_NAME_SIZE + 8];
};

static int by_start(const void *a, const void *b)
{
	const struct extent *x = a, *y = b;

	return (x->start > y->start) - (x->start < y->start);
}

static void add_extent(struct extent *extents, size_t *count, const struct pe *pe, struct view part,
	const char *name)
{
	struct extent *extent = &extents[*count];

	if (part.n == 0)
		return;
	extent->start = (size_t)(part.p - pe->bytes.p);
	extent->end = extent->start + part.n;
	memcpy(extent->name, name, strlen(name) + 1);
	++*count;
}

bool pe_check_overlaps(const struct pe *pe, struct arena *arena, struct error *err)
{
	struct extent *extents = arena_alloc_array(arena, pe->section_count + 2, sizeof *extents);
	struct view headers =
		view_first(pe->bytes, (uint64_t)(pe->table.p - pe->bytes.p) + pe->table.n);
	size_t count = 0;

	if (!extents)
		return fail_no_memory(err);
	add_extent(extents, &count, pe, headers, "the headers");
	add_extent(extents, &count, pe, pe->certificates, "the signature");
	for (size_t i = 0; i < pe->section_count; i++) {
		struct pe_section section;

		if (!pe_section(pe, i, &section, err))
			return false;
		add_extent(extents, &count, pe, section.data, section.name);
	}
	qsort(extents, count, sizeof *extents, by_start);
	for (size_t i = 1; i < count; i++)
		if (extents[i].start < extents[i - 1].end)
			return fail(err, FAULT_IMAGE_CORRUPT, "%s and %s overlap at byte %zu",
				extents[i - 1].name, extents[i].name, extents[i].start);
	return true;
}
