/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Gathers the device tree of a job: the user's, else that of a UKI, where kernels of the machine take one. */
#pragma once

#include "jump/job.h"

/* Whether they do depends on the machine, which is known by now. A tree in vain is noted. */
bool device_tree_gather(struct job *job, struct error *err) __attribute__((warn_unused_result));
