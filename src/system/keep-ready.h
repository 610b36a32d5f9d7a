/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Keeps ready on the disk what the next shutdown will load, or nothing where the settings want it so. */
#pragma once

#include "system/target.h"

/*
 * Where a boot service would load in the shutdown what it finds now. It takes its time and no turn. The target is at one
 * address from now on; what was not kept, and why, is in the system's notes. False where it could not be loaded either,
 * and then nothing is kept.
 */
bool keep_ready(struct system *system, struct target *ret, struct error *err)
	__attribute__((warn_unused_result));
