/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "image/multiboot-parts.h"

#include <string.h>

enum { MAGIC_SIZE = 4 };

bool multiboot_find_header(struct view bytes, const struct multiboot_search *search, uint64_t *ret)
{
	struct view searched = view_first(bytes, search->searched), rest = searched;

	/* Nearly no file has even the magic number, which is looked for at any place: that is faster than at some. */
	for (const uint8_t *p; (p = memmem(rest.p, rest.n, search->magic, MAGIC_SIZE));) {
		const uint64_t at = (uint64_t)(p - searched.p);

		if (at % search->step == 0 && at + search->size <= searched.n &&
			search->is_header(searched, at)) {
			*ret = at;
			return true;
		}
		rest = view_from(searched, at + 1);
	}
	return false;
}

bool multiboot_load_by_addresses(struct view bytes, uint64_t header_at,
	const struct multiboot_addresses *a, struct elf *elf, struct error *err)
{
	bool from_start = a->load == UINT32_MAX && a->may_load_all;
	uint64_t before = from_start ? header_at : (uint64_t)a->header - a->load;
	phys_t start = (uint64_t)a->header - before, loaded_end, end;
	struct elf_load load;

	if ((!from_start && a->header < a->load) || before > header_at || before > a->header)
		return fail(err, FAULT_IMAGE_CORRUPT,
			"its header (at byte %llu, address %#x) cannot lie in what is loaded from "
			"%#x "
			"on",
			(unsigned long long)header_at, a->header, a->load);
	load.bytes = view_from(bytes, header_at - before);
	loaded_end = a->load_end ? a->load_end : start + load.bytes.n;
	end = a->bss_end ? a->bss_end : loaded_end;
	if (loaded_end <= start || end < loaded_end || end > UINT32_MAX)
		return fail(err, FAULT_IMAGE_CORRUPT,
			"its header loads %#llx to %#llx, and zeros to %#llx",
			(unsigned long long)start, (unsigned long long)loaded_end,
			(unsigned long long)end);
	if (loaded_end - start > load.bytes.n)
		return fail(err, FAULT_IMAGE_TRUNCATED,
			"its header loads %llu bytes, the file has %zu behind byte %llu",
			(unsigned long long)(loaded_end - start), load.bytes.n,
			(unsigned long long)(header_at - before));
	load.bytes = view_first(load.bytes, loaded_end - start);
	load.memory = range_between(start, end);
	return elf_add_load(elf, load, err);
}

bool multiboot_check_entry(const struct elf *elf, struct error *err)
{
	if (range_end(elf->memory) - 1 > UINT32_MAX)
		return fail(err, FAULT_IMAGE_CORRUPT, "it ends at %#llx, above 4 GiB",
			(unsigned long long)range_end(elf->memory));
	if (!elf_has_bytes_at(elf, elf->entry))
		return fail(err, FAULT_IMAGE_CORRUPT,
			"its entry point %#llx lies in none of its parts",
			(unsigned long long)elf->entry);
	return true;
}
