/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The table, and running it. What a check knows is in its own file. */
#include "check/check.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "check/rows.h"

const struct check checks[] = {
#define ROW(function, name, title) { name, title, function },
#include "check/rows.inc"
#undef ROW
};

const size_t check_count = sizeof checks / sizeof *checks;

const char *check_result_name(enum check_result result)
{
	static const char *const names[] = {
		[CHECK_PASS] = "pass",
		[CHECK_NOTE] = "note",
		[CHECK_UNKNOWN] = "unknown",
		[CHECK_WARN] = "warn",
		[CHECK_FAIL] = "fail",
	};

	return names[result];
}

struct check_finding check_finds(
	const struct check_subject *subject, enum check_result result, const char *format, ...)
{
	char text[ERROR_REASON_MAX];
	const char *reason;
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof text, format, arguments);
	va_end(arguments);
	reason = arena_string(subject->arena, view_of_string(text));
	return (struct check_finding){ result, reason ? reason : "out of memory", NULL, NULL };
}

const char *check_hint(const struct check_subject *subject, const struct error *err)
{
	char hint[ERROR_HINT_MAX];

	error_hint(err, hint);
	return hint[0] ? arena_string(subject->arena, view_of_string(hint)) : NULL;
}

/* Whether it is about loading, which is done where something is loaded. */
static bool is_of_loading(const struct check *check)
{
	static const char *const names[] = { "system-calls", "secure-boot", "ima", "plan", "memory",
		"live-update" };

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (strcmp(check->name, names[i]) == 0)
			return true;
	return false;
}

static struct check_finding ask(const struct check_subject *subject, const struct check *check)
{
	if (subject->is_loaded && is_of_loading(check))
		return check_finds(subject, CHECK_UNKNOWN,
			"it is loaded already, and this can be told before a load only");
	return check->run(subject);
}

const struct check_finding *check_all(const struct check_subject *subject)
{
	struct check_finding *findings =
		arena_alloc_array(subject->arena, check_count, sizeof *findings);

	for (size_t i = 0; findings && i < check_count; i++)
		findings[i] = ask(subject, &checks[i]);
	return findings;
}

enum check_result check_worst(const struct check_finding *findings)
{
	enum check_result worst = CHECK_PASS;

	for (size_t i = 0; i < check_count; i++)
		if (findings[i].result > worst)
			worst = findings[i].result;
	return worst;
}
