/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Gathers the kernel out of a bzImage's payload, so that it can be entered without its decompressor:
 * unpacked once, into a file in memory, and moved there to its place in virtual memory.
 */
#pragma once

#include "jump/job.h"

/*
 * Sets the direct entry of the request where one is possible. Otherwise the image unpacks itself as
 * ever; a note says why, unless that was asked for or suits the job's aim better (packed_kernel). A
 * second call finds what the first one made.
 */
void direct_gather(struct job *job, const struct arch_ops *arch);

/* The bytes that a bzImage unpacks itself to, as its payload says; 0: it does not say, or it is none. */
uint64_t direct_unpacked_size(const struct image *image);

/*
 * Whether it is worth it to keep what is in the payload on the disk, packed by lz4 (jump/ready.h): it could be entered
 * directly, and would be.
 */
bool direct_is_worth_keeping(struct job *job, const struct arch_ops *arch);
