/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The time that passes, whatever somebody sets the clock to. */
#pragma once

#include <stdint.h>

/* Milliseconds since some moment before this program. */
int64_t clock_ms(void);
