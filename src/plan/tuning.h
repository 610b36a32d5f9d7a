/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Words for the next kernel's command line that shorten the blackout and cost something else. Each
 * has its measured effect and its risk in the table; none is added unless it was asked for.
 */
#pragma once

#include "base/arena.h"
#include "base/notes.h"

struct tuning_hint {
	const char *word;
	const char *effect; /* as measured, and where */
	const char *risk;
	/* NULL where it helps; otherwise why it does not with this line. */
	const char *(*obstacle)(const char *line);
};

enum { TUNING_HINTS = 2 };

extern const struct tuning_hint tuning_hints[TUNING_HINTS];

/* The line with every word that helps, marked as ours and each of which is noted. NULL when memory is out. */
const char *tuning_apply(const char *line, struct arena *arena, struct notes *notes);
