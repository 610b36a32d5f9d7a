/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Gathers the files of a job: opened, mapped, unpacked where they are compressed. */
#pragma once

#include "jump/job.h"

bool inputs_open_kernel(struct job *job, struct error *err) __attribute__((warn_unused_result));

/* Whether the machine has memory for it at all. */
bool inputs_admit_kernel(struct job *job, struct error *err) __attribute__((warn_unused_result));

/* Unpacks the opened kernel where it is compressed, and makes it the job's image. */
bool inputs_read_kernel(struct job *job, struct error *err) __attribute__((warn_unused_result));

/* The initrds, behind those that the kernel's image brought along, and the modules. */
bool inputs_open_rest(struct job *job, struct error *err) __attribute__((warn_unused_result));

/* One more initrd behind those that are there; what is odd about it is noted. fd -1: no file. */
void inputs_add(struct job *job, struct input input);

/* Joins all initrds into the one that kexec_file_load takes. */
bool inputs_join(struct job *job, struct error *err) __attribute__((warn_unused_result));

/*
 * Keeps the files from changing while the plan's system call reads them, then sees that they have not
 * changed before. *ret_held is false where only inputs_check can tell of a change during the call.
 */
bool inputs_hold(struct job *job, bool *ret_held, struct error *err)
	__attribute__((warn_unused_result));
void inputs_release(struct job *job);

/* None of them has changed since it was opened. */
bool inputs_check(struct job *job, struct error *err) __attribute__((warn_unused_result));

void inputs_close(struct job *job);
