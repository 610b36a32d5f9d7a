/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Words for the next kernel's command line that shorten the blackout and cost something else. Each
 * has its measured effect and its risk in the table; none is added unless it was asked for.
 */
#pragma once

#include "base/arena.h"
#include "base/notes.h"
#include "machine/own-build.h"

enum tuning_wanted {
	TUNE_NOTHING,
	TUNE_SAME, /* what the running kernel has shown to be needless, for the same build */
	TUNE_ANY,  /* all words that help, each at its risk */
};

/* What decides on them. */
struct tuning_grounds {
	const char *line;
	enum tuning_wanted wanted;
	/* For TUNE_SAME. */
	const struct own_build *own;
	const char *difference; /* why the next kernel is not known to be this build; NULL: it is */
};

struct tuning_hint {
	const char *word;
	const char *effect; /* as measured, and where */
	const char *risk;
	/* NULL where it helps; otherwise why it does not with this line. */
	const char *(*obstacle)(const char *line);
	/*
	 * NULL where the running kernel has shown that the next one can do without; otherwise why not. No
	 * function: nothing shows that.
	 */
	const char *(*unshown)(const struct own_build *own);
	const char *shown; /* what it has shown */
};

enum { TUNING_HINTS = 2 };

extern const struct tuning_hint tuning_hints[TUNING_HINTS];

/* Why it is not added as it is wanted (TUNE_NOTHING: would not be, for any kernel); NULL: it is. */
const char *tuning_obstacle(const struct tuning_hint *hint, const struct tuning_grounds *grounds);

/*
 * The line with every word that is wanted and helps, marked as ours and each of which is noted, as is what
 * TUNE_SAME leaves out. NULL when memory is out.
 */
const char *tuning_apply(
	const struct tuning_grounds *grounds, struct arena *arena, struct notes *notes);
