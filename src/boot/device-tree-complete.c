/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Completing a tree only adds to it: what the tree says already is what its maker wants. */
#include "boot/device-tree-complete.h"

#include <libfdt.h>
#include <string.h>

enum {
	PATH_SIZE = 512,
	FILLED_IN_MAX =
		512,        /* properties; a machine has one or two for each CPU and network card */
	CHILDREN_MAX = 256, /* of /reserved-memory */
};

/* Properties that firmware fills in where it finds the node. */
static const char *const filled_in[] = {
	"local-mac-address",
	"mac-address",
	"enable-method",
	"cpu-release-addr",
	"serial-number",
};

static const char *const efi_properties[] = {
	"linux,uefi-system-table",
	"linux,uefi-mmap-start",
	"linux,uefi-mmap-size",
	"linux,uefi-mmap-desc-size",
	"linux,uefi-mmap-desc-ver",
	"linux,uefi-secure-boot",
};

static struct view property_at(const void *fdt, int offset, const char **ret_name)
{
	int n;
	const void *p = fdt_getprop_by_offset(fdt, offset, ret_name, &n);

	return p ? (struct view){ p, (size_t)n } : (struct view){ 0 };
}

static bool is_memory(const void *fdt, int node)
{
	int n = 0;
	const char *type = fdt_getprop(fdt, node, "device_type", &n);

	return type && n == (int)sizeof "memory" && memcmp(type, "memory", sizeof "memory") == 0;
}

/* Board files have a memory node of size 0, for the boot loader to fill. */
static bool has_memory(const void *fdt, struct arena *arena, bool *ret)
{
	const struct flat_tree tree = { fdt, fdt_totalsize(fdt) };
	struct ranges found = { 0 };
	int node;

	fdt_for_each_subnode(node, fdt, 0) if (is_memory(fdt, node) &&
		!flat_tree_reg(&tree, 0, node, arena, &found)) return false;
	*ret = found.count != 0;
	return true;
}

static bool add_memory(struct tree_writer *w, const struct ranges *memory, struct arena *arena,
	struct notes *notes)
{
	bool has;
	int node;

	if (!memory || memory->count == 0)
		return true;
	if (!has_memory(w->fdt, arena, &has))
		return false;
	if (has)
		return true;
	node = tree_child(w, 0, "memory");
	if (node < 0)
		return true;
	tree_put_string(w, node, "device_type", "memory");
	if (tree_put_reg(w, 0, node, memory))
		notes_add(notes, "the device tree describes no memory: this machine's is added");
	else
		notes_add(notes,
			"the device tree describes no memory, and this machine's does not "
			"fit its numbers of cells");
	return true;
}

static void add_reservations(struct tree_writer *w, const void *running, struct notes *notes)
{
	int before = fdt_num_mem_rsv(w->fdt);
	struct range r;

	for (int i = 0; flat_tree_reservation(running, i, &r); i++)
		tree_reserve(w, r);
	if (fdt_num_mem_rsv(w->fdt) > before)
		notes_add(notes,
			"the device tree lacks %d of this machine's memory reservations: they are "
			"added",
			fdt_num_mem_rsv(w->fdt) - before);
}

/* All properties but those by which nodes of its own tree refer to it. */
static void copy_properties(struct tree_writer *w, int to, const void *running, int from)
{
	int property;

	fdt_for_each_property_offset(property, running, from)
	{
		const char *name = "";
		struct view value = property_at(running, property, &name);

		if (strcmp(name, "phandle") != 0 && strcmp(name, "linux,phandle") != 0)
			tree_put(w, to, name, value);
	}
}

/* With the cells of the root, which is all that Linux takes. */
static int reserved_memory(struct tree_writer *w)
{
	int node = fdt_path_offset(w->fdt, "/reserved-memory");

	if (node >= 0)
		return node;
	node = tree_child(w, 0, "reserved-memory");
	tree_put_u32(w, node, "#address-cells", (uint32_t)fdt_address_cells(w->fdt, 0));
	tree_put_u32(w, node, "#size-cells", (uint32_t)fdt_size_cells(w->fdt, 0));
	tree_put(w, node, "ranges", (struct view){ 0 });
	return node;
}

/* What lies at a fixed place is the firmware's (OpenSBI, secure monitors). */
static bool add_reserved_memory(struct tree_writer *w, const struct flat_tree *running,
	struct arena *arena, struct notes *notes)
{
	int parent = fdt_path_offset(running->fdt, "/reserved-memory"), child, count = 0;

