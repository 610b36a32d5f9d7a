/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Device trees: the input as the running machine's, as a user's beside a small one, and as what a
 * user's tree is completed from. What is made of them is sound, and of the size that it says.
 */
#include "fuzz.h"

#include <libfdt.h>

#include "boot/device-tree.h"
#include "machine/flat-tree.h"

static const uint8_t seed[DEVICE_TREE_SEED];
static struct range memory[] = { { 0x40000000, 0x1000 }, { 0x421a0000, 0x20000 } };
static const struct ranges ranges = { memory, 2 };

static void check(const struct device_tree *made, struct arena *arena)
{
	struct flat_tree tree;
	struct error err = { 0 };
	struct view record;

	expect(flat_tree_open(made->bytes, arena, &tree, &err));
	expect(tree.size == made->bytes.n);
	expect(flat_tree_says(&tree, "/chosen", "bootargs", "quiet"));
	record = flat_tree_property(&tree, "/chosen", "saut,record");
	expect(record.n == 24 && made->record % 4 == 0);
	expect(made->record == (uint64_t)(record.p - (const uint8_t *)tree.fdt));
}

/* Twice, with the initrd elsewhere: the size is the same. */
static void make(struct view base, struct view running)
{
	struct device_tree_request request = { .base = base,
		.running = running,
		.command_line = "quiet",
		.seed = { seed, sizeof seed },
		.initrd = { 0x1000, 0x1000 },
		.reserve = &ranges,
		.memory = &ranges,
		.record_size = 24 };
	struct arena arena = { 0 };
	struct notes notes = { .arena = &arena };
	struct device_tree first, second;
	struct error err = { 0 };

	if (device_tree_make(&request, &arena, &notes, &first, &err)) {
		check(&first, &arena);
		request.initrd = (struct range){ 0xfffffffff000, 0x1000 };
		expect(device_tree_make(&request, &arena, &notes, &second, &err));
		expect(second.bytes.n == first.bytes.n && second.record == first.record);
	} else {
		expect(err.reason[0] != '\0');
		expect(err.fault == FAULT_DEVICE_TREE || err.fault == FAULT_FIT_DEVICE_TREE ||
			err.fault == FAULT_NO_DEVICE_TREE);
	}
	arena_free(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct view input = { data, size };
	uint64_t small[32];

	expect(fdt_create_empty_tree(small, sizeof small) == 0);
	make(input, (struct view){ 0 });
	make(input, (struct view){ (const uint8_t *)small, fdt_totalsize(small) });
	make((struct view){ (const uint8_t *)small, fdt_totalsize(small) }, input);
	return 0;
}
