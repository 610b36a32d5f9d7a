/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The input is GRUB's environment block: a variable that is set stands in it once, whatever else was there, one that
 * is taken away again stands in it nowhere, and the block keeps its size.
 */
#include "fuzz.h"

#include <string.h>

#include "service/grub-block.h"

static const char name[] = "next_entry", value[] = "saut one>two";

static void expect_block(const uint8_t block[static GRUB_BLOCK_SIZE])
{
	static const char head[] = "# GRUB Environment Block\n";

	expect(memcmp(block, head, sizeof head - 1) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char line[] = "next_entry=saut one>two\n";
	uint8_t set[GRUB_BLOCK_SIZE], again[GRUB_BLOCK_SIZE], without[GRUB_BLOCK_SIZE];
	struct error err = { 0 };

	if (!grub_block_set((struct view){ data, size }, name, value, set, &err)) {
		expect(err.reason[0] != '\0');
		return 0;
	}
	expect_block(set);
	expect(memmem(set, sizeof set, line, sizeof line - 1) != NULL);
	expect(grub_block_set((struct view){ set, sizeof set }, name, value, again, &err));
	expect(memcmp(set, again, sizeof set) == 0);
	expect(grub_block_set((struct view){ set, sizeof set }, name, NULL, without, &err));
	expect_block(without);
	expect(grub_block_set((struct view){ without, sizeof without }, name, NULL, again, &err));
	expect(memcmp(without, again, sizeof without) == 0);
	return 0;
}
