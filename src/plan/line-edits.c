/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "plan/line-edits.h"

#include <string.h>

#include "plan/command-line.h"

static bool is_meant(const char *word, size_t length, const char *removed)
{
	size_t n = strlen(removed);

	return n && length >= n && memcmp(word, removed, n) == 0 &&
		(length == n || (word[n] == '=' && !strchr(removed, '=')));
}

static const char *without(
	const char *line, const char *removed, struct arena *arena, bool *ret_found)
{
	char *kept = arena_alloc(arena, strlen(line) + 1);
	size_t used = 0;

	*ret_found = false;
	if (!kept)
		return NULL;
	for (size_t length; *line; line += length ? length : 1) {
		bool meant;

		length = command_line_word(line);
		meant = length && is_meant(line, length, removed);
		*ret_found |= meant;
		if (!length || meant)
			continue;
		if (used)
			kept[used++] = ' ';
		memcpy(kept + used, line, length);
		used += length;
	}
	return kept;
}

const char *line_edits_apply(
	const struct line_edits *edits, const char *line, struct arena *arena, struct notes *notes)
{
	for (size_t i = 0; line && i < edits->removed_count; i++) {
		bool found;

		line = without(line, edits->removed[i], arena, &found);
		if (line && !found)
			notes_add(notes, "%s is not on the command line, and cannot be removed",
				edits->removed[i]);
	}
	if (!line || !edits->added)
		return line;
	line = command_line_without_end(line, edits->added, arena);
	return line ? command_line_join(line, edits->added, arena) : NULL;
}
