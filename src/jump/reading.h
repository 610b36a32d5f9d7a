/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tells who watches a job how far files are read that are unpacked, by places in their bytes. */
#pragma once

#include "jump/job.h"
#include "sys/memfd.h"

struct reading {
	struct sink_watch watch; /* for the sink; filled by reading_begin */
	const struct job_watch *to;
	const char *step;
	const struct input *files; /* that are read; outlive it */
	size_t count;
};

/* To be called with all but watch. */
void reading_begin(struct reading *reading);

/*
 * Reads what was not read yet into memory, so that it is told how long that takes; nothing where nobody
 * watches. What is read afterwards, and by the running kernel, is there then.
 */
void reading_ahead(const struct reading *reading);
