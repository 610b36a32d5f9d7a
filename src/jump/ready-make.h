/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Keeps ready what the next shutdown will load, while there is time for it. */
#pragma once

#include "jump/job.h"

/* How much may be kept. */
struct ready_room {
	bool is_given; /* else a small part of what the file system has free */
	uint64_t most;
};

/*
 * For a job that was prepared as it will be in the shutdown: what is worth it and missing is made, whatever else is in
 * the folder is removed. What cannot be made is a note, and nothing depends on it.
 */
void ready_make(struct job *job, struct ready_room room, struct notes *notes);

/* Nothing is kept any more. */
void ready_forget(const char *folder);
