/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * CRC-32C: the portable engine, eight bytes at a time through tables. Freestanding; it knows
 * nothing of the CPU.
 */
#include "base/crc32c.h"

static void tables_fill(uint32_t table[8][256])
{
	for (uint32_t byte = 0; byte < 256; byte++) {
		uint32_t value = byte;

		for (int bit = 0; bit < 8; bit++)
			value = value >> 1 ^ (CRC32C_POLYNOMIAL & (0 - (value & 1)));
		table[0][byte] = value;
	}
	for (int n = 1; n < 8; n++)
		for (int byte = 0; byte < 256; byte++)
			table[n][byte] =
				table[n - 1][byte] >> 8 ^ table[0][table[n - 1][byte] & 0xff];
}

static inline uint32_t word_get(const uint8_t *p)
{
	return (uint32_t)p[3] << 24 | (uint32_t)p[2] << 16 | (uint32_t)p[1] << 8 | p[0];
}

void crc32c_portable(struct crc32c *c, const uint8_t *p, size_t n)
{
	uint32_t value = c->value;

	for (; n >= 8; n -= 8, p += 8) {
		uint32_t low = value ^ word_get(p);
		uint32_t high = word_get(p + 4);

		value = c->table[7][low & 0xff] ^ c->table[6][low >> 8 & 0xff] ^
			c->table[5][low >> 16 & 0xff] ^ c->table[4][low >> 24] ^
			c->table[3][high & 0xff] ^ c->table[2][high >> 8 & 0xff] ^
			c->table[1][high >> 16 & 0xff] ^ c->table[0][high >> 24];
	}
	for (; n > 0; n--)
		value = value >> 8 ^ c->table[0][(value ^ *p++) & 0xff];
	c->value = value;
}

void crc32c_begin(struct crc32c *c, crc32c_engine *engine)
{
	c->value = ~0u;
	c->engine = engine;
	if (engine == crc32c_portable)
		tables_fill(c->table);
}

void crc32c_update(struct crc32c *c, const uint8_t *p, size_t n)
{
	c->engine(c, p, n);
}

uint32_t crc32c_end(const struct crc32c *c)
{
	return ~c->value;
}
