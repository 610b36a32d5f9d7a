/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Builds the tables page by page into one buffer; entries hold final physical addresses. */
#include "arch/x86/page-tables.h"

#include "base/arith.h"

enum {
	PAGE = 4096,
	ENTRIES = 512,
	PRESENT = 1 << 0,
	WRITABLE = 1 << 1,
	ACCESSED = 1 << 5,
	DIRTY = 1 << 6,
	LARGE = 1 << 7,
	TABLE = PRESENT | WRITABLE | ACCESSED,
	LEAF = TABLE | DIRTY | LARGE,
};

#define MAPPABLE TiB(256) /* what a 4-level table reaches */

struct builder {
	struct arena *arena;
	struct block bytes;
	size_t pages;
	phys_t address;
};

static void put_entry(struct builder *b, size_t page, uint64_t index, uint64_t value)
{
	block_put_le64(&b->bytes, page * PAGE + index * 8, value);
}

static phys_t page_address(const struct builder *b, size_t page)
{
	return b->address + page * PAGE;
}

/* The table that this entry points to, made on first use. One table is open per level. */
static size_t descend(struct builder *b, size_t table, uint64_t index)
{
	size_t next = b->pages++;

	put_entry(b, table, index, page_address(b, next) | TABLE);
	return next;
}

/* The 2-MiB pages of one GiB that touch the ranges. */
static void fill_directory(
	struct builder *b, size_t directory, phys_t start, const struct ranges *map)
{
	for (uint64_t i = 0; i < ENTRIES; i++) {
		struct range page = { start + i * MiB(2), MiB(2) };

		for (size_t j = 0; j < map->count; j++)
			if (range_overlaps(page, map->items[j]))
				put_entry(b, directory, i, page.start | LEAF);
	}
}

static bool touches(const struct ranges *map, struct range r)
{
	for (size_t i = 0; i < map->count; i++)
		if (range_overlaps(map->items[i], r))
			return true;
	return false;
}

/* Called once to count the pages (into no buffer) and once to fill them. */
static void build(struct builder *b, const struct x86_page_tables_request *request)
{
	const struct ranges *map = request->map;
	phys_t end = min_u64(range_end(map->items[map->count - 1]), MAPPABLE);
	size_t root5, root4, pointers = 0;

	b->pages = 0;
	root5 = b->pages++;
	root4 = descend(b, root5, 0);
	for (phys_t high = 0; high < end; high += GiB(512)) {
		if (!touches(map, (struct range){ high, GiB(512) }))
			continue;
		pointers = descend(b, root4, high / GiB(512));
		for (uint64_t i = 0; i < ENTRIES; i++) {
			struct range gigabyte = { high + i * GiB(1), GiB(1) };

			if (request->gigabyte_pages && ranges_contain(map, gigabyte))
				put_entry(b, pointers, i, gigabyte.start | LEAF);
			else if (touches(map, gigabyte))
				fill_directory(b, descend(b, pointers, i), gigabyte.start, map);
		}
	}
}

bool x86_page_tables_make(const struct x86_page_tables_request *request, phys_t address,
	struct arena *arena, struct x86_page_tables *ret, struct error *err)
{
	struct builder b = { .arena = arena, .address = address };

	if (request->map->count == 0)
		return fail(err, FAULT_INTERNAL, "there is no memory to map");
	build(&b, request);
	b.bytes.n = b.pages * PAGE;
	b.bytes.p = arena_alloc(arena, b.bytes.n);
	if (!b.bytes.p)
		return fail_no_memory(err);
	b.bytes.overrun = false;
	build(&b, request);
	*ret = (struct x86_page_tables){ { b.bytes.p, b.bytes.n }, page_address(&b, 1), address };
	return true;
}
