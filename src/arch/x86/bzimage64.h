/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Lays a bzImage out for its 64-bit entry: kernel, initrds, boot data, stub. Only bytes of files
 * are loaded; the memory that the kernel unpacks itself into is kept free, not filled.
 */
#pragma once

#include "plan/plan.h"

bool bzimage64_lay_out(struct planner *planner, struct error *err)
	__attribute__((warn_unused_result));
