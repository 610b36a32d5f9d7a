/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What every CPU asks of an image before anything is placed. */
#pragma once

#include "plan/plan.h"

/* FAULT_IMAGE_OTHER_ARCH where the image says that it is for another CPU than the machine's. */
bool kernel_check_cpu(const struct planner *planner, struct error *err)
	__attribute__((warn_unused_result));

/* FAULT_FIT_COMMAND_LINE past max characters, the terminating zero not counted. */
bool kernel_check_command_line(const struct planner *planner, uint64_t max, struct error *err)
	__attribute__((warn_unused_result));

/* That what only kernels for x86 understand has no effect on this one. */
void kernel_note_x86_options(const struct planner *planner);
