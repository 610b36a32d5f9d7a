/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The last resort of a machine whose init does not reboot it. */
#pragma once

#include <stdbool.h>

#include "base/error.h"

/* Writes file systems back and resets the machine through its firmware; returns where it may not. */
void restart_now(void);

/*
 * Writes file systems back and has the running kernel panic, which is a jump where a crash kernel is loaded
 * (Documentation/admin-guide/sysrq.rst in Linux). Returns only where it could not be asked for.
 */
bool restart_by_panic(struct error *err) __attribute__((warn_unused_result));
