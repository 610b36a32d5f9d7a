/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Lays out a bzImage for its real-mode entry: the kernel, the initrds, its setup code with stack
 * and command line below 640 KiB, the stub. The setup code then asks the BIOS what it needs to
 * know, so that only a machine with a BIOS can start it like this.
 */
#pragma once

#include "plan/plan.h"

bool bzimage16_is_wanted(const struct request *request);

/* Whether this machine can start it. */
bool bzimage16_check(const struct planner *planner, struct error *err)
	__attribute__((warn_unused_result));

bool bzimage16_lay_out(struct planner *planner, struct error *err)
	__attribute__((warn_unused_result));
