/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* "ACPI Specification" 6.5, 5.2.5.1; IBM's "PS/2 and PC BIOS Interface Technical Reference". */
#include "arch/x86/legacy-data.h"

#include "arch/x86/bios.h"
#include "base/arith.h"
#include "boot/multiboot-info.h"
#include "plan/place.h"

enum {
	PAGE = 4096,
	BDA_EXTENDED_DATA = 0x40e, /* its segment */
	BDA_KILOBYTES = 0x413,     /* of low memory, without the extended data */
	/* In the page: its size in KiB, as the BIOS begins it; the root pointer; what is copied. */
	PAGE_RSDP = 0x10,
	PAGE_BDA = 0x100,
	PAGE_BYTES = 0x104,
};

/* The map with this page reserved, which lies in RAM. */
static bool reserve(struct planner *planner, struct range page, struct error *err)
{
	const struct memory_map *map = &planner->machine->memory;
	struct memory_entry *items =
		arena_alloc_array(planner->arena, map->count + 2, sizeof *items);
	struct machine *machine = arena_alloc(planner->arena, sizeof *machine);
	size_t count = 0;

	if (!items || !machine)
		return fail_no_memory(err);
	for (size_t i = 0; i < map->count; i++) {
		struct memory_entry entry = map->items[i];
		phys_t end = range_end(entry.range);

		if (!range_contains(entry.range, page)) {
			items[count++] = entry;
			continue;
		}
		entry.range = range_between(entry.range.start, page.start);
		if (entry.range.size)
			items[count++] = entry;
		items[count++] = (struct memory_entry){ page, MEMORY_RESERVED };
		entry.range = range_between(range_end(page), end);
		if (entry.range.size)
			items[count++] = entry;
	}
	*machine = *planner->machine;
	machine->memory.items = items;
	machine->memory.count = count;
	planner->machine = machine;
	return true;
}

static void add_copy(struct x86_stub *stub, phys_t from, phys_t to, uint64_t size)
{
	stub->copies[stub->copy_count++] = (struct stub_copy){ from, to, size };
}

bool legacy_data_add(struct planner *planner, struct x86_stub *stub, struct error *err)
{
	struct block bytes = { NULL, PAGE_BYTES, false };
	struct range page;

	if (bios_is_there(planner->machine) || !place_last_low(planner, &page))
		return true;
	bytes.p = arena_alloc(planner->arena, bytes.n);
	if (!bytes.p)
		return fail_no_memory(err);
	block_put_u8(&bytes, 0, PAGE / 1024);
	block_put_le16(&bytes, PAGE_BDA, (uint16_t)(page.start >> 4));
	block_put_le16(&bytes, PAGE_BDA + 2, (uint16_t)(page.start >> 10));
	add_copy(stub, page.start + PAGE_BDA, BDA_EXTENDED_DATA, 2);
	add_copy(stub, page.start + PAGE_BDA + 2, BDA_KILOBYTES, 2);
	if (planner->machine->rsdp)
		add_copy(stub, planner->machine->rsdp, page.start + PAGE_RSDP, RSDP_SIZE_2);
	return reserve(planner, page, err) &&
		place_segment(planner,
			(struct segment){ "BIOS data", { bytes.p, bytes.n }, page,
				"at the end of low memory, for a kernel that looks where a BIOS has it" },
			err);
}
