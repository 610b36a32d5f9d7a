/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * CRC-32C with the instruction of SSE4.2 (Intel SDM volume 2, CRC32). It takes three cycles and a
 * new one starts every cycle, so three lanes of the bytes are worked on at once. Freestanding; only
 * a build for x86-64 has it.
 */
#include "base/crc32c.h"

#define SSE42 __attribute__((target("sse4.2")))

/* Bytes of one lane: so long that joining the lanes costs little. */
#define LANE 8192

/*
 * x to the power of 8 * LANE modulo the polynomial, the bits reflected: the factor that moves a
 * value over LANE zero bytes. The unit test computes it again, bit by bit.
 */
#define OVER_A_LANE 0x28461564u

/* The product of two polynomials modulo that of the CRC, bits reflected: bit 31 is x to the 0. */
static uint32_t multiply(uint32_t a, uint32_t b)
{
	uint32_t product = 0;

	for (int bit = 0; bit < 32; bit++) {
		product ^= b & (0 - (a >> 31));
		a <<= 1;
		b = b >> 1 ^ (CRC32C_POLYNOMIAL & (0 - (b & 1)));
	}
	return product;
}

static inline uint64_t eight_bytes(const uint8_t *p)
{
	uint64_t bytes;

	__builtin_memcpy(&bytes, p, sizeof(bytes));
	return bytes;
}

/* The next eight bytes of each lane, off bytes behind p. */
#define STEP(off)                                                                         \
	do {                                                                              \
		first = __builtin_ia32_crc32di(first, eight_bytes(p + (off)));            \
		second = __builtin_ia32_crc32di(second, eight_bytes(p + (off) + LANE));   \
		third = __builtin_ia32_crc32di(third, eight_bytes(p + (off) + 2 * LANE)); \
	} while (0)

SSE42 static uint32_t three_lanes(uint32_t value, const uint8_t *p)
{
	uint64_t first = value, second = 0, third = 0;

	for (const uint8_t *end = p + LANE; p < end; p += 64) {
		STEP(0);
		STEP(8);
		STEP(16);
		STEP(24);
		STEP(32);
		STEP(40);
		STEP(48);
		STEP(56);
	}
	second ^= multiply((uint32_t)first, OVER_A_LANE);
	return (uint32_t)third ^ multiply((uint32_t)second, OVER_A_LANE);
}

SSE42 void crc32c_sse42(struct crc32c *c, const uint8_t *p, size_t n)
{
	uint32_t value = c->value;
	uint64_t wide;

	for (; n >= 3 * LANE; n -= 3 * LANE, p += 3 * LANE)
		value = three_lanes(value, p);
	wide = value;
	for (; n >= 8; n -= 8, p += 8)
		wide = __builtin_ia32_crc32di(wide, eight_bytes(p));
	value = (uint32_t)wide;
	for (; n > 0; n--)
		value = __builtin_ia32_crc32qi(value, *p++);
	c->value = value;
}
