/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The first node of memory has all ranges, every other one an empty range; the pieces go. */
#include "boot/tree-memory.h"

#include <libfdt.h>
#include <string.h>

#define USABLE "linux,usable-memory"
#define PIECES "/ibm,dynamic-reconfiguration-memory"

static bool is_memory(const struct tree_writer *w, int node)
{
	int n = 0;
	const char *type = fdt_getprop(w->fdt, node, "device_type", &n);

	return type && n == (int)sizeof "memory" && memcmp(type, "memory", sizeof "memory") == 0;
}

/* Writing moves what is behind it: the next one is looked for anew. */
static int nth_memory(const struct tree_writer *w, int nth)
{
	int node;

	fdt_for_each_subnode(node, w->fdt, 0) if (is_memory(w, node) && nth-- == 0) return node;
	return -1;
}

bool tree_memory_limit(struct tree_writer *w, const struct ranges *usable)
{
	struct range none = { 0 };
	const struct ranges empty = { &none, 1 };
	int node = -1;

	for (int n = 0; !w->fault && (node = nth_memory(w, n)) >= 0; n++)
		if (!tree_put_ranges(w, node, USABLE, n ? &empty : usable))
			return false;
	tree_delete_node(w, PIECES);
	return true;
}
