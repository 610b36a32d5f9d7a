/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "service/quoted.h"

#include <string.h>

/* For a terminal: what was written there may have come from a file's name. */
static char *printable(const char *text, struct arena *arena)
{
	char *s = arena_string(arena, view_of_string(text ? text : ""));

	for (size_t i = 0; s && s[i]; i++)
		if ((unsigned char)s[i] < ' ' || s[i] == 0x7f)
			s[i] = '?';
	return s;
}

/* In single quotes, in which only they themselves mean anything. */
const char *quoted(const char *text, struct arena *arena)
{
	const char *s = printable(text, arena);
	char *q = s ? arena_alloc(arena, 4 * strlen(s) + 3) : NULL;
	size_t n = 0;

	if (!q)
		return NULL;
	q[n++] = '\'';
	for (; *s; s++) {
		if (*s == '\'') {
			memcpy(q + n, "'\\'", 3);
			n += 3;
		}
		q[n++] = *s;
	}
	q[n] = '\'';
	return q;
}
