/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Text → the value of an assignment in a file that assignments.h reads. */
#pragma once

#include "base/arena.h"

/*
 * In single quotes, in which only they themselves mean anything; control characters become '?'. NULL is
 * as "". NULL when memory is out.
 */
const char *quoted(const char *text, struct arena *arena);
