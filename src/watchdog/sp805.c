/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Arm's SP805 (Arm DDI 0270, "ARM Watchdog Module (SP805)", chapter 3), as a device tree names it with
 * its clock: it interrupts when the time is over and resets the machine when it is over once more. Its
 * registers are locked but for who writes a number first.
 */
#include "watchdog/kinds.h"

enum {
	LOAD = 0x000,
	CONTROL = 0x008,
	INTERRUPT_CLEAR = 0x00c,
	LOCK = 0xc00,
	COUNTS = 1 << 0,
	RESETS = 1 << 1,
	UNLOCK = 0x1acce551,
	SIZE = 0x1000,
};

static enum watchdog_answer look(const struct watchdog_grounds *grounds, struct arena *arena,
	struct watchdog *ret, struct error *err)
{
	struct tree_device device;
	enum watchdog_answer answer = tree_watchdog(grounds, "arm,sp805", arena, &device, err);

	if (answer != WATCHDOG_THERE)
		return answer;
	if (device.registers.count != 1 || device.registers.items[0].size < SIZE)
		return watchdog_obstacle(err,
			"the watchdog arm,sp805 of the device tree does not say where its registers "
			"lie");
	ret->base = device.registers.items[0].start;
	ret->clock = tree_clock(&device);
	if (ret->clock == 0)
		return watchdog_obstacle(err,
			"how fast the watchdog arm,sp805 counts is not known: the device tree has no "
			"fixed clock for it");
	ret->least = 1;
	ret->longest = (uint32_t)(2 * (uint64_t)UINT32_MAX / ret->clock);
	if (ret->longest > WATCHDOG_SECONDS_MAX)
		ret->longest = WATCHDOG_SECONDS_MAX;
	return WATCHDOG_THERE;
}

static bool make(const struct watchdog_grounds *grounds, const struct watchdog *w, uint32_t seconds,
	struct recipe *ret, struct error *err)
{
	const struct recipe_step steps[] = {
		{ .width = 4,
			.address = w->base + LOCK,
			.value = UNLOCK,
			.why = "its registers can be written" },
		{ .width = 4, .address = w->base + CONTROL, .why = "it is stopped" },
		{ .width = 4,
			.address = w->base + LOAD,
			.value = (seconds * w->clock + 1) / 2,
			.why = "half of the time" },
		{ .width = 4,
			.address = w->base + INTERRUPT_CLEAR,
			.value = 1,
			.why = "what it did before is forgotten" },
		{ .width = 4,
			.address = w->base + CONTROL,
			.value = COUNTS | RESETS,
			.why = "it is started, and resets the machine" },
		{ .width = 4,
			.address = w->base + LOCK,
			.why = "its registers cannot be written by chance" },
	};

	(void)grounds;
	return recipe_add_all(ret, steps, sizeof steps / sizeof *steps, err);
}

const struct watchdog_kind watchdog_sp805 = {
	.name = "Arm SP805",
	.driver = "sp805_wdt",
	.identity = "sp805-wdt",
	.latest_factor = 1,
	.look = look,
	.make = make,
};
