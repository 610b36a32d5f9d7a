/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* org.freedesktop.systemd1(5): the properties of the manager and of units. */
#include "report/systemd-times.h"

#include "machine/text.h"

static struct own_time time_of(struct view text, const char *name)
{
	struct own_time t = { 0 };
	struct view value;

	t.is_known = text_value(text, name, '=', &value) && text_decimal(value, &t.us) && t.us > 0;
	return t;
}

struct systemd_times systemd_times_parse(struct view manager)
{
	return (struct systemd_times){
		.initrd = time_of(manager, "InitRDTimestampMonotonic"),
		.system = time_of(manager, "UserspaceTimestampMonotonic"),
		.finished = time_of(manager, "FinishTimestampMonotonic"),
	};
}

/* Cuts the lines up to the next blank one off *text. */
static bool next_block(struct view *text, struct view *ret)
{
	struct view rest = *text, line;

	if (rest.n == 0)
		return false;
	while (text_line(&rest, &line) && line.n)
		;
	*ret = view_first(*text, text->n - rest.n);
	*text = rest;
	return true;
}

struct longest systemd_units_parse(struct view units, uint64_t until, struct arena *arena)
{
	struct longest longest = { 0 };
	struct view block, id;

	while (next_block(&units, &block)) {
		struct own_time begun = time_of(block, "InactiveExitTimestampMonotonic");
		struct own_time done = time_of(block, "ActiveEnterTimestampMonotonic");
		const char *name;

		if (!begun.is_known || !done.is_known || done.us < begun.us ||
			(until && done.us > until) || !text_value(block, "Id", '=', &id) ||
			id.n == 0)
			continue;
		name = arena_string(arena, id);
		if (name && done.us > begun.us)
			longest_add(
				&longest, (struct long_one){ name, done.us - begun.us, begun.us });
	}
	return longest;
}
