/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Written twice by the same functions: the first time into no buffer, which tells the size. What
 * one part refers to is therefore written before that part.
 */
#include "boot/multiboot-info.h"

#include <string.h>

#include "base/arith.h"
#include "boot/efi-map.h"
#include "boot/multiboot-screen.h"

static const char loader_name[] = "Saut " SAUT_VERSION;

enum { ALIGNMENT = 8 };

#define LOWER_END KiB(640)

/* Version 1: flags, and offsets of the fixed part. */
enum {
	HAS_MEMORY = 1 << 0,
	HAS_COMMAND_LINE = 1 << 2,
	HAS_MODULES = 1 << 3,
	HAS_MAP = 1 << 6,
	HAS_LOADER_NAME = 1 << 9,
	HAS_FRAMEBUFFER = 1 << 12,

	INFO_FLAGS = 0,
	INFO_LOWER = 4,
	INFO_UPPER = 8,
	INFO_COMMAND_LINE = 16,
	INFO_MODULE_COUNT = 20,
	INFO_MODULES = 24,
	INFO_MAP_SIZE = 44,
	INFO_MAP = 48,
	INFO_LOADER_NAME = 64,
	INFO_FRAMEBUFFER = 88,
	INFO_SIZE = 120, /* 116, padded */

	MODULE_SIZE = 16,
	MAP_ENTRY_SIZE = 24, /* of which the first word says the size of the others */
};

/* Version 2: types of tags. */
enum {
	TAG_END = 0,
	TAG_COMMAND_LINE = 1,
	TAG_LOADER_NAME = 2,
	TAG_MODULE = 3,
	TAG_MEMORY = 4,
	TAG_MAP = 6,
	TAG_FRAMEBUFFER = 8,
	TAG_EFI_TABLE_32 = 11,
	TAG_EFI_TABLE_64 = 12,
	TAG_ACPI_1 = 14,
	TAG_ACPI_2 = 15,
	TAG_EFI_MAP = 17,
	TAG_LOAD_BASE = 21,
	TAG_HEADER = 8,
};

/* Types of memory are those of e820 up to this one; the rest is reserved to Multiboot. */
enum { LAST_SHARED_TYPE = MEMORY_UNUSABLE };

struct writer {
	const struct multiboot_info_request *request;
	phys_t address;
	struct block block;
	size_t end;
	struct view efi_map;   /* empty: it is told nothing of EFI */
	size_t rsdp_1, rsdp_2; /* offsets of the room for them */
};

/* Makes room at the end, and returns its offset. */
static size_t grow(struct writer *w, size_t size)
{
	size_t at = w->end;

	w->end = (at + size + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1);
	return at;
}

static void put_string(struct writer *w, size_t at, const char *text)
{
	block_put_bytes(&w->block, at, (struct view){ (const uint8_t *)text, strlen(text) + 1 });
}

static uint32_t add_string(struct writer *w, const char *text)
{
	size_t at = grow(w, strlen(text) + 1);

	put_string(w, at, text);
	return (uint32_t)(w->address + at);
}

/* RAM from there up to the first hole, in KiB. */
static uint32_t kilobytes_from(const struct machine *machine, phys_t start)
{
	phys_t end = start;

	for (size_t i = 0; i < machine->memory.count; i++) {
		const struct memory_entry *e = &machine->memory.items[i];

		if (e->type == MEMORY_RAM && e->range.start <= end && range_end(e->range) > end)
			end = range_end(e->range);
	}
	return (uint32_t)min_u64((end - start) / 1024, UINT32_MAX);
}

static uint32_t lower_kilobytes(const struct machine *machine)
{
	return (uint32_t)min_u64(kilobytes_from(machine, 0), LOWER_END / 1024);
}

static uint32_t upper_kilobytes(const struct machine *machine)
{
	return kilobytes_from(machine, MiB(1));
}

static uint32_t type_of(const struct memory_entry *entry)
{
	return (uint32_t)entry->type <= LAST_SHARED_TYPE ? (uint32_t)entry->type : MEMORY_RESERVED;
}

/* An entry as both versions have it. */
static void put_map_entry(struct writer *w, size_t at, const struct memory_entry *entry)
{
	block_put_le64(&w->block, at, entry->range.start);
	block_put_le64(&w->block, at + 8, entry->range.size);
	block_put_le32(&w->block, at + 16, type_of(entry));
}

