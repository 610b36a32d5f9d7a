/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "machine/kcore.h"

#include "base/arith.h"

/* elf(5) */
enum {
	CLASS = 4,
	CLASS_32 = 1,
	CLASS_64 = 2,
	LITTLE_ENDIAN_DATA = 1,
	TYPE_LOAD = 1,
	HEADERS_MAX = 1024
};

struct table {
	struct view head;
	bool is_64_bit;
	uint64_t at;
	size_t count, entry;
};

static bool open_table(struct view head, struct table *ret)
{
	struct reader r = reader_at(head, 0), sizes;
	struct table table = { .head = head };

	if (!view_has_at(head, 0, "\177ELF") || head.n <= CLASS + 1 ||
		(head.p[CLASS] != CLASS_32 && head.p[CLASS] != CLASS_64) ||
		head.p[CLASS + 1] != LITTLE_ENDIAN_DATA)
		return false;
	table.is_64_bit = head.p[CLASS] == CLASS_64;
	reader_skip(&r, table.is_64_bit ? 32 : 28);
	table.at = table.is_64_bit ? reader_le64(&r) : reader_le32(&r);
	sizes = reader_at(head, table.is_64_bit ? 54 : 42);
	table.entry = reader_le16(&sizes);
	table.count = reader_le16(&sizes);
	*ret = table;
	return !r.overrun && !sizes.overrun && table.count <= HEADERS_MAX &&
		table.entry == (table.is_64_bit ? 56 : 32);
}

/* False for what is no piece of memory at a known place. */
static bool read_load(const struct table *t, size_t index, struct mapped *ret, bool *whole)
{
	struct reader r = reader_at(t->head, t->at + index * t->entry);
	uint32_t type = reader_le32(&r);
	uint64_t paddr, size;
	struct view all;

	if (t->is_64_bit) {
		reader_skip(&r, 12);
		ret->virtual = reader_le64(&r);
		paddr = reader_le64(&r);
		reader_skip(&r, 8);
		size = reader_le64(&r);
	} else {
		reader_skip(&r, 4);
		ret->virtual = reader_le32(&r);
		paddr = reader_le32(&r);
		reader_skip(&r, 4);
		size = reader_le32(&r);
		paddr = paddr == UINT32_MAX ? PHYS_MAX : paddr;
	}
	*whole &= view_sub(t->head, t->at + index * t->entry, t->entry, &all);
	return *whole && type == TYPE_LOAD && paddr != PHYS_MAX && size != 0 &&
		range_make(paddr, size, &ret->memory);
}

/* Kernels that tell no physical address say 0 of each piece. */
static bool tells_addresses(const struct mapped *all, size_t count)
{
	size_t zeros = 0;

	for (size_t i = 0; i < count; i++)
		zeros += all[i].memory.start == 0;
	return zeros < 2;
}

static bool lies_in_another(const struct mapped *all, size_t count, size_t which)
{
	for (size_t i = 0; i < count; i++)
		if (i != which && all[i].memory.size > all[which].memory.size &&
			range_contains(all[i].memory, all[which].memory))
			return true;
	return false;
}

/* What is mapped once more, inside of memory that is mapped already, is the kernel itself. */
static void sort_out(struct mapped *all, size_t count, struct dump_facts *ret)
{
	size_t images = 0, linear = 0;

	for (size_t i = 0; i < count; i++)
		if (lies_in_another(all, count, i)) {
			ret->image = all[i];
			images++;
		}
	if (images != 1)
		ret->image = (struct mapped){ 0 };
	for (size_t i = 0; i < count; i++) {
		struct mapped piece = all[i];

		if (!lies_in_another(all, count, i))
			all[linear++] = piece;
	}
	ret->linear = all;
	ret->linear_count = linear;
}

bool kcore_parse(struct view head, struct arena *arena, struct dump_facts *ret)
{
	struct table table;
	struct mapped *all;
	size_t count = 0;
	bool whole = true;

	if (!open_table(head, &table))
		return true;
	all = arena_alloc_array(arena, table.count + 1, sizeof *all);
	if (!all)
		return false;
	for (size_t i = 0; i < table.count; i++)
		if (read_load(&table, i, &all[count], &whole))
			count++;
	if (whole && tells_addresses(all, count))
		sort_out(all, count, ret);
	return true;
}
