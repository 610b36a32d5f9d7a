/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The time that passes while the machine is awake, whatever somebody sets the clock to (clock_gettime(2)). */
#pragma once

#include <stdint.h>

/* Milliseconds since some moment before this program. */
int64_t clock_ms(void);

/* Lets so much time pass, or less. */
void clock_wait_ms(unsigned ms);

/* Seconds that the machine has run since this boot began, without those that it slept. */
uint64_t uptime_awake(void);
