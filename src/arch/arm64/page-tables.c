/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Builds the tables page by page into one buffer; entries hold final physical addresses. */
#include "arch/arm64/page-tables.h"

#include "base/arith.h"

enum {
	PAGE = 4096,
	ENTRIES = 512,
	LEVEL_OF_PAGES = 3,

	VALID = 1 << 0,
	TABLE = 1 << 1,  /* an entry of levels 0 to 2 that is not a block; also every page's */
	DEVICE = 1 << 2, /* attribute 1 */
	INNER_SHAREABLE = 3 << 8,
	ACCESSED = 1 << 10,
};

/* Of devices: neither at the kernel's level nor below it. */
#define NEVER_EXECUTED (UINT64_C(3) << 53)

#define MAPPABLE TiB(256) /* 48 bits */

struct builder {
	const struct arm64_page_tables_request *request;
	struct block bytes;
	size_t pages;
	phys_t address;
};

/* What a part of the address space is mapped as. */
enum mapping {
	UNMAPPED,
	AS_MEMORY,
	AS_DEVICE,
	MIXED, /* its parts differ */
};

static bool touches(const struct ranges *map, struct range r)
{
	for (size_t i = 0; i < map->count; i++)
		if (range_overlaps(map->items[i], r))
			return true;
	return false;
}

static enum mapping mapping_of(const struct arm64_page_tables_request *request, struct range r)
{
	bool page = r.size == PAGE;

	if (touches(request->devices, r))
		return page || ranges_contain(request->devices, r) ? AS_DEVICE : MIXED;
	if (touches(request->memory, r))
		return page || ranges_contain(request->memory, r) ? AS_MEMORY : MIXED;
	return UNMAPPED;
}

static uint64_t leaf(phys_t start, int level, enum mapping mapping)
{
	uint64_t kind = level == LEVEL_OF_PAGES ? VALID | TABLE : VALID;

	if (mapping == AS_DEVICE)
		return start | kind | ACCESSED | DEVICE | NEVER_EXECUTED;
	return start | kind | ACCESSED | INNER_SHAREABLE;
}

/* The table of this level that maps from start on, and those below it. */
static void build_table(struct builder *b, int level, phys_t start)
{
	size_t table = b->pages++;
	uint64_t size = (uint64_t)PAGE << 9 * (LEVEL_OF_PAGES - level);

	for (uint64_t i = 0; i < ENTRIES; i++) {
		struct range part = { start + i * size, size };
		enum mapping mapping = mapping_of(b->request, part);
		uint64_t entry;

		if (mapping == UNMAPPED)
			continue;
		if (mapping == MIXED || level == 0) {
			entry = (b->address + b->pages * PAGE) | VALID | TABLE;
			build_table(b, level + 1, part.start);
		} else {
			entry = leaf(part.start, level, mapping);
		}
		block_put_le64(&b->bytes, table * PAGE + i * 8, entry);
	}
}

static bool fits(const struct ranges *map)
{
	return map->count == 0 || range_end(map->items[map->count - 1]) <= MAPPABLE;
}

bool arm64_page_tables_make(const struct arm64_page_tables_request *request, phys_t address,
	struct arena *arena, struct arm64_page_tables *ret, struct error *err)
{
	struct builder b = { .request = request, .address = address };

	if (!fits(request->memory) || !fits(request->devices))
		return fail(err, FAULT_MACHINE_UNSUPPORTED,
			"what is loaded lies beyond 256 TiB, which page tables for 48 bits do not "
			"reach");
	build_table(&b, 0, 0);
	b.bytes.n = b.pages * PAGE;
	b.bytes.p = arena_alloc(arena, b.bytes.n);
	if (!b.bytes.p)
		return fail_no_memory(err);
	b.bytes.overrun = false;
	b.pages = 0;
	build_table(&b, 0, 0);
	*ret = (struct arm64_page_tables){ { b.bytes.p, b.bytes.n }, address };
	return true;
}
