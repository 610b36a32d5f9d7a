/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Arm's generic watchdog (Arm DEN 0029, "Server Base System Architecture" 3.1, appendix A; DEN 0094,
 * "Base System Architecture", B): it counts the generic timer's clock, signals when the time is over and
 * resets the machine when it is over once more. ACPI's GTDT (6.5, 5.2.24) or the device tree tell its
 * two frames.
 */
#include "watchdog/kinds.h"

enum {
	/* In the control frame. */
	CONTROL = 0x000,
	OFFSET_LOW = 0x008,
	OFFSET_HIGH = 0x00c, /* reserved in the first version of it */
	ENABLED = 1 << 0,
	/* In the other one. */
	REFRESH = 0x000,

	GTDT_LENGTH = 4,
	GTDT_COUNT = 88,
	GTDT_OFFSET = 92,
	GTDT_COUNT_MAX = 256,
	GTDT_WATCHDOG = 1, /* the type of a structure, after which come its length, and 0 */
	GTDT_WATCHDOG_SIZE = 28,
	GTDT_SECURE = 1 << 2, /* a flag: the firmware's own */
};

static bool sum_is_zero(struct view table)
{
	uint8_t sum = 0;

	for (size_t i = 0; i < table.n; i++)
		sum = (uint8_t)(sum + table.p[i]);
	return sum == 0;
}

/* The first watchdog of the table that is not the firmware's own. */
static enum watchdog_answer look_at_gtdt(struct view file, struct watchdog *ret, struct error *err)
{
	struct reader head = reader_at(file, GTDT_LENGTH), list = reader_at(file, GTDT_COUNT);
	uint32_t length = reader_le32(&head), count = reader_le32(&list);
	uint64_t at = reader_le32(&list);
	struct view table;

	if (file.n == 0)
		return WATCHDOG_ABSENT;
	if (list.overrun || !view_has_at(file, 0, "GTDT") || !view_sub(file, 0, length, &table) ||
		!sum_is_zero(table) || count > GTDT_COUNT_MAX)
		return watchdog_obstacle(err, "ACPI's table GTDT, %zu bytes, is damaged", file.n);
	for (uint32_t i = 0; i < count; i++) {
		struct reader r = reader_at(table, at);
		uint8_t type = reader_u8(&r);
		uint16_t size = reader_le16(&r);
		uint64_t refresh, control;

		reader_skip(&r, 1);
		if (r.overrun || size < 4)
			return watchdog_obstacle(err,
				"ACPI's table GTDT, %u bytes, has no structure at %llu", length,
				(unsigned long long)at);
		at += size;
		refresh = reader_le64(&r);
		control = reader_le64(&r);
		reader_skip(&r, 4);
		if (type != GTDT_WATCHDOG || reader_le32(&r) & GTDT_SECURE)
			continue;
		if (r.overrun || size < GTDT_WATCHDOG_SIZE)
			return watchdog_obstacle(
				err, "ACPI's table GTDT, %u bytes, ends within a watchdog", length);
		ret->base = control;
		ret->other = refresh;
		return WATCHDOG_THERE;
	}
	return WATCHDOG_ABSENT;
}

static enum watchdog_answer look_at_tree(const struct watchdog_grounds *grounds,
	struct arena *arena, struct watchdog *ret, struct error *err)
{
	struct tree_device device;
	enum watchdog_answer answer = tree_watchdog(grounds, "arm,sbsa-gwdt", arena, &device, err);

	if (answer != WATCHDOG_THERE)
		return answer;
	if (device.registers.count != 2)
		return watchdog_obstacle(err,
			"the watchdog arm,sbsa-gwdt of the device tree has %zu frames, not 2",
			device.registers.count);
	ret->base = device.registers.items[0].start;
	ret->other = device.registers.items[1].start;
	return WATCHDOG_THERE;
}

static enum watchdog_answer look(const struct watchdog_grounds *grounds, struct arena *arena,
	struct watchdog *ret, struct error *err)
{
	enum watchdog_answer answer = look_at_gtdt(grounds->facts->gtdt, ret, err);

	if (answer == WATCHDOG_ABSENT)
		answer = look_at_tree(grounds, arena, ret, err);
	if (answer != WATCHDOG_THERE)
		return answer;
	ret->clock = grounds->machine->cpu.counter_khz;
	if (ret->clock == 0)
		return watchdog_obstacle(err,
			"how fast Arm's generic watchdog counts is not known: the frequency of the "
			"generic timer is not");
	ret->least = 1;
	/* Its registers hold so much in the first version, and both times count. */
	ret->longest = (uint32_t)(2 * (uint64_t)UINT32_MAX / (ret->clock * 1000));
	return WATCHDOG_THERE;
}

static bool make(const struct watchdog_grounds *grounds, const struct watchdog *w, uint32_t seconds,
	struct recipe *ret, struct error *err)
{
	const struct recipe_step steps[] = {
		{ .width = 4, .address = w->base + CONTROL, .why = "it is stopped" },
		{ .width = 4,
			.address = w->base + OFFSET_LOW,
			.value = seconds * w->clock * 1000 / 2,
			.why = "half of the time" },
		{ .width = 4, .address = w->base + OFFSET_HIGH, .why = "and no more" },
		{ .width = 4,
			.address = w->base + CONTROL,
			.value = ENABLED,
			.why = "it is started" },
		{ .width = 4,
			.address = w->other + REFRESH,
			.value = 1,
			.why = "it counts from the beginning" },
	};

	(void)grounds;
	return recipe_add_all(ret, steps, sizeof steps / sizeof *steps, err);
}

const struct watchdog_kind watchdog_sbsa = {
	.name = "Arm generic",
	.driver = "sbsa_gwdt",
	.identity = "SBSA Generic Watchdog",
	.latest_factor = 1,
	.look = look,
	.make = make,
};
