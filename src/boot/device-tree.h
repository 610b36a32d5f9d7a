/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The flattened device tree for the next kernel: the running machine's, or one that the user gave
 * and which is completed from it, with /chosen written anew (Linux's Documentation/devicetree/
 * usage-model.rst, arch/arm64/booting.rst; the properties are the devicetree schema's chosen.yaml).
 */
#pragma once

#include "base/arena.h"
#include "base/error.h"
#include "base/notes.h"
#include "base/range.h"

enum {
	/* Fresh random bytes that a tree takes: kaslr-seed and rng-seed. */
	DEVICE_TREE_KASLR_SEED = 8,
	DEVICE_TREE_RNG_SEED = 32,
	DEVICE_TREE_SEED = DEVICE_TREE_KASLR_SEED + DEVICE_TREE_RNG_SEED,
};

struct device_tree_request {
	struct view base;         /* the tree to start from: the running machine's or the user's */
	struct view running;      /* the running machine's, where base is the user's; else empty */
	const char *command_line; /* "" for none */
	struct range initrd;      /* size 0: none */
	struct view
		seed; /* at least DEVICE_TREE_SEED bytes; nokaslr: no kaslr-seed is made of it */

	/*
	 * Memory that the next kernel must not use (GIC tables), NULL for none. It goes into the
	 * block of memory reservations, not into /reserved-memory: a kernel takes at most 64 nodes
	 * there, it wants to find the GIC's tables among what is reserved and not unmapped
	 * (no-map), and a tree with any node beside /chosen makes arm64 ignore ACPI.
	 */
	const struct ranges *reserve;

	/* RAM, for a user's tree that describes none; NULL: it stays as it is. */
	const struct ranges *memory;

	/* Of a crash kernel: all that it may use, and the core headers in there; NULL: it is none. */
	const struct ranges *usable;
	struct range core;
	bool usable_by_node; /* in the nodes of memory, and the headers on the line: boot/tree-memory.h */

	/* Bytes of the property saut,record of /chosen, for the stub's measurements; 0: none. */
	uint32_t record_size;
};

struct device_tree {
	struct view bytes; /* arena memory, writable; exactly the tree's size */
	uint64_t record;   /* offset of the record in bytes, a multiple of 4; 0: none */
	bool is_efi; /* the next kernel gets its memory map, and ACPI's tables, from the EFI firmware */
};

/*
 * Its size does not depend on where the initrd lies, so that it can be made once for its size and
 * again when all is placed. FAULT_NO_DEVICE_TREE for an empty base, FAULT_DEVICE_TREE for what is
 * no sound tree, FAULT_FIT_DEVICE_TREE for one that is larger than kernels take.
 */
bool device_tree_make(const struct device_tree_request *request, struct arena *arena,
	struct notes *notes, struct device_tree *ret, struct error *err)
	__attribute__((warn_unused_result));
