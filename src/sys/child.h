/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A program that is run to its end, or to its deadline: then it is ended with all of its process group. Knows
 * nothing of what programs there are.
 */
#pragma once

#include <stdbool.h>

#include "base/error.h"

struct child {
	const char *path; /* what is run */
	const char *name; /* what messages call it */
	const char *const *argv, *const *environment;
	unsigned seconds;

	/*
	 * What it says as an error is kept, and its end is the reason where it failed; what else it says is
	 * read by nobody. Otherwise all of it goes where our errors go.
	 */
	bool is_heard;
	int output; /* where what it prints goes, which is heard for its errors; 0: as is_heard says */
};

/*
 * There is nothing for it to read. A signal that would end us ends it first. False where it could not be
 * started, did not end with 0, or not within its seconds.
 */
bool child_run(const struct child *child, struct error *err) __attribute__((warn_unused_result));

/* What the status of an ended program means; said is what it said, or empty. */
bool child_judge(const char *name, int status, const char *said, struct error *err)
	__attribute__((warn_unused_result));
