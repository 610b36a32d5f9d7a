/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The memory map has as RAM what was reserved and the first 640 KiB, in which the kernel starts its other CPUs, so
 * that the dead kernel's contents of it are moved away by the stub. All that is no RAM stays in it: ACPI's
 * tables are read there. What drivers may take for memory to use becomes reserved.
 */
#include "arch/x86/crash.h"

#include <stdlib.h>

#include "arch/x86/bzimage16.h"
#include "arch/x86/elf.h"
#include "base/arith.h"
#include "boot/crash-core.h"

#define LOW_MEMORY range_between(0, KiB(640))

bool x86_crash_check(const struct planner *planner, struct error *err)
{
	const struct request *request = planner->request;
	const char *image = request->image->name;

	if (!request->crash || planner->plan->call != CALL_LOAD)
		return true;
	if (request->image->format == IMAGE_BZIMAGE && bzimage16_is_wanted(request))
		return fail(err, FAULT_CRASH_NOT_LINUX,
			"a crash kernel is told its memory by the loader, and one that starts in real mode "
			"asks the BIOS");
	if (request->image->format == IMAGE_MULTIBOOT ||
		(request->image->format == IMAGE_ELF && !elf_is_told_as_linux(request)))
		return fail(err, FAULT_CRASH_NOT_LINUX,
			"a crash kernel is told of the dead one as Linux is, which this (%s) is not",
			image);
	return true;
}

static int by_address(const void *x, const void *y)
{
	const struct memory_entry *a = x, *b = y;

	if (a->range.start == b->range.start)
		return 0;
	return a->range.start < b->range.start ? -1 : 1;
}

struct map {
	struct arena *arena;
	struct memory_entry *items;
	size_t count;
};

static bool add(struct map *map, struct range r, enum memory_type type)
{
	map->items = arena_grow(map->arena, map->items, map->count, sizeof *map->items);
	if (!map->items)
		return false;
	map->items[map->count++] = (struct memory_entry){ r, type };
	return true;
}

static bool add_all(struct map *map, const struct ranges *ram)
{
	for (size_t i = 0; i < ram->count; i++)
		if (!add(map, ram->items[i], MEMORY_RAM))
			return false;
	return true;
}

static enum memory_type as_told(enum memory_type type)
{
	return type == MEMORY_SOFT_RESERVED ? MEMORY_RESERVED : type;
}

static bool make_map(struct planner *planner, const struct ranges *usable, struct memory_map *ret)
{
	const struct machine *machine = planner->machine;
	struct range below = LOW_MEMORY;
	const struct ranges all = { &below, 1 };
	struct map map = { .arena = planner->arena };
	struct ranges low;

	if (!ranges_intersect(&machine->system_ram, &all, planner->arena, &low) ||
		!add_all(&map, &low) || !add_all(&map, usable))
		return false;
	for (size_t i = 0; i < machine->memory.count; i++) {
		const struct memory_entry *entry = &machine->memory.items[i];

		if (entry->type != MEMORY_RAM && !add(&map, entry->range, as_told(entry->type)))
			return false;
	}
	qsort(map.items, map.count, sizeof *map.items, by_address);
	*ret = (struct memory_map){ map.items, map.count, machine->memory.from_iomem };
	return true;
}

/* memmap= as Documentation/admin-guide/kernel-parameters.txt has it: @ is RAM, # ACPI's, $ reserved. */
static char mark_of(enum memory_type type)
{
	if (type == MEMORY_RAM)
		return '@';
	return type == MEMORY_ACPI_TABLES || type == MEMORY_ACPI_NVS ? '#' : '$';
}

static const char *memory_on_line(const struct planner *planner, const struct memory_map *map)
{
	const char *line = "memmap=exactmap";

	for (size_t i = 0; line && i < map->count; i++)
		line = arena_printf(planner->arena, "%s memmap=%#llx%c%#llx", line,
			(unsigned long long)map->items[i].range.size, mark_of(map->items[i].type),
			(unsigned long long)map->items[i].range.start);
	return line;
}

static bool make_line(struct planner *planner, const struct crash_core *core, struct x86_crash *ret)
{
	const char *map = "";

	if (planner->request->quirks.memory_on_line)
		map = memory_on_line(planner, &ret->machine.memory);
	if (!map)
		return false;
	ret->line = arena_printf(planner->arena, "%s%selfcorehdr=%#llx", map, map[0] ? " " : "",
		(unsigned long long)core->headers.start);
	return ret->line != NULL;
}

bool x86_crash_add(struct planner *planner, phys_t last, struct x86_crash *ret, struct error *err)
{
	struct x86_crash crash = { .machine = *planner->machine };
	struct crash_core core;

	if (!crash_core_add(planner,
		    &(struct crash_core_request){ .taken = LOW_MEMORY, .last = last }, &core, err))
		return false;
	if (!crash_core_copies(&core, crash.copies, &crash.copy_count, err))
		return false;
	if (!make_map(planner, &core.usable, &crash.machine.memory) ||
		!make_line(planner, &core, &crash))
		return fail_no_memory(err);
	*ret = crash;
	return true;
}
