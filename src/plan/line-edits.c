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

struct removing {
	const char *removed;
	bool is_found;
};

static bool removes(void *context, const char *word, size_t length)
{
	struct removing *r = context;
	bool meant = is_meant(word, length, r->removed);

	r->is_found |= meant;
	return meant;
}

const char *line_edits_apply(
	const struct line_edits *edits, const char *line, struct arena *arena, struct notes *notes)
{
	for (size_t i = 0; line && i < edits->removed_count; i++) {
		struct removing r = { edits->removed[i], false };

		line = command_line_filter(line, removes, &r, arena);
		if (line && !r.is_found)
			notes_add(notes, "%s is not on the command line, and cannot be removed",
				edits->removed[i]);
	}
	if (!line || !edits->added)
		return line;
	line = command_line_without_end(line, edits->added, arena);
	return line ? command_line_join(line, edits->added, arena) : NULL;
}
