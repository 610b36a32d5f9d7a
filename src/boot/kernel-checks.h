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

/*
 * All that CPUs other than x86 ask of an image: that it is for them, that it has the format of their
 * kernels, and that the command line is not too long. Notes the options that only kernels for x86
 * understand.
 */
bool kernel_check_other(const struct planner *planner, enum image_format format,
	uint64_t command_line_max, struct error *err) __attribute__((warn_unused_result));

/* The same for those whose kernels are their own image in memory. */
bool kernel_check_raw(const struct planner *planner, uint64_t command_line_max, struct error *err)
	__attribute__((warn_unused_result));
