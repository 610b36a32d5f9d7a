/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A flattened device tree without what tells one machine from others of its kind. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

/*
 * Overwrites the values of such properties (serial numbers, addresses of network cards, seeds), and the command line's
 * private ones, in place. How many bytes the tree has, without the room that was left for it to grow; 0: it is no sound
 * tree, or one that libfdt does not write.
 */
size_t private_tree_blank(uint8_t *bytes, size_t n, struct arena *arena);
