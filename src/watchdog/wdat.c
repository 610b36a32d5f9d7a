/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * ACPI's WDAT, by which a firmware describes the watchdog of its machine, whatever chip that is (Microsoft,
 * "Hardware Watchdog Timers Design Specification", version 1.01, section 3): actions, each a list of
 * instructions on registers.
 */
#include "watchdog/kinds.h"

enum {
	LENGTH = 4, /* of every table of ACPI (6.5, 5.2.6): its size, the sum of its bytes is 0 */
	LENGTH_MAX = 64 << 10,
	HEADER_SIZE = 36, /* and the size that the WDAT tells of its own header, behind that */
	OWN_SIZE = 32,
	PERIOD = 48,
	COUNT_MAX = 52,
	COUNT_MIN = 56,
	FLAGS = 60,
	FLAGS_ENABLED = 1 << 0,
	INSTRUCTION_COUNT = 64,
	INSTRUCTIONS = 68,
	INSTRUCTION_SIZE = 24,
	INSTRUCTIONS_MAX = 128,

	ACTION_PING = 1,
	ACTION_SET_COUNT = 6,
	ACTION_START = 9,
	ACTION_STOP = 11,
	ACTION_SET_RESET = 17, /* what happens in the end: a reset of the machine */

	READ_VALUE = 0,
	READ_COUNT = 1,
	WRITE_VALUE = 2,
	WRITE_COUNT = 3,
	PRESERVE = 0x80,

	SPACE_MEMORY = 0,
	SPACE_PORT = 1,

	/* The clock's index and data: who uses them with the clock's driver in between does harm. */
	CLOCK_FIRST = 0x70,
	CLOCK_LAST = 0x77,
};

struct instruction {
	uint8_t action, kind;
	uint8_t space, bits, shift, access; /* a generic address: ACPI 6.5, 5.2.3.2 */
	uint64_t address;
	uint32_t value, mask;
};

static struct instruction read_instruction(struct view table, uint32_t n)
{
	struct reader r = reader_at(table, INSTRUCTIONS + (uint64_t)n * INSTRUCTION_SIZE);
	struct instruction i = { .action = reader_u8(&r), .kind = reader_u8(&r) };

	reader_skip(&r, 2);
	i.space = reader_u8(&r);
	i.bits = reader_u8(&r);
	i.shift = reader_u8(&r);
	i.access = reader_u8(&r);
	i.address = reader_le64(&r);
	i.value = reader_le32(&r);
	i.mask = reader_le32(&r);
	return i;
}

static uint32_t number_at(struct view table, unsigned offset)
{
	struct reader r = reader_at(table, offset);

	return reader_le32(&r);
}

/* The bytes of the table: what is read is as long as the table says, and not damaged. */
static bool open_table(struct view file, struct view *ret, struct error *err)
{
	uint32_t length = number_at(file, LENGTH);
	uint8_t sum = 0;

	if (!view_has_at(file, 0, "WDAT") || length < INSTRUCTIONS || length > LENGTH_MAX ||
		!view_sub(file, 0, length, ret))
		return fail(err, FAULT_NO_WATCHDOG,
			"ACPI's table WDAT, %zu bytes, says that it has %u", file.n, length);
	for (size_t i = 0; i < ret->n; i++)
		sum = (uint8_t)(sum + ret->p[i]);
	if (sum != 0)
		return fail(err, FAULT_NO_WATCHDOG,
			"ACPI's table WDAT is damaged: the sum of its bytes is %u", sum);
	return true;
}

static bool check_table(struct view table, struct error *err)
{
	uint32_t count = number_at(table, INSTRUCTION_COUNT);
	uint32_t least = number_at(table, COUNT_MIN), most = number_at(table, COUNT_MAX);

	if (number_at(table, HEADER_SIZE) != OWN_SIZE)
		return fail(err, FAULT_NO_WATCHDOG,
			"ACPI's table WDAT has a header of %u bytes, not of %d",
			number_at(table, HEADER_SIZE), OWN_SIZE);
	if (!(number_at(table, FLAGS) & FLAGS_ENABLED))
		return fail(err, FAULT_NO_WATCHDOG,
			"the firmware has switched the watchdog of ACPI's table WDAT off");
	if (count == 0 || count > INSTRUCTIONS_MAX ||
		count > (table.n - INSTRUCTIONS) / INSTRUCTION_SIZE)
		return fail(err, FAULT_NO_WATCHDOG,
			"ACPI's table WDAT, %zu bytes, cannot have %u instructions", table.n,
			count);
	if (number_at(table, PERIOD) == 0 || most == 0 || least > most)
		return fail(err, FAULT_NO_WATCHDOG,
			"ACPI's table WDAT counts from %u to %u periods of %u ms", least, most,
			number_at(table, PERIOD));
	return true;
}

static bool has_action(struct view table, uint8_t action)
{
	for (uint32_t i = 0; i < number_at(table, INSTRUCTION_COUNT); i++)
		if (read_instruction(table, i).action == action)
			return true;
	return false;
}

static enum watchdog_answer look(const struct watchdog_grounds *grounds, struct arena *arena,
	struct watchdog *ret, struct error *err)
{
	struct view table;
	uint64_t period, least, longest;

