/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reads and validates the ELF headers; knows nothing of relocations and of where it will lie. */
#include "image/vmlinux.h"

#include "base/arith.h"

enum {
	PAGE = 4096,
	PROGRAM_HEADERS_MAX = 64, /* a kernel has about five */
};

/* The ELF header, and the tables' entries. */
enum {
	EI_CLASS_64_LITTLE_V1 = 0x00010102,
	E_TYPE = 16,
	ET_EXEC = 2,
	ET_DYN = 3,
	EM_X86_64 = 62,
	E_SIZE = 64,
	PHDR_SIZE = 56,
	PT_LOAD = 1,
	SHDR_SIZE = 64,
	SHDR_TYPE = 4,
	SHDR_OFFSET = 24,
	SHT_NULL = 0,
	SHT_NOBITS = 8,
};

/* What a kernel occupies at most; it is mapped in VMLINUX_MAP_SIZE. */
#define LINK_END_MAX VMLINUX_MAP_SIZE

struct headers {
	phys_t entry;
	uint64_t program_at, section_at;
	uint16_t program_size, program_count, section_size, section_count;
};

static bool read_headers(struct view bytes, struct headers *ret, struct error *err)
{
	struct reader r = reader_at(bytes, 4);
	uint32_t ident = reader_le32(&r) & 0xffffff;
	uint16_t type, machine;

	r = reader_at(bytes, E_TYPE);
	type = reader_le16(&r);
	machine = reader_le16(&r);
	reader_skip(&r, 4);
	ret->entry = reader_le64(&r);
	ret->program_at = reader_le64(&r);
	ret->section_at = reader_le64(&r);
	reader_skip(&r, 6);
	ret->program_size = reader_le16(&r);
	ret->program_count = reader_le16(&r);
	ret->section_size = reader_le16(&r);
	ret->section_count = reader_le16(&r);
	reader_skip(&r, 2);
	if (!view_has_at(bytes, 0, "\177ELF"))
		return fail(err, FAULT_IMAGE_UNKNOWN, "it is no ELF file");
	if (r.at > bytes.n || r.overrun)
		return fail(err, FAULT_IMAGE_TRUNCATED, "it ends at byte %zu, in the ELF header",
			bytes.n);
	if (ident != EI_CLASS_64_LITTLE_V1 || machine != EM_X86_64 ||
		(type != ET_EXEC && type != ET_DYN))
		return fail(err, FAULT_IMAGE_OTHER_ARCH,
			"it is no 64-bit ELF program for x86 (ident %#x, type %u, machine %u)",
			ident, type, machine);
	return true;
}

/* Takes a part of the file into the ELF's own content. */
static bool extend(
	struct vmlinux *kernel, uint64_t offset, uint64_t size, const char *what, struct error *err)
{
	uint64_t end;

	if (!ck_add(offset, size, &end) || end > kernel->bytes.n)
		return fail(err, FAULT_IMAGE_TRUNCATED,
			"%s (offset %#llx, %llu bytes) reaches past its %zu bytes", what,
			(unsigned long long)offset, (unsigned long long)size, kernel->bytes.n);
	kernel->elf_size = max_u64(kernel->elf_size, end);
	return true;
}

/* Each part above the one before it, in whole pages: this is what they are loaded in. */
static bool add_load(
	struct vmlinux *kernel, struct range file, struct range memory, struct error *err)
{
	struct vmlinux_load *last = kernel->loads + kernel->load_count;
	uint64_t end;

	if (kernel->load_count == VMLINUX_LOADS_MAX)
		return fail(err, FAULT_IMAGE_CORRUPT, "it has more than %d loadable parts",
			VMLINUX_LOADS_MAX);
	if (kernel->load_count &&
		(!ck_align_up(range_end(kernel->link), PAGE, &end) || end > memory.start))
		return fail(err, FAULT_IMAGE_CORRUPT,
			"its part at %#llx lies in the one before it, which ends at %#llx",
			(unsigned long long)memory.start,
			(unsigned long long)range_end(kernel->link));
	*last = (struct vmlinux_load){ { memory.start, file.size }, file.start };
	if (!kernel->load_count)
		kernel->link = memory;
	kernel->link = range_between(kernel->link.start, range_end(memory));
	kernel->load_count++;
	return true;
}

