/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Makes the end of an ldlinux.sys: two copies of an auxiliary data vector with one item. */
#pragma once

#include <string.h>

#include "base/bytes.h"

enum { ADV_COPY = 512, ADV_FILE = 3 * ADV_COPY };

static inline void adv_put32(uint8_t *p, uint32_t value)
{
	for (int i = 0; i < 4; i++)
		p[i] = (uint8_t)(value >> (8 * i));
}

/* Some bytes of the program, then both copies. */
static inline void adv_make(uint8_t file[static ADV_FILE], uint8_t tag, const char *text)
{
	uint8_t copy[ADV_COPY] = { 0 };
	uint32_t sum = 0xa3041767U;

	memset(file, 0x90, ADV_COPY);
	copy[8] = 7; /* an item of somebody else's before it */
	copy[9] = 1;
	copy[11] = tag;
	copy[12] = (uint8_t)strlen(text);
	memcpy(copy + 13, text, strlen(text));
	adv_put32(copy, 0x5a2d2fa5U);
	adv_put32(copy + ADV_COPY - 4, 0xdd28bf64U);
	for (int i = 8; i < ADV_COPY - 4; i += 4)
		sum -= (uint32_t)copy[i] | (uint32_t)copy[i + 1] << 8 |
			(uint32_t)copy[i + 2] << 16 | (uint32_t)copy[i + 3] << 24;
	adv_put32(copy + 4, sum);
	memcpy(file + ADV_COPY, copy, ADV_COPY);
	memcpy(file + 2 * ADV_COPY, copy, ADV_COPY);
}
