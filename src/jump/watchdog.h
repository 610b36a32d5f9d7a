/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The hardware watchdog that a job's stub starts, where the request wants one. */
#pragma once

#include "jump/job.h"

/* Reads what is needed of the machine, by the source that the machine itself is read from. */
bool job_watchdog_capture(struct job *job, const struct source *source, struct error *err)
	__attribute__((warn_unused_result));

/*
 * Chooses the hardware and writes the recipe into the request, or says what is in the way: as an error,
 * or where the request can do without as a note and in the job.
 */
bool job_watchdog_choose(struct job *job, struct error *err) __attribute__((warn_unused_result));

/* Does without, where that may be and why says what it has come to. */
void job_watchdog_drop(struct job *job, const char *why);
