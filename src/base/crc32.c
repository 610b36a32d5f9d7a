/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/crc32.h"

uint32_t crc32_of(struct view bytes)
{
	const uint32_t polynomial = 0xedb88320; /* reflected */
	uint32_t value = UINT32_MAX;

	for (size_t i = 0; i < bytes.n; i++) {
		value ^= bytes.p[i];
		for (int bit = 0; bit < 8; bit++)
			value = value >> 1 ^ (value & 1 ? polynomial : 0);
	}
	return ~value;
}
