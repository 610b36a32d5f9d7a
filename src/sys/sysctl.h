/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the running kernel is told by a file of /proc/sys (sysctl(8)). */
#pragma once

#include <stdbool.h>

#include "base/error.h"

/* The file keeps what it had where this fails. */
bool sysctl_set(const char *path, const char *value, struct error *err)
	__attribute__((warn_unused_result));
