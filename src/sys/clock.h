/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The time that passes while the machine is awake, whatever somebody sets the clock to (clock_gettime(2)). */
#pragma once

#include <stdint.h>

/* Milliseconds since some moment before this program. */
int64_t clock_ms(void);

/* Lets so much time pass, or less. */
void clock_wait_ms(unsigned ms);

/* One moment by every clock that there is. */
struct clock_moment {
	uint64_t wall_us; /* since 1970 */
	uint64_t boot_us; /* since this boot began, sleep included */
	uint64_t ticks;   /* of the CPU's counter, as fresh_counter() has it */
};

struct clock_moment clock_moment(void);

/* Seconds that the machine has run since this boot began, without those that it slept. */
uint64_t uptime_awake(void);