/* One program header; others than PT_LOAD name bytes that a PT_LOAD has as well. */
static bool read_load(struct vmlinux *kernel, struct reader *r, struct error *err)
{
	uint32_t type = reader_le32(r);
	struct range file, memory;

	reader_skip(r, 4);
	file.start = reader_le64(r);
	reader_skip(r, 8); /* virtual: 0 for the per-CPU part, which is linked apart */
	memory.start = reader_le64(r);
	file.size = reader_le64(r);
	memory.size = reader_le64(r);
	reader_skip(r, 8);
	if (type != PT_LOAD || (memory.size == 0 && file.size == 0))
		return true;
	if (memory.start % PAGE || memory.size < file.size || memory.start > LINK_END_MAX ||
		memory.size > LINK_END_MAX - memory.start || file.size == 0)
		return fail(err, FAULT_IMAGE_CORRUPT,
			"its part at %#llx (%llu bytes, of which %llu in the file) is none of a "
			"kernel",
			(unsigned long long)memory.start, (unsigned long long)memory.size,
			(unsigned long long)file.size);
	return extend(kernel, file.start, file.size, "a loadable part", err) &&
		add_load(kernel, file, memory, err);
}

static bool read_loads(struct vmlinux *kernel, const struct headers *h, struct error *err)
{
	struct reader r = reader_at(kernel->bytes, h->program_at);

	if (h->program_size != PHDR_SIZE || h->program_count > PROGRAM_HEADERS_MAX)
		return fail(err, FAULT_IMAGE_CORRUPT, "it has %u program headers of %u bytes",
			h->program_count, h->program_size);
	if (!extend(kernel, h->program_at, (uint64_t)h->program_count * PHDR_SIZE,
		    "its program header table", err))
		return false;
	for (unsigned i = 0; i < h->program_count; i++)
		if (!read_load(kernel, &r, err))
			return false;
	if (kernel->load_count == 0)
		return fail(err, FAULT_IMAGE_CORRUPT, "it has no loadable part");
	return true;
}

/* Only to learn where the file's own content ends: what is behind it was appended. */
static bool read_sections(struct vmlinux *kernel, const struct headers *h, struct error *err)
{
	if (h->section_count == 0)
		return true;
	if (h->section_size != SHDR_SIZE)
		return fail(err, FAULT_IMAGE_CORRUPT, "it has section headers of %u bytes",
			h->section_size);
	if (!extend(kernel, h->section_at, (uint64_t)h->section_count * SHDR_SIZE,
		    "its section header table", err))
		return false;
	for (unsigned i = 0; i < h->section_count; i++) {
		uint64_t at = h->section_at + (uint64_t)i * SHDR_SIZE, offset;
		struct reader r = reader_at(kernel->bytes, at + SHDR_TYPE);
		uint32_t type = reader_le32(&r);

		r = reader_at(kernel->bytes, at + SHDR_OFFSET);
		offset = reader_le64(&r);
		if (type != SHT_NULL && type != SHT_NOBITS &&
			!extend(kernel, offset, reader_le64(&r), "a section", err))
			return false;
	}
	return true;
}

static bool check_entry(const struct vmlinux *kernel, struct error *err)
{
	for (size_t i = 0; i < kernel->load_count; i++)
		if (range_has(kernel->loads[i].link, kernel->entry))
			return true;
	return fail(err, FAULT_IMAGE_CORRUPT, "its entry point %#llx lies in none of its parts",
		(unsigned long long)kernel->entry);
}

bool vmlinux_parse(struct view bytes, struct vmlinux *ret, struct error *err)
{
	struct vmlinux kernel = { .bytes = bytes, .elf_size = E_SIZE };
	struct headers h = { 0 };

	if (!read_headers(bytes, &h, err))
		return false;
	kernel.entry = h.entry;
	if (!read_loads(&kernel, &h, err) || !read_sections(&kernel, &h, err) ||
		!check_entry(&kernel, err))
		return false;
	*ret = kernel;
	return true;
}

struct view vmlinux_load_bytes(const struct vmlinux *kernel, size_t load)
{
	const struct vmlinux_load *l = &kernel->loads[load];

	return view_first(view_from(kernel->bytes, l->file_offset), l->link.size);
}

bool vmlinux_file_offset(
	const struct vmlinux *kernel, uint64_t address, uint64_t size, uint64_t *ret)
{
	phys_t at = address - VMLINUX_MAP;

	for (size_t i = 0; i < kernel->load_count; i++) {
		const struct vmlinux_load *l = &kernel->loads[i];

		if (address < VMLINUX_MAP || at < l->link.start ||
			at - l->link.start >= l->link.size)
			continue;
		if (size > l->link.size - (at - l->link.start))
			return false;
		*ret = l->file_offset + (at - l->link.start);
		return true;
	}
	return false;
}
