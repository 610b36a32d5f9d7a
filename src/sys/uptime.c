/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* clock_gettime(2): CLOCK_MONOTONIC stands still while the machine is suspended. */
#include "sys/uptime.h"

#include <time.h>

uint64_t uptime_awake(void)
{
	struct timespec t = { 0 };

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec;
}