	if (parent < 0)
		return true;
	fdt_for_each_subnode(child, running->fdt, parent)
	{
		const char *name = fdt_get_name(running->fdt, child, NULL);
		struct ranges places = { 0 };
		int to;

		if (!name || !flat_tree_reg(running, parent, child, arena, &places))
			return name == NULL;
		to = fdt_path_offset(w->fdt, "/reserved-memory");
		if (places.count == 0 || count == CHILDREN_MAX || w->fault ||
			(to >= 0 && fdt_subnode_offset(w->fdt, to, name) >= 0))
			continue;
		to = reserved_memory(w);
		copy_properties(w, tree_child(w, to, name), running->fdt, child);
		to = fdt_path_offset(w->fdt, "/reserved-memory");
		if (w->fault == 0 &&
			!tree_put_reg(w, to, fdt_subnode_offset(w->fdt, to, name), &places))
			notes_add(notes,
				"the reserved memory %s does not fit the device tree's cells",
				name);
		count++;
	}
	if (count)
		notes_add(notes,
			"the device tree lacks %d of this machine's regions of reserved memory: they "
			"are added",
			count);
	return true;
}

/* Without it the next kernel starts no other CPU, and cannot switch the machine off. */
static void add_psci(struct tree_writer *w, const void *running, struct notes *notes)
{
	int from = fdt_path_offset(running, "/psci");

	if (from < 0 || fdt_path_offset(w->fdt, "/psci") >= 0)
		return;
	copy_properties(w, tree_child(w, 0, "psci"), running, from);
	notes_add(notes, "the device tree lacks the node psci: this machine's is added");
}

static bool is_filled_in(const char *name)
{
	for (size_t i = 0; i < sizeof filled_in / sizeof *filled_in; i++)
		if (strcmp(name, filled_in[i]) == 0)
			return true;
	return false;
}

/* Of the node at one path in both trees. */
static int fill_in_node(struct tree_writer *w, const void *running, int from)
{
	char path[PATH_SIZE] = "";
	int property, count = 0;

	fdt_for_each_property_offset(property, running, from)
	{
		const char *name = "";
		struct view value = property_at(running, property, &name);
		int to;

		if (!is_filled_in(name) ||
			(!path[0] && fdt_get_path(running, from, path, sizeof path) != 0))
			continue;
		to = fdt_path_offset(w->fdt, path);
		if (to < 0 || fdt_getprop(w->fdt, to, name, NULL))
			continue;
		tree_put(w, to, name, value);
		count++;
	}
	return count;
}

static void fill_in(struct tree_writer *w, const void *running, struct notes *notes)
{
	int count = 0;

	for (int node = 0; node >= 0 && count < FILLED_IN_MAX;
		node = fdt_next_node(running, node, NULL))
		count += fill_in_node(w, running, node);
	if (count)
		notes_add(notes,
			"the device tree lacks %d properties that this machine's firmware filled in "
			"(addresses of network cards, how CPUs are started): they are added",
			count);
}

/*
 * What /chosen says of the firmware. A file may be the tree of an earlier boot, whose EFI memory
 * map lay elsewhere: that part is always the running machine's.
 */
static void choose_firmware(struct tree_writer *w, const struct flat_tree *running)
{
	int node = tree_child(w, 0, "chosen");
	struct view console = flat_tree_property(running, "/chosen", "stdout-path");

	for (size_t i = 0; i < sizeof efi_properties / sizeof *efi_properties; i++) {
		struct view value = flat_tree_property(running, "/chosen", efi_properties[i]);

		if (value.n)
			tree_put(w, node, efi_properties[i], value);
		else
			tree_delete(w, node, efi_properties[i]);
	}
	if (console.n && console.p[console.n - 1] == '\0' && w->fault == 0 &&
		!fdt_getprop(w->fdt, node, "stdout-path", NULL) &&
		fdt_path_offset_namelen(w->fdt, (const char *)console.p,
			(int)strcspn((const char *)console.p, ":")) >= 0)
		tree_put(w, node, "stdout-path", console);
}

bool device_tree_complete(struct tree_writer *w, const struct device_tree_lacks *from,
	struct arena *arena, struct notes *notes)
{
	choose_firmware(w, from->running);
	if (!add_memory(w, from->memory, arena, notes) ||
		!add_reserved_memory(w, from->running, arena, notes))
		return false;
	add_reservations(w, from->running->fdt, notes);
	add_psci(w, from->running->fdt, notes);
	fill_in(w, from->running->fdt, notes);
	return true;
}
