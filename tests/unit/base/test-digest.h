/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the tests of digests share: bytes that look random and are the same in every run. */
#pragma once

#include <stdio.h>

#include "test.h"

static inline void bytes_fill(uint8_t *p, size_t n)
{
	uint32_t state = 12345;

	for (size_t i = 0; i < n; i++) {
		state = state * 1664525 + 1013904223;
		p[i] = (uint8_t)(state >> 24);
	}
}

/* The next of a row of lengths from 1 to most. */
static inline size_t length_next(uint32_t *state, size_t most)
{
	*state = *state * 1664525 + 1013904223;
	return 1 + (*state >> 8) % most;
}

static inline void assert_hex(const uint8_t *p, size_t n, const char *hex)
{
	char text[2 * 64 + 1];

	assert_true(n <= 64);
	for (size_t i = 0; i < n; i++)
		snprintf(text + 2 * i, 3, "%02x", p[i]);
	assert_string_equal(text, hex);
}
