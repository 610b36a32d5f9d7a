/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "plan/marked-parameters.h"

#include <string.h>

#include "machine/record-parameter.h"
#include "machine/text.h"
#include "plan/command-line.h"

static const char mark[] = PARAMETERS_MARK "=";

/* Where the next word begins, and how long it is; false at the end. */
static bool next_word(const char **line, size_t *ret_length)
{
	*line += command_line_blanks(*line);
	*ret_length = command_line_word(*line);
	return *ret_length != 0;
}

static bool is_separator(const char *word, size_t length)
{
	return length == 2 && memcmp(word, "--", 2) == 0;
}

/* A quote that is never closed reaches to the line's end: what stood behind it would be in it. */
static bool is_open(const char *word, size_t length)
{
	bool open = false;

	for (size_t i = 0; i < length; i++)
		open ^= word[i] == '"';
	return open;
}

/* Without blanks at its end. */
static const char *first_part(const char *line, size_t length, struct arena *arena)
{
	while (length && command_line_blanks(line + length - 1))
		length--;
	return arena_printf(arena, "%.*s", (int)length, line);
}

const char *marked_parameters_add(
	const char *line, const char *const *parameters, size_t count, struct arena *arena)
{
	const char *rest = line, *added = arena_printf(arena, "%s%zu", mark, count);
	size_t length;

	if (count == 0)
		return line;
	for (size_t i = 0; added && i < count; i++)
		added = command_line_join(added, parameters[i], arena);
	while (next_word(&rest, &length) && !is_separator(rest, length) && !is_open(rest, length))
		rest += length;
	line = first_part(line, (size_t)(rest - line), arena);
	if (!line || !added)
		return NULL;
	line = command_line_join(line, added, arena);
	return line ? command_line_join(line, rest, arena) : NULL;
}

/* How many words behind this one are ours; 0 where it is no mark that can be understood. */
static size_t marked_by(const char *word, size_t length)
{
	struct view number = { (const uint8_t *)word, length };
	const char *behind = word + length;
	uint64_t count;

	if (!view_has_at(number, 0, mark))
		return 0;
	number = view_from(number, sizeof mark - 1);
	if (!text_decimal(number, &count) || count > PARAMETERS_MARKED_MAX)
		return 0;
	for (uint64_t i = 0; i < count; i++) {
		if (!next_word(&behind, &length) || is_separator(behind, length))
			return 0;
		behind += length;
	}
	return (size_t)count;
}

/* The stub's, of what is over: nobody has asked for it. */
static bool is_record(const char *word, size_t length)
{
	return view_has_at((struct view){ (const uint8_t *)word, length }, 0, RECORD_PARAMETER "=");
}

/* The mark itself is not worth a note. */
static void leave_out(const char **line, size_t count, struct notes *notes)
{
	size_t length;

	for (size_t i = 0; i <= count && next_word(line, &length); i++) {
		if (i > 0 && !is_record(*line, length))
			notes_add(notes,
				"%.*s is left out of the reused command line: it was added for the "
				"running kernel alone",
				(int)length, *line);
		*line += length;
	}
}

const char *marked_parameters_strip(const char *line, struct arena *arena, struct notes *notes)
{
	char *kept = arena_alloc(arena, strlen(line) + 1);
	size_t used = 0, length;

	if (!kept)
		return NULL;
	while (next_word(&line, &length)) {
		size_t count = marked_by(line, length);

		if (count) {
			leave_out(&line, count, notes);
			continue;
		}
		if (used)
			kept[used++] = ' ';
		memcpy(kept + used, line, length);
		used += length;
		line += length;
	}
	return kept;
}
