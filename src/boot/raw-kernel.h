/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Places a kernel that is its own image in memory: image/raw-image.h says what it asks for. */
#pragma once

#include "plan/plan.h"

struct raw_kernel {
	struct range memory; /* all that it uses before it has page tables of its own */
	phys_t entry;
};

/* Finds the place of the request's image and adds its segment; last as in struct placement. */
bool raw_kernel_add(struct planner *planner, phys_t last, struct raw_kernel *ret, struct error *err)
	__attribute__((warn_unused_result));
