/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "sys/clock.h"

#include <time.h>

#include "sys/fresh.h"

int64_t clock_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void clock_wait_ms(unsigned ms)
{
	const struct timespec pause = { ms / 1000, (long)(ms % 1000) * 1000000 };

	(void)nanosleep(&pause, NULL);
}

uint64_t uptime_awake(void)
{
	return (uint64_t)clock_ms() / 1000;
}

static uint64_t us_of(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
}

struct clock_moment clock_moment(void)
{
	return (struct clock_moment){ us_of(CLOCK_REALTIME), us_of(CLOCK_BOOTTIME),
		fresh_counter() };
}
