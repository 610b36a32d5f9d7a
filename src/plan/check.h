/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * How the stub verifies the loaded bytes: the one choice, for the plan and for whoever weighs its
 * cost.
 */
#pragma once

#include "plan/plan.h"

/* As it was asked for, otherwise the fastest on this CPU; never CHECK_AUTO. */
enum check_wanted check_choose(const struct cpu_facts *cpu, enum check_wanted wanted);
