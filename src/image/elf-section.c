/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "image/elf-section.h"

#include <string.h>

enum {
	SECTION_SIZE = 64,
	OFFSET_AT = 24,
	NO_BITS = 8, /* SHT_NOBITS: in memory only */
};

struct section {
	uint32_t name, type;
	uint64_t offset, size;
};

static struct section read_section(struct view table, uint64_t index)
{
	struct reader r = reader_at(table, index * SECTION_SIZE);
	struct section section = { .name = reader_le32(&r), .type = reader_le32(&r) };

	r = reader_at(table, index * SECTION_SIZE + OFFSET_AT);
	section.offset = reader_le64(&r);
	section.size = reader_le64(&r);
	return section;
}

static bool read_table(
	struct view bytes, const struct elf_headers *h, struct view *ret, struct error *err)
{
	*ret = (struct view){ 0 };
	if (h->section_at == 0 || h->section_count == 0)
		return true;
	if (h->section_size != SECTION_SIZE || h->section_names >= h->section_count)
		return fail(err, FAULT_IMAGE_CORRUPT,
			"it has %u section headers of %u bytes, and their names in number %u",
			h->section_count, h->section_size, h->section_names);
	if (!view_sub(bytes, h->section_at, (uint64_t)SECTION_SIZE * h->section_count, ret))
		return fail(err, FAULT_IMAGE_TRUNCATED,
			"its section header table (%u entries at byte %llu) reaches past its %zu "
			"bytes",
			h->section_count, (unsigned long long)h->section_at, bytes.n);
	return true;
}

static bool data_of(
	struct view bytes, const struct section *section, struct view *ret, struct error *err)
{
	if (section->type == NO_BITS)
		return true;
	return view_sub(bytes, section->offset, section->size, ret) ||
		fail(err, FAULT_IMAGE_TRUNCATED,
			"a section of %llu bytes at byte %llu reaches past its %zu bytes",
			(unsigned long long)section->size, (unsigned long long)section->offset,
			bytes.n);
}

static bool has_name(struct view names, uint32_t at, const char *name)
{
	struct view found;

	return view_sub(names, at, strlen(name) + 1, &found) && memcmp(found.p, name, found.n) == 0;
}

bool elf_section_find(struct view bytes, const char *name, struct view *ret, struct error *err)
{
	struct view table, names = { 0 };
	struct elf_headers h;
	struct section section;

	*ret = (struct view){ 0 };
	if (!elf_read_headers(bytes, &h, err) || !read_table(bytes, &h, &table, err))
		return false;
	if (!table.n)
		return true;
	section = read_section(table, h.section_names);
	if (!data_of(bytes, &section, &names, err))
		return false;
	for (uint64_t i = 0; i < h.section_count; i++) {
		section = read_section(table, i);
		if (has_name(names, section.name, name))
			return data_of(bytes, &section, ret, err);
	}
	return true;
}
