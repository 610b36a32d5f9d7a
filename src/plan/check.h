/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* By what the stub verifies the loaded bytes: the one choice, for the plan and for who weighs its cost. */
#pragma once

#include "plan/plan.h"

/* As it was asked for, or what is fastest on this CPU; never CHECK_AUTO. */
enum check_wanted check_choose(const struct cpu_facts *cpu, enum check_wanted wanted);
