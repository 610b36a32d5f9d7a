/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The table of the kinds, and what is asked of every recipe before it may run. */
#include "watchdog/watchdog.h"

#include <stdarg.h>
#include <stdio.h>

#include "machine/modules.h"
#include "machine/text.h"
#include "watchdog/kinds.h"

/* In the order in which they are taken. */
static const struct watchdog_kind *const kinds[] = {
	&watchdog_wdat,
	&watchdog_sbsa,
	&watchdog_sp805,
	&watchdog_i6300esb,
	&watchdog_tco,
	&watchdog_sp5100,
};

enum { KINDS = sizeof kinds / sizeof *kinds };

enum watchdog_answer watchdog_obstacle(struct error *err, const char *format, ...)
{
	va_list arguments;

	*err = (struct error){ .fault = FAULT_NO_WATCHDOG };
	va_start(arguments, format);
	vsnprintf(err->reason, sizeof err->reason, format, arguments);
	va_end(arguments);
	return WATCHDOG_OBSTACLE;
}

const char *watchdog_driver_of(const struct watchdog_device *device, struct arena *arena)
{
	if (device->driver.n)
		return arena_string(arena, device->driver);
	for (size_t i = 0; i < KINDS; i++)
		if (text_is(device->identity, kinds[i]->identity))
			return kinds[i]->driver;
	return "";
}

bool watchdog_is_bound(const struct watchdog_facts *facts, const char *identity)
{
	for (size_t i = 0; i < facts->device_count; i++)
		if (text_is(facts->devices[i].identity, identity))
			return true;
	return false;
}

bool watchdog_has_device(const struct watchdog *watchdog, const struct watchdog_device *device)
{
	return text_is(device->identity, watchdog->identity) ||
		module_name_is(device->driver, watchdog->driver);
}

bool watchdog_is_alone(const struct watchdog_facts *facts, const struct watchdog *watchdog)
{
	for (size_t i = 0; i < facts->device_count; i++)
		if (!watchdog_has_device(watchdog, &facts->devices[i]))
			return false;
	return true;
}

bool pci_config(const struct pci_function *function, unsigned offset, unsigned width, uint32_t *ret)
{
	struct reader r = reader_at(function->config, offset);
	uint32_t value = 0;

	for (unsigned i = 0; i < width; i++)
		value |= (uint32_t)reader_u8(&r) << 8 * i;
	if (r.overrun)
		return false;
	*ret = value;
	return true;
}

/* PCI Local Bus Specification 3.0, 6.2.2: the command register; bits of a resource as Linux has them. */
bool pci_memory(const struct pci_function *function, struct range *ret)
{
	enum { COMMAND = 4, COMMAND_MEMORY = 1 << 1, RESOURCE_MEMORY = 0x200 };
	struct view text = function->resource, line, word;
	uint64_t numbers[3];
	uint32_t command;

	if (!pci_config(function, COMMAND, 2, &command) || !(command & COMMAND_MEMORY) ||
		!text_line(&text, &line))
		return false;
	for (int i = 0; i < 3; i++)
		if (!text_word(&line, &word) || !text_hex(word, &numbers[i]))
			return false;
	if (!(numbers[2] & RESOURCE_MEMORY) || numbers[0] == 0 || numbers[1] < numbers[0])
		return false;
	*ret = range_between(numbers[0], numbers[1] + 1);
	return ret->size != 0;
}

bool recipe_add(struct recipe *recipe, struct recipe_step step, struct error *err)
{
	if (recipe->count == RECIPE_STEPS_MAX)
		return fail(err, FAULT_NO_WATCHDOG,
			"the watchdog needs more than %d accesses to be started", RECIPE_STEPS_MAX);
	recipe->steps[recipe->count++] = step;
	return true;
}

bool recipe_add_all(
	struct recipe *recipe, const struct recipe_step *steps, size_t count, struct error *err)
{
	for (size_t i = 0; i < count; i++)
		if (!recipe_add(recipe, steps[i], err))
			return false;
	return true;
}

/* What a driver has and no kind knows, or what is no hardware that outlives the kernel. */
static void explain_none(const struct watchdog_facts *facts, struct arena *arena, struct error *err)
{
	for (size_t i = 0; i < facts->device_count; i++) {
		const char *identity = arena_string(arena, facts->devices[i].identity);

		watchdog_obstacle(err,
			"the machine's watchdog (%s) is of no kind that is known here",
			identity && identity[0] ? identity : "of an unknown kind");
		return;
	}
	if (facts->has_ipmi)
		watchdog_obstacle(err,
			"the machine's watchdog is IPMI's, which keeps 120 s across the jump by itself "
			"while it is open");
	else
		watchdog_obstacle(
			err, "no hardware watchdog of a kind that is known here was found");
}

bool watchdog_find(const struct watchdog_grounds *grounds, struct arena *arena,
	struct watchdog *ret, struct error *err)
{
	struct error first = { 0 };

