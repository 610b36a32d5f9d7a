/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What a firmware or a device tells of a watchdog: the first byte says what the others are. Whatever that
 * is, a recipe never reaches memory.
 */
#include <string.h>

#include "fuzz.h"
#include "watchdog/watchdog.h"

enum { SUM = 9, RAW = 0x80 };

static const struct memory_entry memory[] = {
	{ { 0x0, 0x7ff00000 }, MEMORY_RAM },
	{ { 0x7ff00000, 0x100000 }, MEMORY_ACPI_NVS },
	{ { 0xfed1c000, 0x4000 }, MEMORY_RESERVED },
	{ { 0x100000000, 0x80000000 }, MEMORY_RAM },
};

enum { ENTRIES = sizeof memory / sizeof *memory };

/* A table whose sum is right, so that its contents are looked at. */
static struct view sealed(struct arena *arena, struct view v)
{
	uint8_t *copy = (uint8_t *)arena_string(arena, v), sum = 0;

	if (!copy)
		return (struct view){ 0 };
	if (v.n > SUM) {
		copy[SUM] = 0;
		for (size_t i = 0; i < v.n; i++)
			sum = (uint8_t)(sum + copy[i]);
		copy[SUM] = (uint8_t)-sum;
	}
	return (struct view){ copy, v.n };
}

static void check(const struct machine *machine, const struct recipe *recipe)
{
	expect(recipe->count > 0 && recipe->count <= RECIPE_STEPS_MAX);
	for (size_t i = 0; i < recipe->count; i++) {
		const struct recipe_step *s = &recipe->steps[i];
		struct range r = { s->address, s->width };

		expect(s->width == 1 || s->width == 2 || s->width == 4 || s->width == 8);
		expect(s->address % s->width == 0);
		expect(!s->is_port || (s->address < 0x10000 && s->width < 8));
		for (size_t j = 0; j < ENTRIES; j++)
			expect(s->is_port || machine->memory.items[j].type == MEMORY_RESERVED ||
				!range_overlaps(machine->memory.items[j].range, r));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct machine machine = { .arch = ARCH_X86_64,
		.memory = { memory, ENTRIES },
		.page_size = 4096,
		.cpu = { .counter_khz = 62500 } };
	struct watchdog_device device = { .identity = view_of_string("iTCO_wdt") };
	struct pci_function function = { .vendor = 0x8086, .device = 0x2918, .class = 0x060100 };
	struct watchdog_facts facts = {
		.devices = &device, .device_count = 1, .functions = &function, .function_count = 1
	};
	const struct watchdog_grounds grounds = { &machine, &facts };
	struct arena arena = { 0 };
	struct error err = { 0 };
	struct watchdog_setting setting;
	struct watchdog watchdog;
	struct view rest;

	if (size == 0)
		return 0;
	rest = (struct view){ data + 1, size - 1 };
	switch (data[0] & ~RAW) {
	case 0:
		facts.wdat = data[0] & RAW ? rest : sealed(&arena, rest);
		break;
	case 1:
		facts.gtdt = data[0] & RAW ? rest : sealed(&arena, rest);
		machine.arch = ARCH_ARM64;
		break;
	case 2:
		machine.device_tree = rest;
		machine.arch = ARCH_ARM64;
		break;
	case 3:
		function.config = rest;
		break;
	case 4:
		function.device = 0x25ab;
		function.config = view_first(rest, 256);
		function.resource = view_from(rest, 256);
		break;
	default:
		device.identity = view_of_string("SP5100 TCO timer");
		facts.iomem = rest;
		break;
	}
	if (watchdog_find(&grounds, &arena, &watchdog, &err) &&
		watchdog_set(&grounds, &watchdog, 60, &setting, &err))
		check(&machine, &setting.recipe);
	else
		expect(err.reason[0] != '\0' && err.fault == FAULT_NO_WATCHDOG);
	arena_free(&arena);
	return 0;
}
