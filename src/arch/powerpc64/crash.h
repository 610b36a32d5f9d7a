/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a crash kernel on ppc64el needs beyond what any kernel does there. */
#pragma once

#include "plan/plan.h"

/*
 * The kernel that lies there is told to stay, where any other moves itself down to address 0: by the word that its first
 * bytes have for that. FAULT_IMAGE_UNKNOWN for one that has none.
 */
bool powerpc64_crash_stay(struct planner *planner, struct range kernel, struct error *err)
	__attribute__((warn_unused_result));
