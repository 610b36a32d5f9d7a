/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "boot/record-line.h"

#include <string.h>

#include "machine/record-parameter.h"
#include "plan/marked-parameters.h"
#include "stub/abi.h"

enum { DIGITS = 2 * (int)sizeof(struct stub_record) };

const char *record_line(const struct planner *planner, uint64_t max)
{
	const char *given = planner->request->command_line;
	const char *parameter = arena_printf(planner->arena, RECORD_PARAMETER "=%0*d", DIGITS, 0);
	const char *line =
		parameter ? marked_parameters_add(given, &parameter, 1, planner->arena) : NULL;

	if (!line || planner->request->crash || strlen(line) > max)
		return line ? given : NULL;
	return line;
}

/* Ours is the last of that name. */
size_t record_line_offset(const char *line)
{
	static const char name[] = RECORD_PARAMETER "=";
	const char *found = NULL;

	for (const char *at = strstr(line, name); at; at = strstr(at + 1, name))
		found = at;
	if (!found || strspn(found + sizeof name - 1, "0") < DIGITS)
		return 0;
	return (size_t)(found - line) + sizeof name - 1;
}
