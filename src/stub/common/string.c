/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A compiler calls these for a structure that it copies or clears, in freestanding code too. */
#include <stddef.h>
#include <stdint.h>

void *memcpy(void *restrict to, const void *restrict from, size_t n);
void *memset(void *to, int value, size_t n);

void *memcpy(void *restrict to, const void *restrict from, size_t n)
{
	uint8_t *t = to;
	const uint8_t *f = from;

	for (size_t i = 0; i < n; i++)
		t[i] = f[i];
	return to;
}

void *memset(void *to, int value, size_t n)
{
	uint8_t *t = to;

	for (size_t i = 0; i < n; i++)
		t[i] = (uint8_t)value;
	return to;
}
