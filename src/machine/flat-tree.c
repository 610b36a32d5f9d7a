/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Verifies a flattened device tree and reads single facts of it; knows of no machine. */
#include "machine/flat-tree.h"

#include <libfdt.h>
#include <string.h>

enum {
	HEADER_SIZE =
		28, /* up to last_comp_version: as many bytes as version 1 of the format has */
	VERSION_MIN = 16, /* names and properties as they are since 2005; what Linux takes */
	CELL = 4,
	CELLS_MAX = 2,
};

/*
 * Checks those parts of the header for which libfdt gives no reason that a user could understand.
 */
static bool check_header(struct view bytes, uint32_t *ret_size, struct error *err)
{
	struct reader r = reader_at(bytes, 0);
	uint32_t magic = reader_be32(&r), size = reader_be32(&r), version, compatible;

	reader_skip(&r, 12);
	version = reader_be32(&r);
	compatible = reader_be32(&r);
	if (r.overrun)
		return fail(err, FAULT_DEVICE_TREE,
			"device tree: file ends at %zu, its header needs %d bytes", bytes.n,
			HEADER_SIZE);
	if (magic != FDT_MAGIC)
		return fail(err, FAULT_DEVICE_TREE,
			"device tree: begins with %#x where the magic number %#x should be", magic,
			FDT_MAGIC);
	if (version < VERSION_MIN || compatible > FDT_LAST_SUPPORTED_VERSION)
		return fail(err, FAULT_DEVICE_TREE,
			"device tree: is of version %u (compatible with %u); %d to %d are known",
			version, compatible, VERSION_MIN, FDT_LAST_SUPPORTED_VERSION);
	if (size > FLAT_TREE_SIZE_MAX)
		return fail(err, FAULT_FIT_DEVICE_TREE,
			"device tree: has %u bytes; kernels take at most %d", size,
			FLAT_TREE_SIZE_MAX);
	if (size > bytes.n)
		return fail(err, FAULT_DEVICE_TREE,
			"device tree: file ends at %zu, the tree is %u bytes long", bytes.n, size);
	*ret_size = size;
	return true;
}

/* A walk over it ends, since its structure was checked; what walks deeper elsewhere may not. */
static bool check_shape(const void *fdt, struct error *err)
{
	int depth = 0, nodes = 0;

	for (int node = 0; node >= 0; node = fdt_next_node(fdt, node, &depth)) {
		if (depth > FLAT_TREE_DEPTH_MAX)
			return fail(err, FAULT_DEVICE_TREE,
				"device tree: its nodes are nested more than %d deep",
				FLAT_TREE_DEPTH_MAX);
		if (++nodes > FLAT_TREE_NODES_MAX)
			return fail(err, FAULT_DEVICE_TREE, "device tree: has more than %d nodes",
				FLAT_TREE_NODES_MAX);
		if (depth < 0)
			break;
	}
	return true;
}

bool flat_tree_open(
	struct view bytes, struct arena *arena, struct flat_tree *ret, struct error *err)
{
	uint32_t size = 0;
	uint8_t *copy;
	int fault;

	if (!check_header(bytes, &size, err))
		return false;
	copy = arena_alloc(arena, size);
	if (!copy)
		return fail_no_memory(err);
	memcpy(copy, bytes.p, size);
	fault = fdt_check_full(copy, size);
	if (fault)
		return fail(err, FAULT_DEVICE_TREE, "device tree: its structure is damaged (%s)",
			fdt_strerror(fault));
	if (fdt_num_mem_rsv(copy) > FLAT_TREE_RESERVATIONS_MAX)
		return fail(err, FAULT_DEVICE_TREE,
			"device tree: has %d memory reservations; %d are a lot",
			fdt_num_mem_rsv(copy), FLAT_TREE_RESERVATIONS_MAX);
	if (!check_shape(copy, err))
		return false;
	*ret = (struct flat_tree){ copy, size };
	return true;
}

struct view flat_tree_property(const struct flat_tree *tree, const char *path, const char *name)
{
	int node = fdt_path_offset(tree->fdt, path), n = 0;
	const void *p = node < 0 ? NULL : fdt_getprop(tree->fdt, node, name, &n);

	return p ? (struct view){ p, (size_t)n } : (struct view){ 0 };
}

bool flat_tree_says(
	const struct flat_tree *tree, const char *path, const char *name, const char *value)
{
	struct view v = flat_tree_property(tree, path, name);

	return v.n > strlen(value) && memcmp(v.p, value, strlen(value) + 1) == 0;
}

bool flat_tree_number(
	const struct flat_tree *tree, const char *path, const char *name, uint64_t *ret)
{
	return flat_tree_node_number(tree, fdt_path_offset(tree->fdt, path), name, ret);
}

bool flat_tree_node_number(const struct flat_tree *tree, int node, const char *name, uint64_t *ret)
{
	int n = 0;
	const void *p = node < 0 ? NULL : fdt_getprop(tree->fdt, node, name, &n);
	struct view v = { p, p ? (size_t)n : 0 };
	struct reader r = reader_at(v, 0);

	if (v.n != CELL && v.n != 2 * CELL)
		return false;
	*ret = v.n == CELL ? reader_be32(&r) : reader_be64(&r);
	return true;
}

static bool is_disabled(const void *fdt, int node)
{
	int n = 0;
	const char *status = fdt_getprop(fdt, node, "status", &n);

	return status && strncmp(status, "ok", (size_t)n) != 0 &&
		strncmp(status, "okay", (size_t)n) != 0;
}

bool flat_tree_has_device(const struct flat_tree *tree, const char *compatible)
{
	int node = fdt_node_offset_by_compatible(tree->fdt, -1, compatible);

	while (node >= 0) {
		if (!is_disabled(tree->fdt, node))
			return true;
		node = fdt_node_offset_by_compatible(tree->fdt, node, compatible);
	}
	return false;
}

bool flat_tree_reservation(const void *fdt, int n, struct range *ret)
{
	uint64_t start, size;

	if (fdt_get_mem_rsv(fdt, n, &start, &size) != 0 || size == 0)
		return false;
	if (!range_make(start, size, ret))
		*ret = range_between(start, PHYS_MAX);
	return true;
}

struct range flat_tree_initrd(const struct flat_tree *tree)
{
	uint64_t start, end;

	if (!flat_tree_number(tree, "/chosen", "linux,initrd-start", &start) ||
		!flat_tree_number(tree, "/chosen", "linux,initrd-end", &end))
		return (struct range){ 0 };
	return range_between(start, end);
}

static uint64_t read_cells(struct reader *r, int cells)
{
	return cells == 0 ? 0 : cells == 1 ? reader_be32(r) : reader_be64(r);
}

bool flat_tree_reg(
	const struct flat_tree *tree, int parent, int node, struct arena *arena, struct ranges *ret)
{
	int address_cells = fdt_address_cells(tree->fdt, parent);
	int size_cells = fdt_size_cells(tree->fdt, parent), n = 0;
	const void *p = fdt_getprop(tree->fdt, node, "reg", &n);
	struct reader r = reader_at((struct view){ p, p ? (size_t)n : 0 }, 0);

	if (address_cells < 1 || address_cells > CELLS_MAX || size_cells < 1 ||
		size_cells > CELLS_MAX)
		return true;
	for (;;) {
		phys_t start = read_cells(&r, address_cells);
		uint64_t size = read_cells(&r, size_cells);
		struct range range;

		if (r.overrun)
			return true;
		if (size != 0 && range_make(start, size, &range) && !ranges_add(ret, arena, range))
			return false;
	}
}
