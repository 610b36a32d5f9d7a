/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What is kept on the disk of the job's kernel and initrds, in forms that are loaded sooner (ready/form.h). It is used
 * only where it was made of the very bytes of the file that was given, as far as this boot has seen them, and is whole;
 * on any doubt there is none, and the file itself is loaded.
 */
#pragma once

#include "jump/job.h"

/* Root's alone, and gone at any time. */
#define READY_FOLDER "/var/cache/saut"

/* The job is about this machine: what is kept ready on it is used, and what this boot has found out of its initrds. */
void job_remember_here(struct job_request *request);

/* What a kernel's payload unpacks to; NULL: nothing is kept, or not of this kernel. */
const struct ready_form *ready_kernel(struct job *job);

/* One of the job's initrds, as it was given; NULL as well where that is no whole file. */
const struct ready_form *ready_initrd(struct job *job, size_t index);

/* What it is called in the folder, in the job's arena; NULL: no memory. */
const char *ready_name(struct job *job, const struct ready_source *source, const char *of);

/* The last part of such a name. */
#define READY_OF_KERNEL "kernel"
#define READY_OF_INITRD "initrd"

/* How much the job has found of that: 0 where it did not look for it, as of another machine's kernel. */
uint64_t ready_bytes(const struct job *job);

/* It is not used after all. */
void ready_drop_kernel(struct job *job);
void ready_drop_initrds(struct job *job);

void ready_close(struct job *job);
