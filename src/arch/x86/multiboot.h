/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Lays out a Multiboot kernel: kernel, modules, boot information, stub, all below 4 GiB. Section
 * "Machine state" of either specification.
 */
#pragma once

#include "plan/plan.h"

bool multiboot_lay_out(struct planner *planner, struct error *err)
	__attribute__((warn_unused_result));
