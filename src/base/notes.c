/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A growing list of sentences. */
#include "base/notes.h"

#include <stdarg.h>
#include <stdio.h>

enum { NOTE_MAX = 400 };

void notes_add(struct notes *notes, const char *format, ...)
{
	char text[NOTE_MAX];
	const char **items;
	const char *note;
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof text, format, args);
	va_end(args);
	note = arena_printf(notes->arena, "%s", text);
	items = arena_grow(notes->arena, notes->items, notes->count, sizeof *items);
	if (!note || !items)
		return;
	items[notes->count] = note;
	notes->items = items;
	notes->count++;
}

void notes_add_all(struct notes *notes, const struct notes *more)
{
	for (size_t i = 0; i < more->count; i++)
		notes_add(notes, "%s", more->items[i]);
}
