/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "jump/lines.h"

#include <string.h>

#include "machine/text.h"
#include "sys/store.h"

enum { LINES_MAX = 16 };

bool lines_may_have(const char *text)
{
	for (; *text; text++)
		if ((unsigned char)*text < ' ')
			return false;
	return true;
}

/* The first line of text, with its end; what has no end is none. */
static struct view first_line(struct view text)
{
	const uint8_t *end = text.n ? memchr(text.p, '\n', text.n) : NULL;

	return end ? view_first(text, (uint64_t)(end - text.p) + 1) : (struct view){ 0 };
}

static struct view text_of(struct known_lines *lines, struct arena *arena)
{
	if (!lines->is_read && lines->path)
		lines->text = store_own(lines->path, arena);
	lines->is_read = true;
	return lines->text;
}

const char *lines_recall(struct known_lines *lines, const char *key, struct arena *arena)
{
	struct view text = text_of(lines, arena);

	for (struct view line = first_line(text); line.n; line = first_line(text)) {
		if (view_has_at(line, 0, key))
			return arena_string(arena, text_trim(view_from(line, strlen(key))));
		text = view_from(text, line.n);
	}
	return NULL;
}

/* Those that leave room for one more. */
static struct view newest(struct view text)
{
	size_t count = 0;

	for (struct view rest = text; first_line(rest).n; count++)
		rest = view_from(rest, first_line(rest).n);
	for (; count >= LINES_MAX; count--)
		text = view_from(text, first_line(text).n);
	return text;
}

void lines_keep(struct known_lines *lines, const char *key, const char *answer, struct arena *arena)
{
	struct view old = newest(text_of(lines, arena));
	const char *text = arena_printf(
		arena, "%.*s%s%s\n", (int)old.n, old.n ? (const char *)old.p : "", key, answer);
	struct error ignored;

	if (text && lines->path && store_file(lines->path, text, &ignored))
		lines->text = view_of_string(text);
}
