/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Gathers the device tree of a job, where kernels of the machine take one: the user's, otherwise
 * that of a UKI.
 */
#pragma once

#include "jump/job.h"

/*
 * The machine must be known by now, since it tells whether they do. A tree that is given in vain is
 * noted.
 */
bool device_tree_gather(struct job *job, struct error *err) __attribute__((warn_unused_result));
