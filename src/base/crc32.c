/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/crc32.h"

enum { BYTE_BITS = 8, BYTES = 1 << BYTE_BITS };

static void fill(uint32_t table[BYTES])
{
	const uint32_t polynomial = 0xedb88320; /* reflected */

	for (uint32_t byte = 0; byte < BYTES; byte++) {
		table[byte] = byte;
		for (int bit = 0; bit < BYTE_BITS; bit++)
			table[byte] = table[byte] >> 1 ^ (table[byte] & 1 ? polynomial : 0);
	}
}

uint32_t crc32_of(struct view bytes)
{
	uint32_t table[BYTES], value = UINT32_MAX;

	fill(table);
	for (size_t i = 0; i < bytes.n; i++)
		value = value >> BYTE_BITS ^ table[(value ^ bytes.p[i]) % BYTES];
	return ~value;
}
