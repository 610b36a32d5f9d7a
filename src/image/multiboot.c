/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The header of version 1, and what the versions share; version 2 is in multiboot2.c. */
#include "image/multiboot.h"

#include "image/multiboot-parts.h"

enum {
	SEARCHED = 8192,
	STEP = 4,
	HEADER_SIZE = 12,
};

/* Flags; the lower 16 must be understood. "Header magic fields". */
enum {
	PAGE_ALIGNED_MODULES = 1 << 0,
	MEMORY_INFORMATION = 1 << 1,
	VIDEO_MODE = 1 << 2,
	ADDRESSES = 1 << 16,
	MUST_BE_KNOWN = 0xffff,
	KNOWN = PAGE_ALIGNED_MODULES | MEMORY_INFORMATION | VIDEO_MODE,
};

#define MAGIC "\x02\xb0\xad\x1b" /* 0x1badb002 */

/* A header is its magic number where the checksum agrees; only there it is asked. */
static bool is_header(struct view bytes, uint64_t offset)
{
	struct reader r = reader_at(bytes, offset);
	uint32_t magic = reader_le32(&r), flags = reader_le32(&r), checksum = reader_le32(&r);

	return !r.overrun && (uint32_t)(magic + flags + checksum) == 0;
}

static const struct multiboot_search search = { SEARCHED, STEP, HEADER_SIZE, MAGIC, is_header };

bool multiboot_probe_1(struct view bytes)
{
	uint64_t at;

	return multiboot_find_header(bytes, &search, &at);
}

static bool read_addresses(struct view bytes, uint64_t at, struct elf *elf, struct error *err)
{
	struct multiboot_addresses a = { 0 };
	struct reader r = reader_at(bytes, at + HEADER_SIZE);

	a.header = reader_le32(&r);
	a.load = reader_le32(&r);
	a.load_end = reader_le32(&r);
	a.bss_end = reader_le32(&r);
	elf->entry = reader_le32(&r);
	if (r.overrun)
		return fail(err, FAULT_IMAGE_TRUNCATED,
			"it ends at byte %zu, in the header's addresses", bytes.n);
	return multiboot_load_by_addresses(bytes, at, &a, elf, err);
}

static bool parse_1(struct view bytes, struct multiboot *kernel, struct error *err)
{
	struct reader r;
	uint32_t flags;
	uint64_t at;

	if (!multiboot_find_header(bytes, &search, &at))
		return fail(err, FAULT_IMAGE_UNKNOWN, "it has no Multiboot header");
	r = reader_at(bytes, at + 4);
	flags = reader_le32(&r);
	if (flags & MUST_BE_KNOWN & ~(uint32_t)KNOWN)
		return fail(err, FAULT_IMAGE_NO_ENTRY,
			"it demands what no version of the specification names (flags %#x)", flags);
	kernel->wants_graphics = flags & VIDEO_MODE;
	return flags & ADDRESSES ? read_addresses(bytes, at, &kernel->program, err)
				 : elf_parse(bytes, &kernel->program, err);
}

bool multiboot_parse(struct view bytes, unsigned version, struct multiboot *ret, struct error *err)
{
	struct multiboot kernel = { .version = version };

	if (version == 1 ? !parse_1(bytes, &kernel, err) : !multiboot_parse_2(bytes, &kernel, err))
		return false;
	if (!multiboot_check_entry(&kernel.program, err))
		return false;
	*ret = kernel;
	return true;
}
