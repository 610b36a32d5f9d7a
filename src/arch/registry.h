/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The CPUs that Saut can plan for, one row each; every build has all of them. */
#pragma once

#include "plan/plan.h"

/* The row of this CPU, or NULL. */
const struct arch_ops *arch_find(enum cpu_arch arch);
