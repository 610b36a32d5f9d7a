/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a UKI brings along beside its kernel, without a copy. */
#pragma once

#include "jump/job.h"

/* Puts the initrds of a UKI, which is the job's image so far, in front of all others. */
bool uki_open(struct job *job, struct error *err) __attribute__((warn_unused_result));

/* The UKI's command line where no other is wanted, "" where it has none; which one is noted. */
const char *uki_command_line(struct job *job);

/* How many device trees are in the UKI; 0 where there is none. */
size_t uki_device_trees(const struct job *job);

/*
 * Makes one of them the device tree of the request: the one for the running machine, otherwise the
 * one for all machines. Which one it is, is noted, and also that none fits. Call it only where
 * there are some.
 */
bool uki_take_device_tree(struct job *job, struct error *err) __attribute__((warn_unused_result));
