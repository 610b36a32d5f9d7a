/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "inspect/inspect.h"

#include <libfdt.h>

#include "machine/flat-tree.h"

/* The first string of a property, up to its zero or its end. */
static struct view take_string(struct view *list)
{
	size_t n = 0;
	struct view string;

	while (n < list->n && list->p[n])
		n++;
	string = view_first(*list, n);
	*list = view_from(*list, (uint64_t)n + 1);
	return string;
}

static size_t count_nodes(const void *fdt)
{
	size_t count = 0;

	for (int node = 0, depth = 0; node >= 0 && depth >= 0;
		node = fdt_next_node(fdt, node, &depth))
		count++;
	return count;
}

static size_t count_reservations(const void *fdt)
{
	struct range ignored;
	int n = 0;

	while (flat_tree_reservation(fdt, n, &ignored))
		n++;
	return (size_t)n;
}

bool inspect_tree(
	struct view file, struct arena *arena, struct inspect_tree *ret, struct error *err)
{
	struct inspect_tree tree = { 0 };
	struct view model, list;
	struct flat_tree flat;

	if (!flat_tree_open(file, arena, &flat, err))
		return false;
	model = flat_tree_property(&flat, "/", "model");
	list = flat_tree_property(&flat, "/", "compatible");
	if (model.n && !(tree.model = arena_string(arena, take_string(&model))))
		return fail_no_memory(err);
	for (size_t i = 0; i < INSPECT_NAMES_MAX && list.n; i++) {
		tree.compatible[i] = arena_string(arena, take_string(&list));
		if (!tree.compatible[i])
			return fail_no_memory(err);
	}
	tree.version = fdt_version(flat.fdt);
	tree.size = flat.size;
	tree.structure = fdt_size_dt_struct(flat.fdt);
	tree.strings = fdt_size_dt_strings(flat.fdt);
	tree.nodes = count_nodes(flat.fdt);
	tree.reservations = count_reservations(flat.fdt);
	*ret = tree;
	return true;
}
