/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The configuration of the next kernel, where it can be had: for what it is able to unpack. */
#pragma once

#include "jump/job.h"

/*
 * What distributions install beside the kernel; for the kernel that is running, its own. Read once in
 * a job. NULL: there is none, or it cannot be read.
 */
const struct next_config *next_config(struct job *job);

void next_config_close(struct job *job);
