/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the engines of SHA-256 share: the constants and the round. Only base/sha256* includes it.
 */
#pragma once

#include "base/sha256.h"

/* FIPS 180-4 §4.2.2. */
extern const uint32_t sha256_constants[64];

static inline uint32_t sha256_rotate(uint32_t x, int n)
{
	return x >> n | x << (32 - n);
}

/*
 * The two sums of FIPS 180-4 §4.1.2, nested: ror 2, 13 and 22 of a is ror 2 of (a and ror 11 of
 * (a and ror 9 of a)), which needs one register and no copy per rotation.
 */
static inline uint32_t sha256_sum_a(uint32_t a)
{
	return sha256_rotate(sha256_rotate(sha256_rotate(a, 9) ^ a, 11) ^ a, 2);
}

static inline uint32_t sha256_sum_e(uint32_t e)
{
	return sha256_rotate(sha256_rotate(sha256_rotate(e, 14) ^ e, 5) ^ e, 6);
}

/*
 * One round; the caller renames the variables instead of moving them. Maj(a, b, c) is
 * b ^ ((a ^ b) & (b ^ c)), and this round's a ^ b (left in ab) is the next round's b ^ c.
 */
#define SHA256_ROUND(a, b, c, d, e, f, g, h, ab, bc, k_and_w)                     \
	do {                                                                      \
		(h) += (k_and_w) + sha256_sum_e(e) + ((g) ^ ((e) & ((f) ^ (g)))); \
		(d) += (h);                                                       \
		(ab) = (a) ^ (b);                                                 \
		(h) += sha256_sum_a(a) + ((b) ^ ((ab) & (bc)));                   \
		(bc) = (ab);                                                      \
	} while (0)