static void write_map_1(struct writer *w)
{
	const struct memory_map *map = &w->request->machine->memory;
	size_t at = grow(w, map->count * MAP_ENTRY_SIZE);

	block_put_le32(&w->block, INFO_MAP_SIZE, (uint32_t)(map->count * MAP_ENTRY_SIZE));
	block_put_le32(&w->block, INFO_MAP, (uint32_t)(w->address + at));
	for (size_t i = 0; i < map->count; i++, at += MAP_ENTRY_SIZE) {
		block_put_le32(&w->block, at, MAP_ENTRY_SIZE - 4);
		put_map_entry(w, at + 4, &map->items[i]);
	}
}

static void write_modules_1(struct writer *w)
{
	const struct multiboot_info_request *request = w->request;
	size_t at = grow(w, request->module_count * MODULE_SIZE);

	block_put_le32(&w->block, INFO_MODULE_COUNT, (uint32_t)request->module_count);
	block_put_le32(&w->block, INFO_MODULES, (uint32_t)(w->address + at));
	for (size_t i = 0; i < request->module_count; i++, at += MODULE_SIZE) {
		const struct multiboot_module *module = &request->modules[i];

		block_put_le32(&w->block, at, (uint32_t)module->memory.start);
		block_put_le32(&w->block, at + 4, (uint32_t)range_end(module->memory));
		block_put_le32(&w->block, at + 8, add_string(w, module->line));
	}
}

/* Address, pitch, width, height, depth, type: the same in both versions. */
static void put_screen(struct writer *w, size_t at, const struct multiboot_screen *screen)
{
	block_put_le64(&w->block, at, screen->address);
	block_put_le32(&w->block, at + 8, screen->pitch);
	block_put_le32(&w->block, at + 12, screen->width);
	block_put_le32(&w->block, at + 16, screen->height);
	block_put_u8(&w->block, at + 20, screen->bits);
	block_put_u8(&w->block, at + 21, (uint8_t)screen->type);
}

static void put_colours(struct writer *w, size_t at, const struct multiboot_screen *screen)
{
	block_put_bytes(&w->block, at, (struct view){ screen->colours, sizeof screen->colours });
}

static void write_1(struct writer *w)
{
	struct multiboot_screen screen = multiboot_screen_of(w->request->machine);
	uint32_t flags = HAS_MEMORY | HAS_COMMAND_LINE | HAS_MODULES | HAS_MAP | HAS_LOADER_NAME;

	grow(w, INFO_SIZE);
	block_put_le32(&w->block, INFO_LOWER, lower_kilobytes(w->request->machine));
	block_put_le32(&w->block, INFO_UPPER, upper_kilobytes(w->request->machine));
	block_put_le32(&w->block, INFO_COMMAND_LINE, add_string(w, w->request->command_line));
	block_put_le32(&w->block, INFO_LOADER_NAME, add_string(w, loader_name));
	write_map_1(w);
	write_modules_1(w);
	if (screen.type != SCREEN_NONE) {
		flags |= HAS_FRAMEBUFFER;
		put_screen(w, INFO_FRAMEBUFFER, &screen);
		put_colours(w, INFO_FRAMEBUFFER + 22, &screen);
	}
	block_put_le32(&w->block, INFO_FLAGS, flags);
}

/* A tag with so many bytes behind its header; the offset of these. */
static size_t add_tag(struct writer *w, uint32_t type, size_t size)
{
	size_t at = grow(w, TAG_HEADER + size);

	block_put_le32(&w->block, at, type);
	block_put_le32(&w->block, at + 4, (uint32_t)(TAG_HEADER + size));
	return at + TAG_HEADER;
}

static void add_string_tag(struct writer *w, uint32_t type, const char *text)
{
	put_string(w, add_tag(w, type, strlen(text) + 1), text);
}

static void write_modules_2(struct writer *w)
{
	for (size_t i = 0; i < w->request->module_count; i++) {
		const struct multiboot_module *module = &w->request->modules[i];
		size_t at = add_tag(w, TAG_MODULE, 8 + strlen(module->line) + 1);

		block_put_le32(&w->block, at, (uint32_t)module->memory.start);
		block_put_le32(&w->block, at + 4, (uint32_t)range_end(module->memory));
		put_string(w, at + 8, module->line);
	}
}

