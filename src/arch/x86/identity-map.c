/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "arch/x86/identity-map.h"

#include "base/arith.h"
#include "boot/x86-boot-data.h"

enum {
	PAGE = 4096,
	EFI_TABLES_SIZE = 64 << 10, /* the configuration table and the tables beside it */
};

/* Without 1-GiB pages the tables for all RAM would be as large as a kernel: its lowest part. */
#define MAPPED_WITHOUT_GIGABYTE_PAGES GiB(4)

static bool add_efi(const struct machine *machine, struct arena *arena, struct ranges *map)
{
	const struct efi_facts *efi = &machine->efi;
	phys_t systab = x86_efi_table(machine);
	struct range r;

	if (!efi->present)
		return true;
	if (systab && !ranges_add(map, arena, range_between(systab, systab + PAGE)))
		return false;
	if (efi->config_table && range_make(efi->config_table, EFI_TABLES_SIZE, &r) &&
		!ranges_add(map, arena, r))
		return false;
	for (size_t i = 0; i < efi->region_count; i++) {
		uint64_t size;

		if (!ck_mul(efi->regions[i].pages, PAGE, &size) ||
			!range_make(efi->regions[i].phys, size, &r))
			continue;
		if (r.start < MAPPED_WITHOUT_GIGABYTE_PAGES && !ranges_add(map, arena, r))
			return false;
	}
	return true;
}

static bool is_read_early(enum memory_type type)
{
	return type == MEMORY_RAM || type == MEMORY_ACPI_TABLES || type == MEMORY_ACPI_NVS;
}

bool x86_identity_map(const struct machine *machine, const struct ranges *own, struct arena *arena,
	struct ranges *ret)
{
	phys_t end = machine->cpu.pdpe1gb ? PHYS_MAX : MAPPED_WITHOUT_GIGABYTE_PAGES;
	struct ranges map = { 0 };

	if (!ranges_add(&map, arena, range_between(0, MiB(1))) || !add_efi(machine, arena, &map))
		return false;
	for (size_t i = 0; i < machine->memory.count; i++) {
		const struct memory_entry *entry = &machine->memory.items[i];

		if (is_read_early(entry->type) &&
			!ranges_add(
				&map, arena, range_intersect(entry->range, range_between(0, end))))
			return false;
	}
	for (size_t i = 0; i < own->count; i++)
		if (!ranges_add(&map, arena, own->items[i]))
			return false;
	ranges_normalise(&map);
	*ret = map;
	return true;
}
