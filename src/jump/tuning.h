/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The words that shorten the next kernel's start, where the request wants some. */
#pragma once

#include "jump/job.h"

/* Reads what is needed of the running kernel, by the source that the machine is read from. */
bool job_tuning_capture(struct job *job, const struct source *source, struct error *err)
	__attribute__((warn_unused_result));

/*
 * Puts them onto the job's command line, once, on the grounds that are in the job from then on. The kernel has
 * been unpacked where it is to be.
 */
bool job_tuning_apply(struct job *job, struct error *err) __attribute__((warn_unused_result));
