/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What was found out by unpacking all of an initrd: a record of this boot, by which one that has not changed since need
 * not be unpacked again while the machine goes down, and one beside what is kept ready, by which the same bytes need
 * not be in the next boot. They stand for nothing else that is asked of an initrd.
 */
#pragma once

#include "jump/job.h"

/* In memory, and so gone with the boot: of files, by what tells them. */
#define CHECKED_FILE "/run/saut/checked"

/* In the folder of what is kept ready, where there is one: of bytes, by their digests (jump/digests.h). */
#define CHECKED_LASTING "checked"

/* For a job whose wishes are known. */
void checked_begin(struct job *job);

/*
 * Whether the record has this initrd of the job as whole, with the same file, size and times to the nanosecond; false
 * for whatever is not certain.
 */
bool checked_before(struct job *job, size_t index);

/* Adds it to the record where that can be written; not if the file has changed only now, or is none. */
void checked_remember(struct job *job, size_t index);

/*
 * The answer that was kept to a question about what is in all initrds of the job, in the job's arena; NULL: none, or
 * one of them is not certain to be the same. Where there are no initrds, nothing is remembered.
 */
const char *checked_answer(struct job *job, const char *question);

/* Keeps it, as checked_remember does. What has control characters is not kept. */
void checked_keep_answer(struct job *job, const char *question, const char *answer);
