/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The service element's consoles, where there is nothing but memory to keep a line in. */
#pragma once

#include <stdint.h>

enum { SCLP_BLOCK_SIZE = 4096, SCLP_LINE_MAX = 200 };

/*
 * One more character of a line, which is sent when it ends. memory is a page, below 2 GiB, and SCLP_LINE_MAX bytes
 * behind it; *count is 0 at first.
 */
void sclp_put(uint8_t *memory, uint32_t *count, char c);
