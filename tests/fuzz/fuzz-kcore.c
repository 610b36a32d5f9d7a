/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The headers of /proc/kcore: what comes out are pieces of memory that do not wrap, the kernel inside of one. */
#include "fuzz.h"

#include "machine/kcore.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct dump_facts facts = { 0 };
	struct arena arena = { 0 };
	bool has_place = false;

	expect(kcore_parse((struct view){ data, size }, &arena, &facts));
	for (size_t i = 0; i < facts.linear_count; i++) {
		struct range memory = facts.linear[i].memory;

		expect(memory.size != 0 && range_end(memory) > memory.start);
		has_place |= range_contains(memory, facts.image.memory);
	}
	expect(facts.image.memory.size == 0 || has_place);
	arena_free(&arena);
	return 0;
}
