/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Device trees that are shown to others: into each node of the input goes what tells whose machine it is. Nothing of it
 * is in what is left, which is a tree; and that one's is itself.
 */
#include "fuzz.h"

#include <libfdt.h>
#include <string.h>

#include "machine/private-tree.h"

enum { NODES = 8, ROOM = 4096 };

static const char secret[] = "zq!cellar", line[] = "quiet ip=zq!cellar splash";

static const char *const names[] = { "serial-number", "local-mac-address", "mac-address",
	"local-bd-address", "rng-seed", "kaslr-seed" };

/* Twice the same has no node: what is there gets the new value. */
static void plant(uint8_t *tree)
{
	int node = 0, depth = 0;

	for (unsigned i = 0; node >= 0 && depth >= 0 && i < NODES; i++) {
		(void)fdt_setprop(tree, node, names[i % (sizeof names / sizeof *names)], secret,
			sizeof secret);
		(void)fdt_setprop(tree, node, "bootargs", line, sizeof line);
		node = fdt_next_node(tree, node, &depth);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const size_t room = size + ROOM;
	struct arena arena = { 0 };
	uint8_t *tree = malloc(room), *copy;
	size_t n;

	expect(tree != NULL);
	memset(tree, 0, room);
	if (size)
		memcpy(tree, data, size);
	/* As it is, too: what is not understood is left out. */
	n = private_tree_blank(tree, size, &arena);
	expect(n <= size && (n == 0 || fdt_check_full(tree, n) == 0));
	if (n && !memmem(data, size, secret, sizeof secret - 1) &&
		fdt_open_into(tree, tree, (int)room) == 0) {
		plant(tree);
		n = private_tree_blank(tree, room, &arena);
		expect(n && fdt_check_full(tree, n) == 0);
		expect(!memmem(tree, n, secret, sizeof secret - 1));
		copy = malloc(n);
		expect(copy != NULL);
		memcpy(copy, tree, n);
		expect(private_tree_blank(tree, n, &arena) == n && memcmp(copy, tree, n) == 0);
		free(copy);
	}
	free(tree);
	arena_free(&arena);
	return 0;
}
