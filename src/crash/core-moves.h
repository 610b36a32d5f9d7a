/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where physical memory lies in the virtual one, by what the kernel says of itself; for cores whose headers do not tell. */
#pragma once

#include "crash/core.h"

/* Fills in the core's moves by its machine and VMCOREINFO; what is not told is no move. */
void core_moves(struct core *core);
