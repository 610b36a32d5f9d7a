/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * EFI's memory map as the next kernel is told of it: the input is records of 32 bytes, each an entry of the memory
 * map or a region of run time. Every region is told as it is, and what else is told lies in memory and in none of them.
 */
#include "fuzz.h"

#include "boot/efi-map.h"

enum { RECORDS_MAX = 256, PAGE = 4096, WRITE_BACK = 8 };

struct told {
	struct memory_entry memory[RECORDS_MAX];
	struct efi_region regions[RECORDS_MAX];
	size_t memory_count, region_count;
};

static void take_record(struct told *told, struct reader *r)
{
	const unsigned kind = reader_u8(r);
	struct efi_region region = { .type = reader_u8(r) };
	struct range range;

	reader_skip(r, 6);
	region.phys = reader_le64(r);
	region.pages = reader_le64(r);
	region.virt = reader_le64(r);
	region.attribute = region.virt >> 8;
	if (r->overrun)
		return;
	if (kind & 1)
		told->regions[told->region_count++] = region;
	else if (range_make(region.phys, region.pages, &range))
		told->memory[told->memory_count++] = (struct memory_entry){ range,
			(enum memory_type)(region.type % (MEMORY_SOFT_RESERVED + 1)) };
}

static bool same(const struct efi_region *a, const struct efi_region *b)
{
	return a->type == b->type && a->phys == b->phys && a->virt == b->virt &&
		a->pages == b->pages && a->attribute == b->attribute;
}

static struct efi_region next_of(struct reader *r)
{
	struct efi_region region = { .type = reader_le32(r) };

	reader_skip(r, 4);
	region.phys = reader_le64(r);
	region.virt = reader_le64(r);
	region.pages = reader_le64(r);
	region.attribute = reader_le64(r);
	return region;
}

/* False where it would wrap, which no memory does. */
static bool range_of(const struct efi_region *region, struct range *ret)
{
	return region->pages <= UINT64_MAX / PAGE &&
		range_make(region->phys, region->pages * PAGE, ret);
}

static bool is_region(const struct told *told, const struct efi_region *region)
{
	for (size_t i = 0; i < told->region_count; i++)
		if (same(&told->regions[i], region))
			return true;
	return false;
}

static void expect_memory(const struct told *told, const struct efi_region *region)
{
	struct range r, runtime;
	bool is_memory = false;

	expect(range_of(region, &r) && r.size && r.start % PAGE == 0);
	expect(region->virt == 0 && region->attribute == WRITE_BACK);
	for (size_t i = 0; i < told->memory_count; i++)
		is_memory |= range_contains(told->memory[i].range, r);
	expect(is_memory);
	for (size_t i = 0; i < told->region_count; i++)
		expect(!range_of(&told->regions[i], &runtime) || !range_overlaps(runtime, r));
}

static void expect_map(const struct told *told, struct view map)
{
	struct reader r = reader_at(map, 0);
	size_t regions = 0;
	phys_t last = 0;

	expect(map.n % EFI_DESCRIPTOR_SIZE == 0);
	for (size_t i = 0; i < map.n / EFI_DESCRIPTOR_SIZE; i++) {
		struct efi_region region = next_of(&r);

		expect(region.phys >= last);
		last = region.phys;
		if (is_region(told, &region))
			regions++;
		else
			expect_memory(told, &region);
	}
	expect(regions >= told->region_count);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct reader r = reader_at((struct view){ data, size }, 0);
	struct machine machine = { .arch = ARCH_X86_64, .page_size = PAGE };
	struct told told = { 0 };
	struct arena arena = { 0 };
	struct view map;

	for (size_t i = 0; i < RECORDS_MAX && !r.overrun; i++)
		take_record(&told, &r);
	machine.memory.items = told.memory;
	machine.memory.count = told.memory_count;
	machine.efi.regions = told.regions;
	machine.efi.region_count = told.region_count;
	expect(efi_map_make(&machine, &arena, &map));
	expect_map(&told, map);
	arena_free(&arena);
	return 0;
}
