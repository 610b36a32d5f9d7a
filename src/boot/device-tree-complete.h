/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What a boot loader's firmware adds to the tree of a board before it starts a kernel, and what a
 * tree that comes from a file therefore lacks.
 */
#pragma once

#include "boot/tree-writer.h"

struct device_tree_lacks {
	const struct flat_tree *running; /* the running machine's tree, which has it */
	const struct ranges *memory;     /* its RAM; NULL: unknown */
};

/* What was added is noted. False when memory is out. */
bool device_tree_complete(struct tree_writer *w, const struct device_tree_lacks *from,
	struct arena *arena, struct notes *notes) __attribute__((warn_unused_result));
