/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Work that takes longer than a second shows on standard error how far it is: to a person at a terminal by a bar
 * that is drawn over itself and gone at the end, elsewhere, as in a log or on the console that a boot service
 * shares with others, by a line now and then.
 */
#pragma once

#include "jump/job.h"

enum progress_form {
	PROGRESS_NONE,
	PROGRESS_LINES,
	PROGRESS_BAR, /* on a terminal; elsewhere lines */
};

struct progress {
	bool is_quiet;
	size_t width;         /* of the bar, 80 at most; 0: there are lines */
	int64_t begun, shown; /* by the clock of the kernel, in ms; shown 0: not yet */
	size_t drawn;         /* characters of the bar that stands there now */
};

/* From now on it is counted. It stays at one address until progress_end. */
void progress_begin(struct progress *progress, enum progress_form form);

/* Who is told of it. */
struct job_watch progress_watch(struct progress *progress);

/* Takes the bar away: to be called before anything else is said. The next that is told draws it again. */
void progress_end(struct progress *progress);
