/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* riscv64: what the rest of Saut sees of it. */
#pragma once

#include "plan/plan.h"

extern const struct arch_ops arch_riscv64;
