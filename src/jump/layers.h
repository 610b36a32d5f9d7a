/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What a kernel may lie in: a uImage, a UKI, an EFI zboot image, the parts of an ELF file. These layers are
 * taken off one by one, outermost first; what a plan is made of is the kernel in the last. A
 * kexec_file_load is handed the file as it is, and what is in it where the running kernel does not
 * know the format of the layer.
 */
#pragma once

#include "jump/job.h"

/* Makes the kernel in all layers the job's image. */
bool layers_open(struct job *job, struct error *err) __attribute__((warn_unused_result));

/*
 * After kexec_file_load has refused a file, as *err says: makes what is in its outermost layer the
 * file to load, and clears *err. False where that would not help, and *err is as it was; or where the
 * file could not be made, and *err says why.
 */
bool layers_take_off(struct job *job, struct error *err) __attribute__((warn_unused_result));

/*
 * Adds to a refusal for want of a signature that the wrapper's signature does not cover the kernel
 * in it; always false.
 */
bool layers_explain(const struct job *job, struct error *err);

void layers_close(struct job *job);
