/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Changes a device tree that was verified; knows nothing of what it says. */
#include "boot/tree-writer.h"

#include <libfdt.h>
#include <string.h>

#include "base/arith.h"

enum { CELL = 4, PAGE_MAX = 64 << 10 };

static void note_fault(struct tree_writer *w, int result)
{
	if (result < 0 && w->fault == 0)
		w->fault = result;
}

/*
 * Linux overwrites its seeds with FDT_NOP, and what was overwritten is passed on to us: without
 * this a tree would grow by each jump.
 */
static void squeeze_nops(void *fdt)
{
	uint8_t *block = (uint8_t *)fdt + fdt_off_dt_struct(fdt);
	int at = 0, to = 0, next;
	uint32_t tag;

	do {
		tag = fdt_next_tag(fdt, at, &next);
		if (next < 0)
			return;
		if (tag != FDT_NOP) {
			memmove(block + to, block + at, (size_t)(next - at));
			to += next - at;
		}
		at = next;
	} while (tag != FDT_END);
	fdt_set_size_dt_struct(fdt, (uint32_t)to);
}

bool tree_writer_begin(const struct flat_tree *tree, uint64_t room, struct arena *arena,
	struct tree_writer *ret, struct error *err)
{
	uint64_t size;
	void *fdt;
	int fault;

	/* In version 16 the size of the structure is not in the header: 4 bytes more. */
	if (!ck_add(tree->size, room, &size) || !ck_add(size, CELL * 2, &size) || size > INT32_MAX)
		return fail(err, FAULT_FIT_DEVICE_TREE,
			"device tree: %u bytes and room for %llu more are past every limit",
			tree->size, (unsigned long long)room);
	fdt = arena_alloc(arena, (size_t)size);
	if (!fdt)
		return fail_no_memory(err);
	fault = fdt_open_into(tree->fdt, fdt, (int)size);
	/* A tree of version 16 is verified by the rules of version 17 now, which it may break. */
	if (fault == 0)
		fault = fdt_check_full(fdt, (size_t)size);
	if (fault)
		return fail(err, FAULT_DEVICE_TREE, "device tree: cannot be copied (%s)",
			fdt_strerror(fault));
	squeeze_nops(fdt);
	*ret = (struct tree_writer){ .arena = arena, .fdt = fdt };
	return true;
}

int tree_child(struct tree_writer *w, int parent, const char *name)
{
	int node = parent < 0 ? parent : fdt_subnode_offset(w->fdt, parent, name);

	if (node == -FDT_ERR_NOTFOUND)
		node = fdt_add_subnode(w->fdt, parent, name);
	note_fault(w, node);
	return node;
}

void tree_put(struct tree_writer *w, int node, const char *name, struct view value)
{
	if (w->fault == 0)
		note_fault(w, fdt_setprop(w->fdt, node, name, value.p, (int)value.n));
}

void tree_put_string(struct tree_writer *w, int node, const char *name, const char *value)
{
	tree_put(w, node, name, (struct view){ (const uint8_t *)value, strlen(value) + 1 });
}

void tree_put_u32(struct tree_writer *w, int node, const char *name, uint32_t value)
{
	if (w->fault == 0)
		note_fault(w, fdt_setprop_u32(w->fdt, node, name, value));
}

void tree_put_u64(struct tree_writer *w, int node, const char *name, uint64_t value)
{
	if (w->fault == 0)
		note_fault(w, fdt_setprop_u64(w->fdt, node, name, value));
}

/* Numbers of one or two cells, highest byte first. */
static bool put_cells(uint8_t **p, int cells, uint64_t value)
{
	if (cells == 1 && value > UINT32_MAX)
		return false;
	for (int shift = cells * 32 - 8; shift >= 0; shift -= 8)
		*(*p)++ = (uint8_t)(value >> shift);
	return true;
}

static bool encode(
	const struct tree_writer *w, int parent, const struct ranges *ranges, struct view *ret)
{
	int address_cells = fdt_address_cells(w->fdt, parent);
	int size_cells = fdt_size_cells(w->fdt, parent);
	uint8_t *bytes = arena_alloc_array(w->arena, ranges->count, 4 * CELL), *p = bytes;

	if (!bytes || address_cells < 1 || address_cells > 2 || size_cells < 1 || size_cells > 2)
		return false;
	for (size_t i = 0; i < ranges->count; i++)
		if (!put_cells(&p, address_cells, ranges->items[i].start) ||
			!put_cells(&p, size_cells, ranges->items[i].size))
			return false;
	*ret = (struct view){ bytes, (size_t)(p - bytes) };
	return true;
}

bool tree_put_reg(struct tree_writer *w, int parent, int node, const struct ranges *ranges)
{
	struct view bytes;

	if (!encode(w, parent, ranges, &bytes))
		return false;
	tree_put(w, node, "reg", bytes);
	return true;
}

bool tree_put_ranges(struct tree_writer *w, int node, const char *name, const struct ranges *ranges)
{
	struct view bytes;

	if (w->fault || !encode(w, 0, ranges, &bytes))
		return false;
	tree_put(w, node, name, bytes);
	return true;
}

void tree_delete(struct tree_writer *w, int node, const char *name)
{
	int result = w->fault ? 0 : fdt_delprop(w->fdt, node, name);

	if (result != -FDT_ERR_NOTFOUND)
		note_fault(w, result);
}

void tree_delete_node(struct tree_writer *w, const char *path)
{
	int node = w->fault ? -1 : fdt_path_offset(w->fdt, path);

	if (node > 0)
		note_fault(w, fdt_del_node(w->fdt, node));
}

void tree_reserve(struct tree_writer *w, struct range memory)
{
	struct range r;

	if (memory.size == 0 || w->fault)
		return;
	for (int i = 0; flat_tree_reservation(w->fdt, i, &r); i++)
		if (range_contains(r, memory))
			return;
	note_fault(w, fdt_add_mem_rsv(w->fdt, memory.start, memory.size));
}

void tree_unreserve(struct tree_writer *w, struct range memory)
{
	struct range r;

	for (int i = 0; w->fault == 0 && flat_tree_reservation(w->fdt, i, &r); i++) {
		if (r.start == memory.start && r.size >= memory.size &&
			r.size - memory.size < PAGE_MAX) {
			note_fault(w, fdt_del_mem_rsv(w->fdt, i));
			return;
		}
	}
}

bool tree_writer_end(struct tree_writer *w, struct view *ret, struct error *err)
{
	if (w->fault == 0)
		note_fault(w, fdt_pack(w->fdt));
	if (w->fault)
		return fail(err, w->fault == -FDT_ERR_NOSPACE ? FAULT_INTERNAL : FAULT_DEVICE_TREE,
			"device tree: cannot be changed (%s)", fdt_strerror(w->fault));
	if (fdt_totalsize(w->fdt) > FLAT_TREE_SIZE_MAX)
		return fail(err, FAULT_FIT_DEVICE_TREE,
			"device tree: has become %u bytes long; kernels take at most %d",
			fdt_totalsize(w->fdt), FLAT_TREE_SIZE_MAX);
	*ret = (struct view){ w->fdt, fdt_totalsize(w->fdt) };
	return true;
}
