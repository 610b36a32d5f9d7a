/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The firmware's memory map from /sys/firmware/memmap (Documentation/ABI/testing/
 * sysfs-firmware-memmap), or where the kernel has none from /proc/iomem, which knows the kernel's
 * view of it only.
 */
#include <stdlib.h>

#include "machine/facts.h"

enum {
	/* Four times what the kernel holds on 1024 nodes: E820_MAX_ENTRIES, asm/e820/types.h. */
	MEMORY_ENTRIES_MAX = 12800,
	ADDRESS_SHOWN = 24, /* bytes of a bad address that an error shows */
};

#define MEMMAP "sys/firmware/memmap"

struct type_name {
	const char *name;
	enum memory_type type;
};

static const struct type_name type_names[] = {
	{ "System RAM", MEMORY_RAM },
	{ "Reserved", MEMORY_RESERVED },
	{ "Device reserved", MEMORY_RESERVED },
	{ "ACPI Tables", MEMORY_ACPI_TABLES },
	{ "ACPI Non-volatile Storage", MEMORY_ACPI_NVS },
	{ "Unusable memory", MEMORY_UNUSABLE },
	{ "Persistent Memory", MEMORY_PERSISTENT },
	{ "Persistent Memory (legacy)", MEMORY_PERSISTENT_LEGACY },
	{ "Soft Reserved", MEMORY_SOFT_RESERVED },
};

/* The type of memory that the kernel gives this name; false for a name of something else. */
static bool type_by_name(struct view name, enum memory_type *ret)
{
	for (size_t i = 0; i < sizeof type_names / sizeof *type_names; i++) {
		if (text_is_any_case(name, type_names[i].name)) {
			*ret = type_names[i].type;
			return true;
		}
	}
	return false;
}

struct map_builder {
	const struct source *source;
	struct arena *arena;
	struct view boot_params;
	struct memory_entry *items;
	size_t count;
};

static bool add_entry(struct map_builder *b, struct memory_entry entry, struct error *err)
{
	if (b->count == MEMORY_ENTRIES_MAX)
		return fail(err, FAULT_MACHINE_UNREADABLE,
			"the memory map has more than %d entries", MEMORY_ENTRIES_MAX);
	b->items = arena_grow(b->arena, b->items, b->count, sizeof *b->items);
	if (!b->items)
		return fail_no_memory(err);
	b->items[b->count++] = entry;
	return true;
}

static bool read_address(const struct map_builder *b, const char *entry, const char *name,
	uint64_t *ret, struct error *err)
{
	const char *path = arena_printf(b->arena, MEMMAP "/%s/%s", entry, name);
	struct view text;

	if (!path)
		return fail_no_memory(err);
	text = fact_text(b->source, b->arena, path);
	if (text.n == 0)
		return fail(err, FAULT_MACHINE_UNREADABLE, "/%s cannot be read", path);
	if (!text_hex(text, ret))
		return fail(err, FAULT_MACHINE_UNREADABLE, "/%s is no address: \"%.*s\"", path,
			(int)view_first(text, ADDRESS_SHOWN).n, (const char *)text.p);
	return true;
}

/*
 * A type that is newer than this program is nothing to write into: it stays reserved. One that is too old for the
 * running kernel to have a name for is RAM by the numbers that it was given.
 */
static bool read_type(
	const struct map_builder *b, const char *entry, struct memory_entry *of, struct error *err)
{
	const char *path = arena_printf(b->arena, MEMMAP "/%s/type", entry);
	struct view text;

	if (!path)
		return fail_no_memory(err);
	if (!source_take(b->source, path, b->arena, &text, err))
		return fact_unreadable(err);
	if (!text.p)
		return fail(err, FAULT_MACHINE_UNREADABLE, "/%s is not there", path);
	if (!type_by_name(text_trim(text), &of->type) &&
		boot_params_was_kept(b->boot_params, of->range))
		of->type = MEMORY_RAM;
	return true;
}

static bool read_entry(struct map_builder *b, const char *name, struct error *err)
{
	struct memory_entry entry = { .type = MEMORY_RESERVED };
	uint64_t start, last;

	if (!read_address(b, name, "start", &start, err) ||
		!read_address(b, name, "end", &last, err))
		return false;
	if (start != 0 && last == start - 1)
		return true; /* empty */
	if (last < start)
		return fail(err, FAULT_MACHINE_UNREADABLE,
			"/" MEMMAP "/%s ends at 0x%llx, before its start at 0x%llx", name,
			(unsigned long long)last, (unsigned long long)start);
	/* A range cannot hold the very last byte of the address space; nothing lives there. */
	entry.range = range_between(start, last == PHYS_MAX ? PHYS_MAX : last + 1);
	return read_type(b, name, &entry, err) && add_entry(b, entry, err);
}

