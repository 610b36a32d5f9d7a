/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The TCO timer of Intel's chipsets from the ICH6 to the 9 Series (Intel 316972-004, "I/O Controller
 * Hub 9 (ICH9) Family", 13.9 "System Management TCO Registers" and 10.1.75 GCS): 10 bits at 0.6 s. The
 * machine is reset when it has run out for the second time, unless NO_REBOOT is set, which the board
 * may do for good. Whether it does is known to the driver, which is not bound then.
 */
#include "watchdog/kinds.h"

enum {
	VENDOR = 0x8086,
	CLASS_ISA_BRIDGE = 0x0601,

	/* In the LPC bridge's configuration space. */
	PM_BASE = 0x40,
	PM_BASE_BITS = 0xff80,
	CHIPSET_BASE = 0xf0,
	CHIPSET_BASE_VALID = 1 << 0,

	GCS = 0x3410,
	GCS_NO_REBOOT = 1 << 5,

	TCO = 0x60, /* from PM_BASE on */
	RELOAD = TCO + 0x00,
	STATUS_1 = TCO + 0x04,
	STATUS_2 = TCO + 0x06,
	CONTROL = TCO + 0x08,
	TIMER = TCO + 0x12,
	TIMED_OUT = 1 << 3,
	TIMED_OUT_TWICE = 1 << 1 | 1 << 2, /* and that it was the reason of a reset */
	CONTROL_HALT = 1 << 11,
	CONTROL_NMI = 1 << 8, /* cleared by a 1 */
	TIMER_BITS = 0x3ff,
	TICK_MS = 600,
};

#define CHIPSET_BASE_BITS 0xffffc000

/* Devices whose NO_REBOOT is in GCS: first and last, as Intel has numbered them. */
static const struct {
	uint16_t first, last;
} bridges[] = {
	{ 0x2640, 0x2642 }, /* ICH6 */
	{ 0x27b8, 0x27bd }, /* ICH7 */
	{ 0x2810, 0x2815 }, /* ICH8 */
	{ 0x2912, 0x2919 }, /* ICH9 */
	{ 0x3a14, 0x3a1a }, /* ICH10 */
	{ 0x3b00, 0x3b1f }, /* 5 Series */
	{ 0x1c40, 0x1c5f }, /* 6 Series */
	{ 0x1d40, 0x1d41 }, /* C600 */
	{ 0x1e40, 0x1e5f }, /* 7 Series */
	{ 0x8c40, 0x8c5f }, /* 8 Series */
	{ 0x9c40, 0x9c47 }, /* 8 Series, mobile */
	{ 0x8cc0, 0x8cdf }, /* 9 Series */
	{ 0x8d40, 0x8d5f }, /* C610 */
};

static bool is_bridge(const struct pci_function *f)
{
	if (f->vendor != VENDOR || f->class >> 8 != CLASS_ISA_BRIDGE || f->domain != 0)
		return false;
	for (size_t i = 0; i < sizeof bridges / sizeof *bridges; i++)
		if (f->device >= bridges[i].first && f->device <= bridges[i].last)
			return true;
	return false;
}

static const struct pci_function *find(const struct watchdog_facts *facts)
{
	for (size_t i = 0; i < facts->function_count; i++)
		if (is_bridge(&facts->functions[i]))
			return &facts->functions[i];
	return NULL;
}

static enum watchdog_answer look(const struct watchdog_grounds *grounds, struct arena *arena,
	struct watchdog *ret, struct error *err)
{
	const struct pci_function *bridge = find(grounds->facts);
	bool is_bound = watchdog_is_bound(grounds->facts, "iTCO_wdt");
	uint32_t power, chipset;

	(void)arena;
	if (!bridge)
		return is_bound
			? watchdog_obstacle(err,
				  "the machine's Intel TCO watchdog is of a chipset that is "
				  "not known here")
			: WATCHDOG_ABSENT;
	if (!is_bound)
		return watchdog_obstacle(err,
			"whether the Intel TCO watchdog can reset this machine is known only while "
			"its driver iTCO_wdt has it, and that is not loaded");
	if (!pci_config(bridge, PM_BASE, 4, &power) ||
		!pci_config(bridge, CHIPSET_BASE, 4, &chipset) || !(power & PM_BASE_BITS) ||
		!(chipset & CHIPSET_BASE_VALID) || !(chipset & CHIPSET_BASE_BITS))
		return watchdog_obstacle(err,
			"where the registers of the Intel TCO watchdog lie cannot be read from its "
			"PCI configuration");
	ret->base = power & PM_BASE_BITS;
	ret->other = chipset & CHIPSET_BASE_BITS;
	ret->least = 3;
	ret->longest = TIMER_BITS * TICK_MS / 1000;
	return WATCHDOG_THERE;
}

static bool make(const struct watchdog_grounds *grounds, const struct watchdog *w, uint32_t seconds,
	struct recipe *ret, struct error *err)
{
	const uint64_t ticks = ((uint64_t)seconds * 1000 + TICK_MS - 1) / TICK_MS;
	const struct recipe_step steps[] = {
		{ .is_port = true,
			.width = 2,
			.address = w->base + CONTROL,
			.keep = 0xffff & ~(CONTROL_HALT | CONTROL_NMI),
			.value = CONTROL_HALT,
			.why = "it is stopped" },
		{ .is_port = true,
			.width = 2,
			.address = w->base + TIMER,
			.keep = 0xffff & ~TIMER_BITS,
			.value = ticks < TIMER_BITS ? ticks : TIMER_BITS,
			.why = "the time, in 0.6 s" },
		{ .is_port = true,
			.width = 2,
			.address = w->base + STATUS_1,
			.value = TIMED_OUT,
			.why = "what it did before is forgotten" },
		{ .is_port = true,
			.width = 2,
			.address = w->base + STATUS_2,
			.value = TIMED_OUT_TWICE,
			.why = "what it did before is forgotten" },
		{ .width = 4,
			.address = w->other + GCS,
			.keep = 0xffffffff & ~(uint64_t)GCS_NO_REBOOT,
			.why = "it may reset the machine" },
		{ .is_port = true,
			.width = 2,
			.address = w->base + RELOAD,
			.value = 1,
			.why = "it counts from the beginning" },
		{ .is_port = true,
			.width = 2,
			.address = w->base + CONTROL,
			.keep = 0xffff & ~(CONTROL_HALT | CONTROL_NMI),
			.why = "it is started" },
	};

	(void)grounds;
	return recipe_add_all(ret, steps, sizeof steps / sizeof *steps, err);
}

const struct watchdog_kind watchdog_tco = {
	.name = "Intel TCO",
	.driver = "iTCO_wdt",
	.identity = "iTCO_wdt",
	.latest_factor = 2,
	.look = look,
	.make = make,
};
