/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Folders are nodes, and files are properties; knows nothing of what they mean. */
#include "machine/live-tree.h"

#include <ctype.h>
#include <libfdt.h>
#include <string.h>

#include "machine/flat-tree.h"

#define NODES "sys/firmware/devicetree/base"
#define BOOT  "sys/firmware/fdt"

struct flattening {
	const struct source *source;
	struct arena *arena;
	const void *boot; /* the tree of the boot */
	void *fdt;
	int fault; /* the first of libfdt's; 0: none */
	size_t nodes;
};

struct node {
	const char *path, *name;
	const char *const *names; /* what is in its folder */
	int boot;                 /* the same node of the boot's tree; negative: it was not there */
	unsigned depth;
};

static void note_fault(struct flattening *f, int result)
{
	if (result < 0 && f->fault == 0)
		f->fault = result;
}

/* Of two in a folder that have one name, sysfs has a number behind one (safe_name in drivers/of/kobj.c). */
static const char *own_name(const char *const *names, const char *name, struct arena *arena)
{
	const char *mark = strrchr(name, '#'), *digit = mark ? mark + 1 : "x";
	const char *own;

	if (!mark || mark == name || !*digit)
		return name;
	for (; *digit; digit++)
		if (!isdigit((unsigned char)*digit))
			return name;
	own = arena_string(arena, (struct view){ (const uint8_t *)name, (size_t)(mark - name) });
	return own && !source_names_have(names, own) ? name : own;
}

static bool vanished(const char *path, struct error *err)
{
	return fail(err, FAULT_MACHINE_UNREADABLE,
		"/%s is gone: the device tree has changed while it was read", path);
}

/* The name of a node is a property as well, which a flattened tree has no need of. */
static bool put_property(
	struct flattening *f, const struct node *node, const char *name, struct error *err)
{
	const char *path = arena_printf(f->arena, "%s/%s", node->path, name);
	const char *own = own_name(node->names, name, f->arena);
	struct view value;

	if (!path || !own)
		return fail_no_memory(err);
	if (!source_take(f->source, path, f->arena, &value, err))
		return false;
	if (!value.p)
		return vanished(path, err);
	if (strcmp(name, "name") != 0)
		note_fault(f, fdt_property(f->fdt, own, value.p, (int)value.n));
	return true;
}

/* Writes the properties, which come before all nodes, and finds these. */
static bool put_properties(struct flattening *f, const struct node *node, struct node *children,
	size_t *ret, struct error *err)
{
	size_t count = 0;

	for (size_t i = 0; node->names[i]; i++) {
		struct node child = { .boot = -1, .depth = node->depth + 1 };

		child.path = arena_printf(f->arena, "%s/%s", node->path, node->names[i]);
		child.name = own_name(node->names, node->names[i], f->arena);
		if (!child.path || !child.name)
			return fail_no_memory(err);
		if (!source_take_names(f->source, child.path, f->arena, &child.names, err))
			return false;
		if (child.names)
			children[count++] = child;
		else if (!put_property(f, node, node->names[i], err))
			return false;
	}
	*ret = count;
	return true;
}

/* As in the boot's tree, and then what is new: Linux counts CPUs and terminals in this order. */
static void order(const struct flattening *f, int boot, struct node *children, size_t count)
{
	size_t ordered = 0;
	int node;

	if (boot < 0)
		return;
	fdt_for_each_subnode(node, f->boot, boot)
	{
		const char *name = fdt_get_name(f->boot, node, NULL);

		for (size_t i = ordered; name && i < count; i++) {
			struct node found = children[i];

			if (strcmp(found.name, name) != 0)
				continue;
			memmove(&children[ordered + 1], &children[ordered],
				(i - ordered) * sizeof *children);
			found.boot = node;
			children[ordered++] = found;
			break;
		}
	}
}

static bool put_node(struct flattening *f, const struct node *node, struct error *err)
{
	size_t names = 0, count = 0;
	struct node *children;

	while (node->names[names])
		names++;
	children = arena_alloc_array(f->arena, names + 1, sizeof *children);
	if (!children)
		return fail_no_memory(err);
	if (node->depth > FLAT_TREE_DEPTH_MAX || ++f->nodes > FLAT_TREE_NODES_MAX)
		return fail(err, FAULT_FIT_DEVICE_TREE,
			"/%s: the device tree has more than %d nodes, or one in more than %d others",
			node->path, FLAT_TREE_NODES_MAX, FLAT_TREE_DEPTH_MAX);
	note_fault(f, fdt_begin_node(f->fdt, node->name));
	if (!put_properties(f, node, children, &count, err))
		return false;
	order(f, node->boot, children, count);
	for (size_t i = 0; i < count; i++)
		if (!put_node(f, &children[i], err))
			return false;
	note_fault(f, fdt_end_node(f->fdt));
	return true;
}

static void begin(struct flattening *f)
{
	uint64_t start, size;

	note_fault(f, fdt_create(f->fdt, FLAT_TREE_SIZE_MAX));
	for (int i = 0; i < fdt_num_mem_rsv(f->boot); i++)
		if (fdt_get_mem_rsv(f->boot, i, &start, &size) == 0)
			note_fault(f, fdt_add_reservemap_entry(f->fdt, start, size));
	note_fault(f, fdt_finish_reservemap(f->fdt));
}

static bool end(struct flattening *f, struct view *ret, struct error *err)
{
	note_fault(f, fdt_finish(f->fdt));
	if (f->fault)
		return fail(err, FAULT_FIT_DEVICE_TREE,
			"/" NODES " does not fit a flattened device tree of %d bytes (%s)",
			FLAT_TREE_SIZE_MAX, fdt_strerror(f->fault));
	fdt_set_boot_cpuid_phys(f->fdt, fdt_boot_cpuid_phys(f->boot));
	*ret = (struct view){ f->fdt, fdt_totalsize(f->fdt) };
	return true;
}

enum presence live_tree_flatten(
	const struct source *source, struct arena *arena, struct view *ret, struct error *err)
{
	struct flattening f = { .source = source, .arena = arena };
	struct node root = { .path = NODES, .name = "" };
	struct flat_tree boot;
	struct view bytes;

	if (!source_take_names(source, NODES, arena, &root.names, err) ||
		!source_take(source, BOOT, arena, &bytes, err))
		return IS_UNREADABLE;
	if (!root.names || !bytes.p)
		return IS_ABSENT;
	if (!flat_tree_open(bytes, arena, &boot, err)) {
		error_prefix(err, "/sys/firmware/fdt: ");
		return IS_UNREADABLE;
	}
	f.boot = boot.fdt;
	f.fdt = arena_alloc(arena, FLAT_TREE_SIZE_MAX);
	if (!f.fdt) {
		fail_no_memory(err);
		return IS_UNREADABLE;
	}
	begin(&f);
	return put_node(&f, &root, err) && end(&f, ret, err) ? IS_THERE : IS_UNREADABLE;
}
