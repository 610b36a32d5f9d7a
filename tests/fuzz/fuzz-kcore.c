/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What tells the running kernel's addresses: of /proc/kcore's headers come pieces of memory that do not wrap, the kernel
 * inside of one; of /proc/kallsyms on 32-bit ARM a piece that begins where memory does.
 */
#include "fuzz.h"

#include "base/arith.h"
#include "machine/arm-addresses.h"
#include "machine/kcore.h"

static void check_arm(struct view symbols)
{
	struct range ram[] = { { GiB(1), GiB(1) } };
	const struct machine machine = { .arch = ARCH_ARM,
		.system_ram = { ram, 1 },
		.running = { GiB(1) + MiB(2), MiB(24) },
		.command_line = "" };
	struct dump_facts facts = { 0 };
	struct arena arena = { 0 };

	expect(arm_addresses_parse(symbols, &machine, &arena, &facts));
	expect(facts.linear_count <= 1);
	if (facts.linear_count == 1) {
		expect(facts.linear[0].memory.start == GiB(1));
		expect(facts.linear[0].virtual % MiB(256) == 0 && facts.linear[0].virtual != 0);
		expect(facts.linear[0].virtual < GiB(4));
	}
	arena_free(&arena);
}

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
	check_arm((struct view){ data, size });
	return 0;
}
