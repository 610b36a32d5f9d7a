/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The watchdog of Intel's 6300ESB, which QEMU has as a device (Intel 300641-004, "6300ESB I/O
 * Controller Hub", chapter "Watchdog Timer"): two timers of 20 bits run one after the other, at 33 MHz
 * divided by 2^15, and the second one resets the machine. Its registers in memory are unlocked for one
 * write by two; it is started in its PCI configuration space.
 */
#include "watchdog/kinds.h"

enum {
	VENDOR = 0x8086,
	DEVICE = 0x25ab,

	/* In its memory. */
	TIMER_1 = 0x0,
	TIMER_2 = 0x4,
	RELOAD = 0xc,
	UNLOCK_FIRST = 0x80,
	UNLOCK_SECOND = 0x86,
	RELOAD_NOW = 1 << 8,
	SIZE = 0x10,

	/* In its configuration space. */
	CONFIGURATION = 0x60, /* 16 bits */
	LOCK = 0x68,          /* 8 bits */
	NO_INTERRUPT = 0x3, /* between the timers; the clock of 1 kHz; the reset is not held back */
	LOCKED = 1 << 0,
	ENABLED = 1 << 1,

	/* Both timers count as many ticks; half of 1007 in a second, rounded up. */
	TICKS = 504,
	TICKS_MAX = 0xfffff,

	/* PCI 3.0, 3.2.2.3.2: configuration mechanism #1. */
	PCI_ADDRESS = 0xcf8,
	PCI_DATA = 0xcfc,
};

#define PCI_ENABLE (UINT32_C(1) << 31)

static const struct pci_function *find(const struct watchdog_facts *facts)
{
	for (size_t i = 0; i < facts->function_count; i++)
		if (facts->functions[i].vendor == VENDOR && facts->functions[i].device == DEVICE)
			return &facts->functions[i];
	return NULL;
}

static enum watchdog_answer look(const struct watchdog_grounds *grounds, struct arena *arena,
	struct watchdog *ret, struct error *err)
{
	const struct pci_function *function = find(grounds->facts);
	struct range memory;
	uint32_t lock;

	(void)arena;
	if (!function)
		return WATCHDOG_ABSENT;
	if (!cpu_arch_is_x86(grounds->machine->arch))
		return watchdog_obstacle(err,
			"the watchdog i6300esb is started by way of a PC's I/O ports, which this CPU "
			"does not have");
	if (function->domain != 0)
		return watchdog_obstacle(err,
			"the watchdog i6300esb is out of reach of a PC's I/O ports: it is in PCI "
			"domain %u",
			function->domain);
	if (!pci_memory(function, &memory) || memory.size < SIZE)
		return watchdog_obstacle(err,
			"the registers of the watchdog i6300esb are switched off: load its driver");
	if (pci_config(function, LOCK, 1, &lock) && lock & LOCKED)
		return watchdog_obstacle(
			err, "the watchdog i6300esb is locked as it is until the machine is reset");
	ret->function = function;
	ret->base = memory.start;
	ret->least = 1;
	ret->longest = TICKS_MAX / TICKS;
	return WATCHDOG_THERE;
}

/* Writes what is unlocked for it, by so many bytes. */
static bool put(
	struct recipe *recipe, const struct recipe_step *step, phys_t base, struct error *err)
{
	struct recipe_step unlock = { .width = 1,
		.address = base + RELOAD,
		.value = UNLOCK_FIRST,
		.why = "the next write is let through" };

	if (!recipe_add(recipe, unlock, err))
		return false;
	unlock.value = UNLOCK_SECOND;
	return recipe_add(recipe, unlock, err) && recipe_add(recipe, *step, err);
}

static bool configure(struct recipe *recipe, const struct pci_function *f,
	const struct recipe_step *step, struct error *err)
{
	unsigned offset = (unsigned)step->address;
	struct recipe_step where = { .is_port = true,
		.width = 4,
		.address = PCI_ADDRESS,
		.value = PCI_ENABLE | (uint32_t)f->bus << 16 | (uint32_t)f->slot << 11 |
			(uint32_t)f->function << 8 | (offset & 0xfc),
		.why = "the register is chosen" };
	struct recipe_step what = *step;

	what.is_port = true;
	what.address = PCI_DATA + (offset & 3);
	return recipe_add(recipe, where, err) && recipe_add(recipe, what, err);
}

static bool make(const struct watchdog_grounds *grounds, const struct watchdog *w, uint32_t seconds,
	struct recipe *ret, struct error *err)
{
	const uint64_t ticks = (uint64_t)seconds * TICKS;
	const struct recipe_step stop = { .width = 1, .address = LOCK, .why = "it is stopped" },
				 how = { .width = 2,
					 .address = CONFIGURATION,
					 .value = NO_INTERRUPT,
					 .why = "it counts milliseconds and resets the machine" },
				 first = { .width = 4,
					 .address = w->base + TIMER_1,
					 .value = ticks,
					 .why = "the first half of the time" },
				 second = { .width = 4,
					 .address = w->base + TIMER_2,
					 .value = ticks,
					 .why = "the second half" },
				 reload = { .width = 2,
					 .address = w->base + RELOAD,
					 .value = RELOAD_NOW,
					 .why = "it counts from the beginning" },
				 start = { .width = 1,
					 .address = LOCK,
					 .value = ENABLED,
					 .why = "it is started" };

	(void)grounds;
	return configure(ret, w->function, &stop, err) && configure(ret, w->function, &how, err) &&
		put(ret, &first, w->base, err) && put(ret, &second, w->base, err) &&
		put(ret, &reload, w->base, err) && configure(ret, w->function, &start, err);
}

const struct watchdog_kind watchdog_i6300esb = {
	.name = "i6300esb",
	.driver = "i6300esb",
	.identity = "i6300ESB timer",
	.latest_factor = 1,
	.look = look,
	.make = make,
};
