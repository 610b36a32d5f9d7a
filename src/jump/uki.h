/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A job whose kernel is a UKI: it is taken apart here, without a copy. What a plan is made of is the
 * kernel in it; the file as a whole is only handed to a kexec_file_load that takes such files.
 */
#pragma once

#include "jump/job.h"

/* Makes the kernel in a UKI the job's image, and its initrds the first; else does nothing. */
bool uki_open(struct job *job, struct error *err) __attribute__((warn_unused_result));

/* The UKI's command line where no other is wanted, "" where it has none; which one is noted. */
const char *uki_command_line(struct job *job);

/*
 * After kexec_file_load refused a UKI as a whole, as *err says: makes the kernel in it the file to
 * hand over, and clears *err. False where that would not help, and *err stays.
 */
bool uki_unwrap(struct job *job, struct error *err) __attribute__((warn_unused_result));

/* Says in a refusal for want of a signature that that of the UKI does not count; always false. */
bool uki_explain(const struct job *job, struct error *err);
