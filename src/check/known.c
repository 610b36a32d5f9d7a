/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The rows that are built in, and what they say of a machine. */
#include "check/known.h"

#include <stdio.h>
#include <string.h>

static const uint8_t text[] = {
#include "check/known-text.inc"
};

bool known_all(struct arena *arena, struct known_rows *ret, struct error *err)
{
	return known_parse((struct view){ text, sizeof text }, arena, ret, err);
}

/* What rows of one kind say. */
struct verdicts {
	const struct known *worst;
	const char *reasons; /* the worst one's first */
	const char *unknown; /* names of rows that cannot be told; "" for none */
	size_t count;        /* of the rows that were asked */
};

/* NULL when memory is out. */
static const char *join(
	struct arena *arena, const char *before, const char *between, const char *after)
{
	return arena_printf(arena, "%s%s%s", before, *before ? between : "", after);
}

static bool add(struct arena *arena, struct verdicts *v, const struct known *row)
{
	bool is_worse = !v->worst || row->result > v->worst->result;

	v->reasons = is_worse && v->worst ? join(arena, row->reason, "; ", v->reasons)
					  : join(arena, v->reasons, "; ", row->reason);
	if (is_worse)
		v->worst = row;
	return v->reasons;
}

/* False when memory is out. */
static bool ask(const struct check_subject *subject, enum known_kind kind, struct verdicts *ret)
{
	const struct hardware hardware = hardware_read(subject->source, subject->arena);
	struct verdicts v = { .reasons = "", .unknown = "" };
	struct known_rows rows;
	struct error ignored;

	if (!known_all(subject->arena, &rows, &ignored))
		return false;
	for (size_t i = 0; i < rows.count; i++) {
		const struct known *row = &rows.items[i];
		enum answer answer = ANSWER_NO;

		if (row->kind != kind)
			continue;
		v.count++;
		answer = known_matches(row, &hardware, subject);
		if (answer == ANSWER_YES && !add(subject->arena, &v, row))
			return false;
		if (answer == ANSWER_UNKNOWN)
			v.unknown = join(subject->arena, v.unknown, ", ", row->name);
		if (!v.unknown)
			return false;
	}
	*ret = v;
	return true;
}

struct check_finding known_check(const struct check_subject *subject, enum known_kind kind)
{
	struct check_finding finding;
	struct verdicts v;

	if (!ask(subject, kind, &v))
		return check_finds(subject, CHECK_UNKNOWN, "out of memory");
	if (v.worst) {
		finding = check_finds(subject, v.worst->result, "%s", v.reasons);
		finding.advice = v.worst->advice;
		finding.source = v.worst->source;
		return finding;
	}
	if (*v.unknown)
		return check_finds(subject, CHECK_UNKNOWN,
			"whether this machine is one of these could not be read: %s", v.unknown);
	return check_finds(subject, CHECK_PASS, "none of the %zu known to be bad is here", v.count);
}

const char *known_unbind(const struct check_subject *subject)
{
	const struct hardware hardware = hardware_read(subject->source, subject->arena);
	const char *drivers = "", *more;
	struct known_rows rows;
	struct error ignored;

	if (!known_all(subject->arena, &rows, &ignored))
		return "";
	for (size_t i = 0; i < rows.count; i++) {
		if (!*rows.items[i].unbind ||
			known_matches(&rows.items[i], &hardware, subject) != ANSWER_YES)
			continue;
		more = join(subject->arena, drivers, " ", rows.items[i].unbind);
		drivers = more ? more : drivers;
	}
	return drivers;
}
