/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Devicetree Specification 0.4, sections 2.3 and 3; Documentation/devicetree/bindings/net/ethernet-controller.yaml. */
#include "machine/private-tree.h"

#include <libfdt.h>
#include <string.h>

#include "machine/flat-tree.h"
#include "machine/private-words.h"

enum { SIZED_VERSION = 17 };

static void blank_property(uint8_t *bytes, int offset)
{
	static const char *const names[] = { "serial-number", "local-mac-address", "mac-address",
		"local-bd-address", "kaslr-seed", "rng-seed", "ibm,partition-name", "host-serial",
		"system-id" };
	const char *name;
	int n = 0;
	const uint8_t *value = fdt_getprop_by_offset(bytes, offset, &name, &n);
	uint8_t *at;

	if (!value || n <= 0)
		return;
	at = bytes + (value - bytes);
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (strcmp(name, names[i]) == 0)
			memset(at, 0, (size_t)n);
	if (strcmp(name, "bootargs") == 0)
		private_words_blank(at, (size_t)n);
}

/*
 * Power's boot code writes version 16, in which the structure's size is found out and not told: the tree is
 * written anew in the version that tells it. What it takes more, a tree's own room to grow has.
 */
static bool renew(uint8_t *bytes, size_t n, struct arena *arena)
{
	const uint64_t room = (uint64_t)n + sizeof(struct fdt_header);
	struct flat_tree tree;
	struct error ignored;
	uint8_t *copy;

	if (n < sizeof(struct fdt_header) || fdt_magic(bytes) != FDT_MAGIC ||
		fdt_version(bytes) != SIZED_VERSION - 1 || room > INT32_MAX)
		return true;
	copy = arena_alloc(arena, room);
	if (!copy || !flat_tree_open((struct view){ bytes, n }, arena, &tree, &ignored) ||
		fdt_open_into(tree.fdt, copy, (int)room) != 0 || fdt_pack(copy) != 0 ||
		fdt_totalsize(copy) > n)
		return false;
	memcpy(bytes, copy, fdt_totalsize(copy));
	return true;
}

size_t private_tree_blank(uint8_t *bytes, size_t n, struct arena *arena)
{
	int depth = 0;

	/* An older version does not say how long its structure is, so that libfdt may read behind it, and does not pack it. */
	if (!renew(bytes, n, arena) || n < sizeof(struct fdt_header) ||
		fdt_version(bytes) < SIZED_VERSION || fdt_check_full(bytes, n) != 0)
		return 0;
	for (int node = 0; node >= 0; node = fdt_next_node(bytes, node, &depth)) {
		int offset;

		fdt_for_each_property_offset(offset, bytes, node) blank_property(bytes, offset);
	}
	/* What lies between its parts may be anything; parts that overlapped are no tree any more. */
	if (fdt_pack(bytes) != 0 || fdt_check_full(bytes, n) != 0)
		return 0;
	return fdt_totalsize(bytes);
}