	if (grounds->machine->no_memory) {
		watchdog_obstacle(err, "where the registers of a watchdog may lie is not known: %s",
			grounds->machine->no_memory);
		return false;
	}
	for (size_t i = 0; i < KINDS; i++) {
		const struct watchdog_kind *kind = kinds[i];
		struct watchdog found = { .kind = kind,
			.name = kind->name,
			.driver = kind->driver,
			.identity = kind->identity,
			.latest_factor = kind->latest_factor };
		struct error obstacle = { 0 };

		switch (kind->look(grounds, arena, &found, &obstacle)) {
		case WATCHDOG_THERE:
			*ret = found;
			return true;
		case WATCHDOG_OBSTACLE:
			if (first.fault == FAULT_NONE)
				first = obstacle;
			break;
		case WATCHDOG_ABSENT:
			break;
		}
	}
	*err = first;
	if (first.fault == FAULT_NONE)
		explain_none(grounds->facts, arena, err);
	return false;
}

bool watchdog_check_next(const struct source *source, const struct watchdog *watchdog,
	const char *release, struct arena *arena, struct error *err)
{
	struct kernel_modules modules;

	if (!release[0])
		return fail(err, FAULT_NO_WATCHDOG,
			"whether the next kernel has the driver %s, which can stop the watchdog, is "
			"not known: its version is not",
			watchdog->driver);
	if (!kernel_modules_read(source, release, arena, &modules, err))
		return false;
	switch (kernel_modules_find(&modules, watchdog->driver).place) {
	case MODULE_BUILTIN:
		return true;
	case MODULE_LOADABLE:
		return watchdog_check_loadable(source, watchdog, arena, err);
	case MODULE_ABSENT:
		return fail(err, FAULT_NO_WATCHDOG,
			"the next kernel, %s, has no driver %s, so nothing there could stop the "
			"watchdog",
			release, watchdog->driver);
	case MODULE_UNKNOWN:
		break;
	}
	return fail(err, FAULT_NO_WATCHDOG,
		"whether the next kernel, %s, has the driver %s, which can stop the watchdog, is not "
		"known: /lib/modules/%s does not tell",
		release, watchdog->driver, release);
}

/* Where the running kernel or the firmware keeps something must be no registers. */
static bool is_memory(const struct machine *machine, struct range r)
{
	for (size_t i = 0; i < machine->memory.count; i++)
		if (machine->memory.items[i].type != MEMORY_RESERVED &&
			range_overlaps(machine->memory.items[i].range, r))
			return true;
	return false;
}

static bool refuse(const struct recipe_step *step, const char *why, struct error *err)
{
	return fail(err, FAULT_NO_WATCHDOG,
		"a register that starts the watchdog, %s %#llx, %u bytes wide, %s",
		step->is_port ? "port" : "address", (unsigned long long)step->address, step->width,
		why);
}

static bool check_step(
	const struct machine *machine, const struct recipe_step *step, struct error *err)
{
	struct range r;

	if (step->width != 1 && step->width != 2 && step->width != 4 &&
		(step->width != 8 || step->is_port || machine->arch == ARCH_I386))
		return refuse(step, "cannot be accessed so", err);
	if (step->address % step->width != 0 || !range_make(step->address, step->width, &r))
		return refuse(step, "lies across others", err);
	if (step->is_port && !cpu_arch_is_x86(machine->arch))
		return refuse(step, "is an I/O port, which this CPU does not have", err);
	if (step->is_port)
		return range_end(r) <= 0x10000 ? true : refuse(step, "is no I/O port", err);
	if (machine->arch == ARCH_I386 && range_end(r) > UINT64_C(1) << 32)
		return refuse(step, "is out of reach of a 32-bit kernel", err);
	if (step->address < machine->page_size)
		return refuse(step, "is no register of a device", err);
	if (is_memory(machine, r))
		return refuse(step, "lies in memory and is no register of a device", err);
	return true;
}

bool watchdog_set(const struct watchdog_grounds *grounds, const struct watchdog *watchdog,
	uint32_t seconds, struct watchdog_setting *ret, struct error *err)
{
	struct watchdog_setting made = { .seconds = seconds };

	if (made.seconds < WATCHDOG_SECONDS_MIN)
		made.seconds = WATCHDOG_SECONDS_MIN;
	if (made.seconds < watchdog->least)
		made.seconds = watchdog->least;
	if (made.seconds > watchdog->longest)
		return fail(err, FAULT_NO_WATCHDOG,
			"the watchdog (%s) counts to %u s at most, and %u s are needed",
			watchdog->name, watchdog->longest, made.seconds);
	if (!watchdog->kind->make(grounds, watchdog, made.seconds, &made.recipe, err))
		return false;
	for (size_t i = 0; i < made.recipe.count; i++)
		if (!check_step(grounds->machine, &made.recipe.steps[i], err))
			return false;
	made.first = made.seconds;
	made.latest = made.seconds * watchdog->latest_factor;
	*ret = made;
	return true;
}
