/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Offsets are from the first part's address on; nothing here is an address in memory. */
#include "image/elf-raw.h"

#include "base/arith.h"

enum { PAGE = 4096 };

/* Up to the last byte that is in the file. */
static uint64_t size_of(const struct elf *elf)
{
	uint64_t size = 0;

	for (size_t i = 0; i < elf->load_count; i++)
		if (elf->loads[i].bytes.n)
			size = elf->loads[i].memory.start - elf->memory.start +
				elf->loads[i].bytes.n;
	return size;
}

static phys_t link_address(const struct elf *elf, enum cpu_arch arch)
{
	unsigned bits = cpu_of(arch)->elf_address_bits;

	return bits ? elf->memory.start & ((UINT64_C(1) << bits) - 1) : elf->memory.start;
}

bool elf_raw_describe(
	const struct elf *elf, enum cpu_arch arch, struct raw_image *ret, struct error *err)
{
	struct view first = elf->loads[0].bytes;
	uint64_t size = size_of(elf);
	struct raw_image image = { .alignment = PAGE, .link_address = link_address(elf, arch) };

	if (raw_image_probe(first, arch) && !raw_image_read(first, size, arch, &image, err))
		return false;
	image.memory_size = max_u64(image.memory_size, elf->memory.size);
	image.entry_offset = elf->entry - elf->memory.start;
	if (!raw_image_check(&image, size, err))
		return false;
	*ret = image;
	return true;
}

static bool put_zeros(struct sink *sink, uint64_t count, struct error *err)
{
	static const uint8_t zeros[PAGE];

	for (uint64_t n; count; count -= n) {
		n = min_u64(count, sizeof zeros);
		if (!sink_put(sink, (struct view){ zeros, (size_t)n }, err))
			return false;
	}
	return true;
}

bool elf_raw_write(const struct elf *elf, struct sink *sink, struct error *err)
{
	uint64_t written = 0;

	for (size_t i = 0; i < elf->load_count; i++) {
		struct view bytes = elf->loads[i].bytes;
		uint64_t at = elf->loads[i].memory.start - elf->memory.start;

		if (!bytes.n)
			continue;
		if (!put_zeros(sink, at - written, err) || !sink_put(sink, bytes, err))
			return false;
		written = at + bytes.n;
	}
	return true;
}
