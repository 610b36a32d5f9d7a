/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A device tree that is being changed: the writing functions of libfdt with one fault for all of
 * them, sticky as the overrun of a block. A node is an offset of libfdt's, which any change may
 * move: look it up again after each one.
 */
#pragma once

#include "base/notes.h"
#include "machine/flat-tree.h"

struct tree_writer {
	struct arena *arena;
	void *fdt;
	int fault; /* the first error of libfdt; 0: none */
};

/* A copy of the tree with this much room to grow. */
bool tree_writer_begin(const struct flat_tree *tree, uint64_t room, struct arena *arena,
	struct tree_writer *ret, struct error *err) __attribute__((warn_unused_result));

/* The offset of a node below parent, which is made where it is missing; negative after a fault. */
int tree_child(struct tree_writer *w, int parent, const char *name);

/* Replace the property, or make it. */
void tree_put(struct tree_writer *w, int node, const char *name, struct view value);
void tree_put_string(struct tree_writer *w, int node, const char *name, const char *value);
void tree_put_u32(struct tree_writer *w, int node, const char *name, uint32_t value);
void tree_put_u64(struct tree_writer *w, int node, const char *name, uint64_t value);

/* The ranges in the cells of parent, as its child's reg; false where they are too large for these. */
bool tree_put_reg(struct tree_writer *w, int parent, int node, const struct ranges *ranges)
	__attribute__((warn_unused_result));

/* The same of a property of a node, in the cells of the root. */
bool tree_put_ranges(struct tree_writer *w, int node, const char *name, const struct ranges *ranges)
	__attribute__((warn_unused_result));

/* Takes the property of this name away. */
void tree_delete(struct tree_writer *w, int node, const char *name);

/* Takes the node of this path away with all that is below it, where it is there. */
void tree_delete_node(struct tree_writer *w, const char *path);

/* Adds a memory reservation, unless one of those that are there covers it. */
void tree_reserve(struct tree_writer *w, struct range memory);

/* Takes away a reservation of just this memory, or of the whole pages that it ends in. */
void tree_unreserve(struct tree_writer *w, struct range memory);

/* The tree in as few bytes as possible; a fault that came up on the way is the error. */
bool tree_writer_end(struct tree_writer *w, struct view *ret, struct error *err)
	__attribute__((warn_unused_result));
