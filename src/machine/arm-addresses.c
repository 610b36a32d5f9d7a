/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "machine/arm-addresses.h"

#include <string.h>

#include "base/arith.h"
#include "machine/text.h"

/* PAGE_OFFSET is a multiple of the one in each of its kinds (VMSPLIT_* in arch/arm/Kconfig), PHYS_OFFSET of the other. */
#define SPLIT_UNIT MiB(256)
#define PHYS_UNIT  MiB(2)

/* The kernel's text begins at a section, behind its head. */
#define HEAD_MAX MiB(2)

/* That is mapped with the least that a kernel is built with, and the memory that it usually leaves to vmalloc. */
#define LOW_MEMORY MiB(760)

/* In whole lines: the last one may be cut. */
static bool find_text(struct view kallsyms, uint64_t *ret)
{
	struct view line, address, kind, name;

	while (kallsyms.n && kallsyms.p[kallsyms.n - 1] != '\n')
		kallsyms.n--;
	while (text_line(&kallsyms, &line))
		if (text_word(&line, &address) && text_word(&line, &kind) &&
			text_word(&line, &name) && text_is(name, "_stext"))
			return text_hex(address, ret) && *ret <= UINT32_MAX;
	return false;
}

/* What is mapped may be less where the line says so. */
static struct range low_memory(const struct machine *machine, phys_t start)
{
	struct range low = { start, LOW_MEMORY };

	return strstr(machine->command_line, "vmalloc=")
		? range_between(start, range_end(machine->running))
		: low;
}

bool arm_addresses_parse(struct view kallsyms, const struct machine *machine, struct arena *arena,
	struct dump_facts *ret)
{
	const struct ranges *ram = &machine->system_ram;
	const struct range running = machine->running;
	phys_t start = ram->count ? ram->items[0].start : PHYS_MAX;
	uint64_t text, offset;
	struct mapped *linear;

	if (start % PHYS_UNIT || !running.size || !find_text(kallsyms, &text) || text < SPLIT_UNIT)
		return true;
	offset = text % SPLIT_UNIT;
	/* The kernel is where the symbol says only where this is where memory begins for it as well. */
	if (start + offset < running.start || start + offset - running.start >= HEAD_MAX)
		return true;
	linear = arena_alloc(arena, sizeof *linear);
	if (!linear)
		return false;
	*linear = (struct mapped){ low_memory(machine, start), text - offset };
	ret->linear = linear;
	ret->linear_count = 1;
	return true;
}
