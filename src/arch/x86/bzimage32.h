/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Lays out a bzImage for its 32-bit entry: for kernels that have no other one or cannot take the
 * paging of this machine, and where it is asked for. Everything lies below 4 GiB.
 */
#pragma once

#include "plan/plan.h"

/* Whether the kernel is entered so: by its header, the machine or the request. */
bool bzimage32_is_wanted(const struct machine *machine, const struct request *request);

bool bzimage32_lay_out(struct planner *planner, struct error *err)
	__attribute__((warn_unused_result));
