/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Lays the kernel out of a bzImage out so that the stub enters it itself: the decompressor, which
 * else runs between the two kernels, is left out, and what it does beside unpacking is done here
 * or is an obstacle.
 */
#pragma once

#include "plan/plan.h"

/* What of the decompressor's work is not done here but is needed; NULL: nothing. */
const char *direct64_obstacle(const struct machine *machine, const struct request *request);

/* Checks the kernel against its image and chooses its place in virtual memory. */
bool direct64_choose(const struct request *request, struct direct *direct, struct error *err)
	__attribute__((warn_unused_result));

bool direct64_lay_out(struct planner *planner, struct error *err)
	__attribute__((warn_unused_result));
