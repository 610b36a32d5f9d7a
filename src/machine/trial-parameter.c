/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "machine/trial-parameter.h"

#include "machine/text.h"

const char *trial_parameter_read(const struct source *source, struct arena *arena)
{
	static const char start[] = TRIAL_PARAMETER "=";
	struct view line, word;
	const char *id = NULL;

	if (!source_read(source, "proc/cmdline", arena, &line))
		return "";
	while (text_word(&line, &word) && !text_is(word, "--"))
		if (view_has_at(word, 0, start))
			id = arena_string(arena, view_from(word, sizeof start - 1));
	return id ? id : "";
}
