/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Initrds that were unpacked as a whole for their check, in this boot: a record of them, by which one that has not
 * changed since need not be unpacked again while the machine goes down. It stands for nothing else that is asked of
 * an initrd.
 */
#pragma once

#include "jump/job.h"

/* In memory, and so gone with the boot. */
#define CHECKED_FILE "/run/saut/checked"

/*
 * Whether the record has this initrd of the job, with the same file, size and times to the nanosecond; false
 * for whatever is not certain.
 */
bool checked_before(struct job *job, size_t index);

/* Adds it to the record where that can be written; not if the file has changed only now, or is none. */
void checked_remember(struct job *job, size_t index);