	(void)arena;
	if (grounds->facts->wdat.n == 0)
		return WATCHDOG_ABSENT;
	if (!open_table(grounds->facts->wdat, &table, err) || !check_table(table, err))
		return WATCHDOG_OBSTACLE;
	if (!has_action(table, ACTION_SET_COUNT) || !has_action(table, ACTION_START) ||
		!has_action(table, ACTION_STOP))
		return watchdog_obstacle(err,
			"ACPI's table WDAT does not say how its watchdog is set, started and stopped");
	period = number_at(table, PERIOD);
	least = (number_at(table, COUNT_MIN) * period + 999) / 1000;
	longest = number_at(table, COUNT_MAX) * period / 1000;
	ret->least = least > UINT32_MAX ? UINT32_MAX : (uint32_t)least;
	ret->longest = longest > WATCHDOG_SECONDS_MAX ? WATCHDOG_SECONDS_MAX : (uint32_t)longest;
	return WATCHDOG_THERE;
}

static bool refuse(const struct instruction *i, const char *why, struct error *err)
{
	return fail(err, FAULT_NO_WATCHDOG,
		"an instruction of ACPI's table WDAT (action %u, %s %#llx) %s", i->action,
		i->space == SPACE_PORT ? "port" : "address", (unsigned long long)i->address, why);
}

/* How wide an access is: as it says, or where it leaves that open as the register is. */
static unsigned width_of(const struct instruction *i)
{
	if (i->access >= 1 && i->access <= 4)
		return 1u << (i->access - 1);
	if (i->access == 0 && (i->bits == 8 || i->bits == 16 || i->bits == 32 || i->bits == 64))
		return i->bits / 8u;
	return 0;
}

static bool make_step(
	const struct instruction *i, uint32_t count, struct recipe_step *ret, struct error *err)
{
	unsigned width = width_of(i);
	uint8_t kind = i->kind & (uint8_t)~PRESERVE;
	uint64_t all = register_mask(width), mask;

	if (i->space != SPACE_MEMORY && i->space != SPACE_PORT)
		return refuse(i, "is about neither memory nor a port", err);
	if (width == 0 || i->bits == 0)
		return refuse(i, "does not say how wide its register is", err);
	if (i->space == SPACE_PORT && i->address <= CLOCK_LAST && i->address + width > CLOCK_FIRST)
		return refuse(i, "is about the clock", err);
	mask = i->shift < 32 ? (uint64_t)i->mask << i->shift : 0;
	if (i->shift >= 32 || mask & ~all)
		return refuse(i, "is about bits that its register does not have", err);
	*ret = (struct recipe_step){ .is_port = i->space == SPACE_PORT,
		.width = (uint8_t)width,
		.address = i->address,
		.keep = i->kind & PRESERVE ? all & ~mask : 0 };
	switch (kind) {
	case READ_VALUE:
	case READ_COUNT:
		ret->keep = all;
		return true;
	case WRITE_VALUE:
		ret->value = (uint64_t)(i->value & i->mask) << i->shift;
		return true;
	case WRITE_COUNT:
		if (count & ~i->mask)
			return refuse(i, "has no room for the time", err);
		ret->value = (uint64_t)count << i->shift;
		return true;
	default:
		return refuse(i, "is of an unknown kind", err);
	}
}

/* An action that the table leaves out is none that the hardware needs. */
static bool run(
	struct view table, uint8_t action, uint32_t count, struct recipe *recipe, struct error *err)
{
	static const struct {
		uint8_t action;
		const char *why;
	} names[] = {
		{ ACTION_STOP, "it is stopped" },
		{ ACTION_SET_RESET, "it resets the machine" },
		{ ACTION_SET_COUNT, "the time" },
		{ ACTION_START, "it is started" },
		{ ACTION_PING, "it counts from the beginning" },
	};
	const char *why = "";

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (names[i].action == action)
			why = names[i].why;
	for (uint32_t i = 0; i < number_at(table, INSTRUCTION_COUNT); i++) {
		struct instruction instruction = read_instruction(table, i);
		struct recipe_step step;

		if (instruction.action != action)
			continue;
		if (!make_step(&instruction, count, &step, err))
			return false;
		step.why = why;
		if (!recipe_add(recipe, step, err))
			return false;
	}
	return true;
}

static bool make(const struct watchdog_grounds *grounds, const struct watchdog *w, uint32_t seconds,
	struct recipe *ret, struct error *err)
{
	static const uint8_t actions[] = { ACTION_STOP, ACTION_SET_RESET, ACTION_SET_COUNT,
		ACTION_START, ACTION_PING };
	struct view table;
	uint64_t period, count;

	(void)w;
	if (!open_table(grounds->facts->wdat, &table, err))
		return false;
	period = number_at(table, PERIOD);
	count = ((uint64_t)seconds * 1000 + period - 1) / period;
	/* What is rounded up may be one more. */
	count = count > number_at(table, COUNT_MAX) ? number_at(table, COUNT_MAX) : count;
	for (size_t i = 0; i < sizeof actions; i++)
		if (!run(table, actions[i], (uint32_t)count, ret, err))
			return false;
	return true;
}

const struct watchdog_kind watchdog_wdat = {
	.name = "of ACPI's table WDAT",
	.driver = "wdat_wdt",
	.identity = "wdat_wdt",
	/* The specification knows one time; Intel's TCO, which most tables describe, runs it twice. */
	.latest_factor = 2,
	.look = look,
	.make = make,
};
