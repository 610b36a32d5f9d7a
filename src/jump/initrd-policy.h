/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Lets initrd/policy.h decide on the initrds of a job, and has them rewritten into files in memory.
 * It never makes a load fail: what cannot be rewritten is loaded as it is.
 */
#pragma once

#include "jump/job.h"

/* Decides and rewrites, once in a job's life; call is the one that will load it, as far as known. */
void initrd_policy_apply(struct job *job, enum kexec_call call);

/* Back to the files as they were given, if that may help; false when nothing was rewritten. */
bool initrd_policy_undo(struct job *job, const struct error *why)
	__attribute__((warn_unused_result));

/* One of the job's initrds as it was given, in whatever form it is loaded. */
const struct input *initrd_policy_given(const struct job *job, size_t index);

/* The file that it was given by; NULL where it is not a whole file. */
const struct file *initrd_policy_file(const struct job *job, size_t index);

/* What is known of it, as it was given, and by what its form is chosen. */
struct initrd_facts initrd_policy_facts(struct job *job, size_t index, enum kexec_call call);

void initrd_policy_close(struct job *job);