static void write_map_2(struct writer *w)
{
	const struct memory_map *map = &w->request->machine->memory;
	size_t at = add_tag(w, TAG_MAP, 8 + map->count * MAP_ENTRY_SIZE);

	block_put_le32(&w->block, at, MAP_ENTRY_SIZE);
	at += 8; /* and the version of an entry, 0 */
	for (size_t i = 0; i < map->count; i++, at += MAP_ENTRY_SIZE)
		put_map_entry(w, at, &map->items[i]);
}

static void write_screen_2(struct writer *w)
{
	struct multiboot_screen screen = multiboot_screen_of(w->request->machine);
	size_t at;

	if (screen.type == SCREEN_NONE)
		return;
	/* Two reserved bytes, as loaders and kernels have it; the text of 2.0 draws one. */
	at = add_tag(w, TAG_FRAMEBUFFER, 24 + (screen.type == SCREEN_RGB ? 6 : 0));
	put_screen(w, at, &screen);
	if (screen.type == SCREEN_RGB)
		put_colours(w, at + 24, &screen);
}

/* The stub fills it in: the firmware's memory is not read before. */
static void write_acpi(struct writer *w)
{
	const struct machine *machine = w->request->machine;

	if (machine->rsdp == 0)
		return;
	/* That of version 2 begins like version 1. A BIOS may have the latter only; EFI has both. */
	w->rsdp_1 = add_tag(w, TAG_ACPI_1, RSDP_SIZE_1);
	if (machine->rsdp >= MiB(1))
		w->rsdp_2 = add_tag(w, TAG_ACPI_2, RSDP_SIZE_2);
}

/*
 * Boot services are gone, and the services of run time are where the running kernel put them: the
 * pointers in the system table are virtual ones, for which the map has both addresses.
 */
static void write_efi(struct writer *w)
{
	const struct machine *machine = w->request->machine;
	size_t at;

	if (w->efi_map.n == 0)
		return;
	if (machine->efi.is_64_bit)
		block_put_le64(&w->block, add_tag(w, TAG_EFI_TABLE_64, 8), w->request->efi_table);
	else
		block_put_le32(&w->block, add_tag(w, TAG_EFI_TABLE_32, 4),
			(uint32_t)w->request->efi_table);
	at = add_tag(w, TAG_EFI_MAP, 8 + w->efi_map.n);
	block_put_le32(&w->block, at, EFI_DESCRIPTOR_SIZE);
	block_put_le32(&w->block, at + 4, EFI_DESCRIPTOR_VERSION);
	block_put_bytes(&w->block, at + 8, w->efi_map);
}

static void write_2(struct writer *w)
{
	size_t at;

	grow(w, 8); /* total size, reserved */
	add_string_tag(w, TAG_COMMAND_LINE, w->request->command_line);
	add_string_tag(w, TAG_LOADER_NAME, loader_name);
	write_modules_2(w);
	at = add_tag(w, TAG_MEMORY, 8);
	block_put_le32(&w->block, at, lower_kilobytes(w->request->machine));
	block_put_le32(&w->block, at + 4, upper_kilobytes(w->request->machine));
	write_map_2(w);
	write_screen_2(w);
	write_acpi(w);
	write_efi(w);
	if (w->request->moved)
		block_put_le32(
			&w->block, add_tag(w, TAG_LOAD_BASE, 4), (uint32_t)w->request->load_base);
	add_tag(w, TAG_END, 0);
	block_put_le32(&w->block, 0, (uint32_t)w->end);
}

static void write_all(struct writer *w)
{
	w->end = 0;
	if (w->request->version == 1)
		write_1(w);
	else
		write_2(w);
}

bool multiboot_info_make(const struct multiboot_info_request *request, phys_t address,
	struct arena *arena, struct multiboot_info *ret, struct error *err)
{
	struct writer w = { .request = request, .address = address };

	if (request->efi_table && !efi_map_make(request->machine, arena, &w.efi_map))
		return fail_no_memory(err);
	write_all(&w);
	w.block = (struct block){ arena_alloc(arena, w.end), w.end, false };
	if (!w.block.p)
		return fail_no_memory(err);
	write_all(&w);
	if (w.block.overrun)
		return fail(err, FAULT_INTERNAL, "Multiboot's information does not fit its size");
	*ret = (struct multiboot_info){ { w.block.p, w.block.n }, w.rsdp_1, w.rsdp_2 };
	return true;
}
