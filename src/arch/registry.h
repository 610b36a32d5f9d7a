/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The CPUs that Saut can plan for; every build has all of them. */
#pragma once

#include "plan/plan.h"

/* One table for each row of base/cpus.inc, in the folder of its CPU. */
#define CPU(id, symbol, ...) extern const struct arch_ops arch_##symbol;
#define CPU_NAMED(...)
#include "base/cpus.inc"
#undef CPU
#undef CPU_NAMED

/* The table of this CPU, or NULL. */
const struct arch_ops *arch_find(enum cpu_arch arch);
