/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* loong64: what the rest of Saut sees of it. */
#pragma once

#include "plan/plan.h"

extern const struct arch_ops arch_loongarch64;
