/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a UKI brings along beside its kernel, without a copy. */
#pragma once

#include "jump/job.h"

/* Makes the initrds in a UKI, the job's image so far, the first ones. */
bool uki_open(struct job *job, struct error *err) __attribute__((warn_unused_result));

/* The UKI's command line where no other is wanted, "" where it has none; which one is noted. */
const char *uki_command_line(struct job *job);

/* How many device trees are in the UKI; 0 where there is none. */
size_t uki_device_trees(const struct job *job);

/*
 * Makes the one for the running machine, else the one for all machines, the request's; which one is
 * noted, and that none is. There are some.
 */
bool uki_take_device_tree(struct job *job, struct error *err) __attribute__((warn_unused_result));
