/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Where kernels are told by their command line alone, it has room for the stub's record: a parameter of digits
 * (machine/record-parameter.h), all of which are 0 until they are filled in.
 */
#pragma once

#include "plan/plan.h"

/*
 * The line that was given, with such a parameter where that leaves it no longer than max characters; none for a crash
 * kernel. NULL when memory is out.
 */
const char *record_line(const struct planner *planner, uint64_t max);

/* Where in a line the record's digits are; 0: nowhere. */
size_t record_line_offset(const char *line);
