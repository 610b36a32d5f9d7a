/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Arithmetic on numbers that came from outside: false instead of a wrap-around. Alignments are
 * powers of two.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#define KiB(n) ((uint64_t)(n) << 10)
#define MiB(n) ((uint64_t)(n) << 20)
#define GiB(n) ((uint64_t)(n) << 30)
#define TiB(n) ((uint64_t)(n) << 40)

static inline bool ck_add(uint64_t a, uint64_t b, uint64_t *ret)
{
	return !__builtin_add_overflow(a, b, ret);
}

static inline bool ck_mul(uint64_t a, uint64_t b, uint64_t *ret)
{
	return !__builtin_mul_overflow(a, b, ret);
}

static inline bool is_power_of_two(uint64_t n)
{
	return n != 0 && (n & (n - 1)) == 0;
}

static inline uint64_t align_down(uint64_t n, uint64_t align)
{
	return n & ~(align - 1);
}

/* False when the next multiple does not fit into 64 bits. */
static inline bool ck_align_up(uint64_t n, uint64_t align, uint64_t *ret)
{
	uint64_t sum;

	if (!ck_add(n, align - 1, &sum))
		return false;
	*ret = align_down(sum, align);
	return true;
}

static inline uint64_t min_u64(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

static inline uint64_t max_u64(uint64_t a, uint64_t b)
{
	return a > b ? a : b;
}
