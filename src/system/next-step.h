/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What lets a reboot go by kexec that would go through the firmware: for people, on this very machine. */
#pragma once

#include "system/next.h"

/*
 * In the system's arena; NULL: no step is known, or what the kernel can tells it. The boot service is named
 * where it is installed and is not switched on; where it is, and only has not come to it yet, the reason
 * becomes that.
 */
const char *next_step(struct system *system, struct next_reboot *next);
