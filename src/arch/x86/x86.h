/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* x86-64 and i386: what the rest of Saut sees of them. */
#pragma once

#include "plan/plan.h"

extern const struct arch_ops arch_x86_64, arch_i386;
