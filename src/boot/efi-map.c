/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The firmware's map as Linux keeps it, with the regions of the runtime map laid over it. */
#include "boot/efi-map.h"

#include <stdlib.h>

enum { EFI_PAGE = 4096 };

/* EFI_MEMORY_TYPE, UEFI 2.10, 7.2.1. */
enum {
	EFI_RESERVED = 0,
	EFI_CONVENTIONAL = 7,
	EFI_UNUSABLE = 8,
	EFI_ACPI_RECLAIM = 9,
	EFI_ACPI_NVS = 10,
	EFI_PERSISTENT = 14,

	EFI_WRITE_BACK = 8, /* attribute: may be cached */
};

static uint32_t type_of(enum memory_type type)
{
	switch (type) {
	case MEMORY_RAM:
		return EFI_CONVENTIONAL;
	case MEMORY_ACPI_TABLES:
		return EFI_ACPI_RECLAIM;
	case MEMORY_ACPI_NVS:
		return EFI_ACPI_NVS;
	case MEMORY_UNUSABLE:
		return EFI_UNUSABLE;
	case MEMORY_PERSISTENT:
		return EFI_PERSISTENT;
	case MEMORY_RESERVED:
	case MEMORY_PERSISTENT_LEGACY:
	case MEMORY_SOFT_RESERVED:
		break;
	}
	return EFI_RESERVED;
}

struct regions {
	struct efi_region *items;
	size_t count;
};

static bool add(struct regions *map, struct arena *arena, struct efi_region region)
{
	map->items = arena_grow(arena, map->items, map->count, sizeof *map->items);
	if (!map->items)
		return false;
	map->items[map->count++] = region;
	return true;
}

/* The part of an entry of the firmware's map that no region of run time covers. */
static bool add_entry(struct regions *map, struct arena *arena, const struct memory_entry *entry,
	const struct ranges *runtime)
{
	struct range whole = range_shrink_to(entry->range, EFI_PAGE);
	struct ranges from = { &whole, 1 }, left;

	if (whole.size == 0)
		return true;
	if (!ranges_subtract(&from, runtime, arena, &left))
		return false;
	for (size_t i = 0; i < left.count; i++) {
		/* A region need not end where a page does. */
		struct range pages = range_shrink_to(left.items[i], EFI_PAGE);

		if (pages.size &&
			!add(map, arena,
				(struct efi_region){ .type = type_of(entry->type),
					.phys = pages.start,
					.pages = pages.size / EFI_PAGE,
					.attribute = EFI_WRITE_BACK }))
			return false;
	}
	return true;
}

static bool collect(const struct machine *machine, struct arena *arena, struct regions *map)
{
	const struct efi_facts *efi = &machine->efi;
	struct ranges runtime = { 0 };
	struct range r;

	for (size_t i = 0; i < efi->region_count; i++) {
		bool sane = efi->regions[i].pages <= UINT64_MAX / EFI_PAGE &&
			range_make(efi->regions[i].phys, efi->regions[i].pages * EFI_PAGE, &r);

		if (!add(map, arena, efi->regions[i]) || (sane && !ranges_add(&runtime, arena, r)))
			return false;
	}
	ranges_normalise(&runtime);
	for (size_t i = 0; i < machine->memory.count; i++)
		if (!add_entry(map, arena, &machine->memory.items[i], &runtime))
			return false;
	return true;
}

static int compare(const void *x, const void *y)
{
	const struct efi_region *a = x, *b = y;

	return (a->phys > b->phys) - (a->phys < b->phys);
}

bool efi_map_make(const struct machine *machine, struct arena *arena, struct view *ret)
{
	struct regions map = { 0 };
	struct block bytes;

	if (!collect(machine, arena, &map))
		return false;
	if (map.count)
		qsort(map.items, map.count, sizeof *map.items, compare);
	bytes.n = map.count * EFI_DESCRIPTOR_SIZE;
	bytes = (struct block){ arena_alloc(arena, bytes.n + 1), bytes.n, false };
	if (!bytes.p)
		return false;
	for (size_t i = 0; i < map.count; i++) {
		const struct efi_region *region = &map.items[i];
		uint64_t at = i * EFI_DESCRIPTOR_SIZE;

		block_put_le32(&bytes, at, region->type);
		block_put_le64(&bytes, at + 8, region->phys);
		block_put_le64(&bytes, at + 16, region->virt);
		block_put_le64(&bytes, at + 24, region->pages);
		block_put_le64(&bytes, at + 32, region->attribute);
	}
	*ret = (struct view){ bytes.p, bytes.n };
	return true;
}
