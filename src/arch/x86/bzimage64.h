/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Lays out a bzImage for its 64-bit entry: kernel, initrds, boot data, stub. Only bytes of files
 * are loaded; the memory that the kernel unpacks itself into is kept free, not filled.
 */
#pragma once

#include "plan/plan.h"
#include "stub/abi.h"

/*
 * Finds a place for the kernel and adds its segment; ret is all the memory that it needs until it
 * has started.
 */
bool bzimage_place(struct planner *planner, enum stub_mode mode, struct range *ret,
	struct error *err) __attribute__((warn_unused_result));

bool bzimage64_lay_out(struct planner *planner, struct error *err)
	__attribute__((warn_unused_result));
