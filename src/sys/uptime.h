/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <stdint.h>

/* Seconds that the machine has run since this boot began, without those that it slept. */
uint64_t uptime_awake(void);
