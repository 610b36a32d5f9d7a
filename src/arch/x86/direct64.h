/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Lays out the kernel unpacked from a bzImage, so that the stub enters it directly. The
 * decompressor, which otherwise runs between the two kernels, is left out; whatever else it does is
 * done here, or is an obstacle.
 */
#pragma once

#include "plan/plan.h"

/* Why this kernel must unpack itself; NULL where it need not. */
const char *direct64_obstacle(const struct machine *machine, const struct request *request);

/* Checks the kernel against its image and chooses its place in virtual memory. */
bool direct64_choose(const struct request *request, struct direct *direct, struct error *err)
	__attribute__((warn_unused_result));

bool direct64_lay_out(struct planner *planner, struct error *err)
	__attribute__((warn_unused_result));
