/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The memory of a job: its files must fit into that of the machine before any of them is read, and what is
 * made of them into what is available. Knows sizes alone.
 */
#pragma once

#include "jump/job.h"
#include "sys/memfd.h"

/*
 * Counts a file of the job that was just opened. False where it has, with those before, more bytes than
 * the machine has memory; of a machine whose memory is not known nothing is refused.
 */
bool holding_admit(struct job *job, const struct file *file, struct error *err)
	__attribute__((warn_unused_result));

/* What is held: all that was made of the files given, in files in memory or in memory of our own. */
uint64_t holding_made(const struct job *job);

/* What is held besides where a file cannot be kept from changing, and is copied. */
uint64_t holding_copies(const struct job *job);

/* What the running kernel takes for what is loaded, by the plan. */
uint64_t holding_loaded(const struct job *job);

/*
 * What kexec_file_load makes segments of, all of which its purgatory verifies on x86: the kernel takes as much memory
 * as it says it needs, the zeros behind its file included (Documentation/arch/x86/boot.rst, init_size).
 */
uint64_t holding_verified(const struct job *job);

/* What may still be taken; UINT64_MAX where it is not known. */
uint64_t holding_room(const struct job *job);

/* How much may be held until the jump, where the job's aim speaks of it. */
uint64_t holding_wanted(const struct job *job);

/* A file in memory that ends at the limit, or where no memory is left for it. */
bool holding_begin(const struct job *job, const char *name, uint64_t limit, struct memfd *ret,
	struct error *err) __attribute__((warn_unused_result));
