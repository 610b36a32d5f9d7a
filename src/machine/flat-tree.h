/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A flattened device tree (Devicetree Specification 0.4, chapter 5) whose structure was verified,
 * so that libfdt's functions may walk it. What it says is not verified: every property of it can
 * be of any length.
 */
#pragma once

#include "base/arena.h"
#include "base/bytes.h"
#include "base/error.h"
#include "base/range.h"

enum {
	/* Documentation/arch/arm64/booting.rst, section 2; riscv maps as much for it at first. */
	FLAT_TREE_SIZE_MAX = 2 << 20,
	FLAT_TREE_DEPTH_MAX = 64, /* FDT_MAX_DEPTH of Linux's drivers/of/fdt.c */
	FLAT_TREE_NODES_MAX = 65536,
	FLAT_TREE_RESERVATIONS_MAX = 4096,
};

struct flat_tree {
	const void *fdt; /* for libfdt; in the arena, aligned to 8 bytes */
	uint32_t size;   /* the tree's own; what lies behind it was left out */
};

/* FAULT_DEVICE_TREE for what is no sound tree, FAULT_FIT_DEVICE_TREE for one of too many bytes. */
bool flat_tree_open(struct view bytes, struct arena *arena, struct flat_tree *ret,
	struct error *err) __attribute__((warn_unused_result));

/* A property by the path of its node; empty where it is missing, as a present one may be. */
struct view flat_tree_property(const struct flat_tree *tree, const char *path, const char *name);

/* Whether this is the first string of a property. */
bool flat_tree_says(
	const struct flat_tree *tree, const char *path, const char *name, const char *value);

/* A number of one or two cells; false for anything else. */
bool flat_tree_number(
	const struct flat_tree *tree, const char *path, const char *name, uint64_t *ret);

/* The same of a node by libfdt's offset; a negative one has nothing. */
bool flat_tree_node_number(const struct flat_tree *tree, int node, const char *name, uint64_t *ret);

/* Whether some node is compatible with this and not disabled. */
bool flat_tree_has_device(const struct flat_tree *tree, const char *compatible);

/* The n-th memory reservation; false behind the last one. One that wraps ends at the top. */
bool flat_tree_reservation(const void *fdt, int n, struct range *ret);

/* Where the initrd lay of the kernel that the tree was made for; empty where it had none. */
struct range flat_tree_initrd(const struct flat_tree *tree);

/*
 * The ranges of a node's reg, in the cells of its parent (an offset of libfdt's, as node is): what
 * is no such list adds nothing. False when memory is out.
 */
bool flat_tree_reg(const struct flat_tree *tree, int parent, int node, struct arena *arena,
	struct ranges *ret) __attribute__((warn_unused_result));
