/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The watchdog in the southbridges of AMD (AMD 44413, "SP5100 Register Reference Guide", and 55570-B1,
 * the Processor Programming Reference of family 17h, "Watchdog Timer"): a control and a count register
 * in memory, a second a count. Where they lie is told by the region that the driver has taken, which has
 * also switched them on and set what a count is.
 */
#include "machine/text.h"
#include "watchdog/kinds.h"

enum {
	CONTROL = 0,
	COUNT = 4,
	SIZE = 8,
	RUN = 1 << 0,
	FIRED = 1 << 1,     /* cleared by a 1 */
	POWER_OFF = 1 << 2, /* instead of a reset */
	TRIGGER = 1 << 7,
	COUNT_MAX = 0xffff,
};

/* The SMBus functions that are beside it. */
static const struct {
	uint16_t vendor, device;
} chips[] = { { 0x1002, 0x4385 }, { 0x1022, 0x780b }, { 0x1022, 0x790b } };

static bool has_chip(const struct watchdog_facts *facts)
{
	for (size_t i = 0; i < facts->function_count; i++)
		for (size_t j = 0; j < sizeof chips / sizeof *chips; j++)
			if (facts->functions[i].vendor == chips[j].vendor &&
				facts->functions[i].device == chips[j].device)
				return true;
	return false;
}

/* "  feb00000-feb00007 : SB800 TCO" */
static bool find_region(struct view iomem, struct range *ret)
{
	struct view line, first, last;

	while (text_line(&iomem, &line)) {
		uint64_t start, end;

		if (!text_cut(&line, '-', &first) || !text_cut(&line, ':', &last))
			continue;
		line = text_trim(line);
		if (!text_is(line, "SB800 TCO") && !text_is(line, "SP5100 TCO"))
			continue;
		if (!text_hex(text_trim(first), &start) || !text_hex(text_trim(last), &end) ||
			start == 0 || end < start || end == UINT64_MAX)
			continue;
		*ret = range_between(start, end + 1);
		return true;
	}
	return false;
}

static enum watchdog_answer look(const struct watchdog_grounds *grounds, struct arena *arena,
	struct watchdog *ret, struct error *err)
{
	bool is_bound = watchdog_is_bound(grounds->facts, "SP5100 TCO timer");
	struct range region;

	(void)arena;
	if (!is_bound && !has_chip(grounds->facts))
		return WATCHDOG_ABSENT;
	if (!is_bound)
		return watchdog_obstacle(err,
			"whether the firmware has left AMD's watchdog switched on is known only "
			"while its driver sp5100_tco has it, and that is not loaded");
	if (!find_region(grounds->facts->iomem, &region) || region.size < SIZE)
		return watchdog_obstacle(err,
			"where the registers of AMD's watchdog lie is not known: /proc/iomem does not "
			"show the region of its driver");
	ret->base = region.start;
	ret->least = 1;
	ret->longest = COUNT_MAX;
	return WATCHDOG_THERE;
}

static bool make(const struct watchdog_grounds *grounds, const struct watchdog *w, uint32_t seconds,
	struct recipe *ret, struct error *err)
{
	const uint64_t kept = UINT32_MAX & ~(uint64_t)(RUN | FIRED | POWER_OFF | TRIGGER);
	const struct recipe_step steps[] = {
		{ .width = 4, .address = w->base + CONTROL, .keep = kept, .why = "it is stopped" },
		{ .width = 4, .address = w->base + COUNT, .value = seconds, .why = "the time" },
		{ .width = 4,
			.address = w->base + CONTROL,
			.keep = kept,
			.value = RUN,
			.why = "it is started, and resets the machine" },
		{ .width = 4,
			.address = w->base + CONTROL,
			.keep = kept,
			.value = RUN | TRIGGER,
			.why = "it counts from the beginning" },
	};

	(void)grounds;
	return recipe_add_all(ret, steps, sizeof steps / sizeof *steps, err);
}

const struct watchdog_kind watchdog_sp5100 = {
	.name = "AMD SP5100 TCO",
	.driver = "sp5100_tco",
	.identity = "SP5100 TCO timer",
	.latest_factor = 1,
	.look = look,
	.make = make,
};
