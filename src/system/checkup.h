/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The checks of src/check, asked of a job on a system that is looked at. */
#pragma once

#include "check/check.h"
#include "system/system.h"

struct checkup {
	struct check_subject subject;
	const struct check_finding *findings; /* check_count of them */
};

/*
 * What the checks say of a job as far as it was prepared; refused is why it was not, NULL: it was. All
 * lives in the system's arena and borrows from the job. Fails only when memory is out.
 */
bool checkup_make(struct system *system, struct job *job, const struct error *refused,
	struct checkup *ret, struct error *err) __attribute__((warn_unused_result));

/*
 * The same of what is loaded already, of which the job has the files by their names: they may have changed
 * since. has_initrds: they are known, be it that there are none.
 */
bool checkup_of_loaded(struct system *system, struct job *job, bool has_initrds,
	struct checkup *ret, struct error *err) __attribute__((warn_unused_result));

/*
 * Whether a job that is prepared may be loaded for a jump: FAULT_CHECK with the reasons where a check
 * fails. What checks warn of is among the job's notes.
 */
bool checkup_permits(struct system *system, struct job *job, struct error *err)
	__attribute__((warn_unused_result));
