/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * One at a time: who looks at what is loaded and then loads, unloads or records accordingly takes a
 * turn for that. It ends by itself with the process. A process takes no second turn within its first:
 * it would wait for itself.
 */
#pragma once

#include <stdbool.h>

#include "base/error.h"

/* As long as a load may take that unpacks a large kernel on a slow machine. */
enum { TURN_WAIT_MS = 60000 };

struct turn {
	int fd;
};

/*
 * Waits for those whose turn it is, but not longer; then FAULT_KERNEL_BUSY. By a lock on
 * /run/saut/lock, or where /run cannot be written, on the root folder.
 */
bool turn_take(struct turn *ret, unsigned wait_ms, struct error *err)
	__attribute__((warn_unused_result));

void turn_end(struct turn *turn);
