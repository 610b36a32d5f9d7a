/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A GICv3 that has been told to deliver LPIs writes to its tables until the machine is reset (machine/gic.c). */
#pragma once

#include "plan/plan.h"

/* Says so where it may do that in memory whose place is not known. */
void gic_tables_note(const struct planner *planner);
