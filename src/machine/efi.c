/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * /sys/firmware/efi (Documentation/ABI/testing/sysfs-firmware-efi and -efi-runtime-map): what the
 * next kernel must be told to go on using the firmware's runtime services, and where the firmware
 * left its tables.
 */
#include "machine/facts.h"

#include "base/arith.h"

#define EFI         "sys/firmware/efi"
#define RUNTIME_MAP EFI "/runtime-map"

/* Firmware lists some dozens; what is longer is no map. */
enum { EFI_REGIONS_MAX = 4096 };

enum { EFI_PAGE = 4096 }; /* on every CPU: UEFI 2.10, 7.2 */

static bool read_region(
	const struct source *source, struct arena *arena, const char *name, struct efi_region *ret)
{
	struct efi_region region;
	uint64_t type;
	const struct {
		const char *file;
		uint64_t *value;
	} fields[] = {
		{ "type", &type },
		{ "phys_addr", &region.phys },
		{ "virt_addr", &region.virt },
		{ "num_pages", &region.pages },
		{ "attribute", &region.attribute },
	};

	for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
		const char *path = arena_printf(arena, RUNTIME_MAP "/%s/%s", name, fields[i].file);

		if (!fact_hex(source, arena, path, fields[i].value))
			return false;
	}
	if (type > UINT32_MAX)
		return false;
	region.type = (uint32_t)type;
	*ret = region;
	return true;
}

/* A map with a hole is worse than none: the services would reach into what is not mapped. */
static size_t read_regions(
	const struct source *source, struct arena *arena, const struct efi_region **ret)
{
	const char *const *names;
	struct efi_region *regions = NULL;
	size_t count = 0;

	if (!source_list(source, RUNTIME_MAP, arena, &names))
		return 0;
	for (; names[count]; count++) {
		if (count == EFI_REGIONS_MAX)
			return 0;
		regions = arena_grow(arena, regions, count, sizeof *regions);
		if (!regions || !read_region(source, arena, names[count], &regions[count]))
			return 0;
	}
	*ret = regions;
	return count;
}

/* A line "NAME=0x..." of systab; 0 if there is none. */
static uint64_t table_address(struct view systab, const char *name)
{
	struct view text;
	uint64_t address;

	return text_value(systab, name, '=', &text) && text_hex(text, &address) ? address : 0;
}

/* The first of two tables that is there: the newer form first. */
static uint64_t either_table(struct view systab, const char *newer, const char *older)
{
	uint64_t address = table_address(systab, newer);

	return address ? address : table_address(systab, older);
}

static uint64_t hex_or_zero(const struct source *source, struct arena *arena, const char *path)
{
	uint64_t value;

	return fact_hex(source, arena, path, &value) ? value : 0;
}

struct efi_facts efi_capture(const struct source *source, struct arena *arena)
{
	struct view systab = fact_text(source, arena, EFI "/systab");
	struct efi_facts efi = { 0 };
	uint64_t bits;

	if (!fact_decimal(source, arena, EFI "/fw_platform_size", &bits))
		return efi;
	efi.present = true;
	efi.is_64_bit = bits == 64;
	efi.fw_vendor = hex_or_zero(source, arena, EFI "/fw_vendor");
	efi.runtime = hex_or_zero(source, arena, EFI "/runtime");
	efi.config_table = hex_or_zero(source, arena, EFI "/config_table");
	efi.smbios = either_table(systab, "SMBIOS3", "SMBIOS");
	efi.acpi20 = either_table(systab, "ACPI20", "ACPI");
	efi.region_count = read_regions(source, arena, &efi.regions);
	return efi;
}

/* Some lie in what the map calls RAM: the kernel keeps boot-time data (a logo, ESRT) that way. */
bool efi_runtime_memory(const struct efi_facts *efi, struct arena *arena, struct ranges *ret)
{
	struct ranges found = { 0 };

	for (size_t i = 0; i < efi->region_count; i++) {
		const struct efi_region *region = &efi->regions[i];
		struct range r;
		uint64_t size;

		if (!ck_mul(region->pages, EFI_PAGE, &size) || !range_make(region->phys, size, &r))
			r = range_between(region->phys, PHYS_MAX);
		if (!ranges_add(&found, arena, r))
			return false;
	}
	ranges_normalise(&found);
	*ret = found;
	return true;
}