/* The outermost lines that name memory; their children say what became of it. */
static bool read_iomem(struct map_builder *b, const struct iomem *iomem, struct error *err)
{
	bool inside = false;
	unsigned depth = 0;

	for (size_t i = 0; i < iomem->count; i++) {
		const struct iomem_line *line = &iomem->lines[i];
		struct memory_entry entry = { .range = line->range };

		if (inside && line->depth > depth)
			continue;
		inside = type_by_name(line->name, &entry.type);
		depth = line->depth;
		if (inside && !add_entry(b, entry, err))
			return false;
	}
	return true;
}

static int by_address(const void *x, const void *y)
{
	const struct memory_entry *a = x, *b = y;

	if (a->range.start != b->range.start)
		return a->range.start < b->range.start ? -1 : 1;
	if (a->range.size != b->range.size)
		return a->range.size < b->range.size ? -1 : 1;
	return a->type < b->type ? -1 : a->type > b->type;
}

/*
 * Neighbours that are RAM become one. kexec_file_load of the running kernel tells the next one which of it held setup_data
 * (a type of Linux's own, "System RAM" by name as well), so that a chain of jumps would have one more piece after each.
 * What is no RAM stays apart: two pieces of persistent memory are two devices.
 */
static size_t join_ram(struct memory_entry *items, size_t count)
{
	size_t kept = 0;

	for (size_t i = 0; i < count; i++) {
		struct memory_entry *last = kept ? &items[kept - 1] : NULL;

		if (last && last->type == MEMORY_RAM && items[i].type == MEMORY_RAM &&
			range_end(last->range) == items[i].range.start)
			last->range.size += items[i].range.size;
		else
			items[kept++] = items[i];
	}
	return kept;
}

bool memory_map_capture(const struct source *source, struct arena *arena, const struct iomem *iomem,
	struct view boot_params, struct memory_map *ret, struct error *err)
{
	struct map_builder b = { .source = source, .arena = arena, .boot_params = boot_params };
	const char *const *names = NULL;
	bool listed = source_list(source, MEMMAP, arena, &names) && names[0];

	for (size_t i = 0; listed && names[i]; i++)
		if (!read_entry(&b, names[i], err))
			return false;
	if (!listed && !read_iomem(&b, iomem, err))
		return false;
	if (b.count)
		qsort(b.items, b.count, sizeof *b.items, by_address);
	*ret = (struct memory_map){ b.items, join_ram(b.items, b.count), .from_iomem = !listed };
	return true;
}

/* An entry whose kind is newer than this program stays reserved. */
static enum memory_type type_by_number(uint64_t number)
{
	for (size_t i = 0; i < sizeof type_names / sizeof *type_names; i++)
		if ((uint64_t)type_names[i].type == number)
			return type_names[i].type;
	return MEMORY_RESERVED;
}

static bool read_told(struct map_builder *b, struct view words, struct error *err)
{
	struct memory_entry entry;
	uint64_t numbers[3];
	struct view word;

	for (size_t i = 0; i < 3; i++)
		if (!text_word(&words, &word) || !text_hex(word, &numbers[i]))
			return fail(err, FAULT_MACHINE_UNREADABLE,
				"entry %zu of the memory map that Xen tells is damaged", b->count);
	if (numbers[1] == 0)
		return true;
	if (!range_make(numbers[0], numbers[1], &entry.range))
		return fail(err, FAULT_MACHINE_UNREADABLE,
			"entry %zu of the memory map that Xen tells has no end", b->count);
	entry.type = type_by_number(numbers[2]);
	return add_entry(b, entry, err);
}

bool memory_map_by_xen(
	struct view told, struct arena *arena, struct memory_map *ret, struct error *err)
{
	struct map_builder b = { .arena = arena };
	struct view line, word;

	while (text_line(&told, &line))
		if (text_word(&line, &word) && text_is(word, "memory") && !read_told(&b, line, err))
			return false;
	if (b.count)
		qsort(b.items, b.count, sizeof *b.items, by_address);
	*ret = (struct memory_map){ b.items, b.count, .from_iomem = false };
	return true;
}

bool memory_map_ram(const struct memory_map *map, struct arena *arena, struct ranges *ret)
{
	struct ranges ram = { 0 }, other = { 0 };

	for (size_t i = 0; i < map->count; i++)
		if (!ranges_add(map->items[i].type == MEMORY_RAM ? &ram : &other, arena,
			    map->items[i].range))
			return false;
	ranges_normalise(&ram);
	ranges_normalise(&other);
	return ranges_subtract(&ram, &other, arena, ret);
}
