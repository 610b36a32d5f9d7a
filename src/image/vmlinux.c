/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Validates what ELF headers say of a kernel; knows nothing of relocations and of where it will lie. */
#include "image/vmlinux.h"

#include "base/arith.h"
#include "image/elf.h"

enum {
	PAGE = 4096,
	E_SIZE = 64,
	PHDR_SIZE = 56,
	SHDR_SIZE = 64,
	SHDR_TYPE = 4,
	SHDR_OFFSET = 24,
	SHT_NULL = 0,
	SHT_NOBITS = 8,
};

/* What a kernel occupies at most; it is mapped in VMLINUX_MAP_SIZE. */
#define LINK_END_MAX VMLINUX_MAP_SIZE

static bool read_headers(struct view bytes, struct elf_headers *ret, struct error *err)
{
	if (!elf_read_headers(bytes, ret, err))
		return false;
	if (!ret->is_64_bit || ret->machine != ELF_X86_64 ||
		(ret->type != ELF_EXECUTABLE && ret->type != ELF_SHARED))
		return fail(err, FAULT_IMAGE_OTHER_ARCH,
			"it is no 64-bit ELF program for x86 (%u bits, type %u, machine %u)",
			ret->is_64_bit ? 64 : 32, ret->type, ret->machine);
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

/*
 * One program header; others than PT_LOAD name bytes that a PT_LOAD has as well. The virtual address
 * is 0 for the per-CPU part, which is linked apart.
 */
static bool read_load(struct vmlinux *kernel, const struct elf_part *part, struct error *err)
{
	struct range file = { part->offset, part->file_size };
	struct range memory = { part->physical, part->memory_size };

	if (part->type != ELF_PART_LOAD || (memory.size == 0 && file.size == 0))
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

static bool read_loads(struct vmlinux *kernel, const struct elf_headers *h, struct error *err)
{
	if (!extend(kernel, h->program_at, (uint64_t)h->program_count * PHDR_SIZE,
		    "its program header table", err))
		return false;
	for (unsigned i = 0; i < h->program_count; i++) {
		struct elf_part part = elf_read_part(kernel->bytes, h, i);

		if (!read_load(kernel, &part, err))
			return false;
	}
	if (kernel->load_count == 0)
		return fail(err, FAULT_IMAGE_CORRUPT, "it has no loadable part");
	return true;
}

/*
 * Reads the sections only to learn where the content of the ELF ends: what is behind it was
 * appended.
 */
static bool read_sections(struct vmlinux *kernel, const struct elf_headers *h, struct error *err)
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
	struct elf_headers h = { 0 };

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
