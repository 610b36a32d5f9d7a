/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * SHA-256 on x86-64: with the SHA extension (Intel SDM volume 2, SHA256RNDS2 and its two
 * companions), and for CPUs without it with the message schedule in SSE2, which every x86-64 has.
 * Freestanding; only a build for x86-64 has it, and the caller has made sure that SSE may be used.
 */
#include "base/sha256-blocks.h"

#include <immintrin.h>

#define LOAD(p)     _mm_loadu_si128((const __m128i *)(const void *)(p))
#define STORE(p, v) _mm_storeu_si128((__m128i *)(void *)(p), v)
#define ADD(a, b)   _mm_add_epi32(a, b)
#define SSE2        __attribute__((target("sse2")))
#define SSE2_SMALL  static inline __attribute__((target("sse2"), always_inline))
#define SHA         __attribute__((target("sha,sse4.1")))

/*
 * The lower sum of FIPS 180-4 §4.1.2, ror 7 ^ ror 18 ^ shr 3, for four words. SSE2 cannot rotate;
 * the shifts to the right and those to the left are nested apart.
 */
SSE2_SMALL __m128i sum_0(__m128i w)
{
	__m128i right = _mm_xor_si128(_mm_srli_epi32(w, 11), w);
	__m128i left = _mm_xor_si128(_mm_slli_epi32(w, 11), w);

	right = _mm_srli_epi32(_mm_xor_si128(_mm_srli_epi32(right, 4), w), 3);
	return _mm_xor_si128(right, _mm_slli_epi32(left, 14));
}

/*
 * The upper sum, ror 17 ^ ror 19 ^ shr 10, of two words that are given twice each, so that a shift
 * of 64 bits rotates 32: (shr 17 ^ shr 19 ^ shr 42), nested. The result is in lanes 0 and 2.
 */
SSE2_SMALL __m128i sum_1(__m128i ww)
{
	__m128i sum = _mm_xor_si128(_mm_srli_epi64(ww, 23), ww);

	return _mm_srli_epi64(_mm_xor_si128(_mm_srli_epi64(sum, 2), ww), 17);
}

/* Words t..t+3 from the 16 before them (FIPS 180-4 §6.2.2 step 1); the last two need the first. */
SSE2_SMALL __m128i schedule(const uint32_t *w)
{
	__m128i sum = ADD(ADD(LOAD(w - 16), LOAD(w - 7)), sum_0(LOAD(w - 15)));
	__m128i before = sum_1(_mm_shuffle_epi32(LOAD(w - 4), 0xfa));
	const __m128i low = _mm_set_epi32(0, 0, -1, -1);

	sum = ADD(sum, _mm_and_si128(_mm_shuffle_epi32(before, 0xe8), low));
	before = sum_1(_mm_shuffle_epi32(sum, 0x50));
	return ADD(sum, _mm_andnot_si128(low, _mm_shuffle_epi32(before, 0x80)));
}

SSE2 static void words_prepare(uint32_t w[64], uint32_t kw[64], const uint8_t *p)
{
	for (int t = 0; t < 16; t++) {
		uint32_t word;

		__builtin_memcpy(&word, p + 4 * t, 4);
		w[t] = __builtin_bswap32(word);
	}
	for (int t = 0; t < 16; t += 4)
		STORE(kw + t, ADD(LOAD(w + t), LOAD(sha256_constants + t)));
	for (int t = 16; t < 64; t += 4) {
		__m128i four = schedule(w + t);

		STORE(w + t, four);
		STORE(kw + t, ADD(four, LOAD(sha256_constants + t)));
	}
}

SSE2 void sha256_sse2(uint32_t state[8], const uint8_t *p, size_t blocks)
{
	_Alignas(16) uint32_t w[64], kw[64];

	for (; blocks > 0; blocks--, p += SHA256_BLOCK) {
		uint32_t a = state[0], b = state[1], c = state[2], d = state[3];
		uint32_t e = state[4], f = state[5], g = state[6], h = state[7];
		uint32_t x, y = b ^ c;

		words_prepare(w, kw, p);
		for (const uint32_t *q = kw; q < kw + 64; q += 8) {
			SHA256_ROUND(a, b, c, d, e, f, g, h, x, y, q[0]);
			SHA256_ROUND(h, a, b, c, d, e, f, g, x, y, q[1]);
			SHA256_ROUND(g, h, a, b, c, d, e, f, x, y, q[2]);
			SHA256_ROUND(f, g, h, a, b, c, d, e, x, y, q[3]);
			SHA256_ROUND(e, f, g, h, a, b, c, d, x, y, q[4]);
			SHA256_ROUND(d, e, f, g, h, a, b, c, x, y, q[5]);
			SHA256_ROUND(c, d, e, f, g, h, a, b, x, y, q[6]);
			SHA256_ROUND(b, c, d, e, f, g, h, a, x, y, q[7]);
		}
		state[0] += a;
		state[1] += b;
		state[2] += c;
		state[3] += d;
		state[4] += e;
		state[5] += f;
		state[6] += g;
		state[7] += h;
	}
}

/* Four rounds: the instruction does two with the low half of its third operand. */
#define FOUR_ROUNDS(abef, cdgh, kw)                                \
	do {                                                       \
		__m128i four_ = (kw);                              \
		(cdgh) = _mm_sha256rnds2_epu32(cdgh, abef, four_); \
		four_ = _mm_shuffle_epi32(four_, 0x0e);            \
		(abef) = _mm_sha256rnds2_epu32(abef, cdgh, four_); \
	} while (0)

/* The next four words of the schedule, from the 16 before them in order w0..w3; replaces w0. */
#define NEXT_WORDS(w0, w1, w2, w3)    \
	((w0) = _mm_sha256msg2_epu32( \
	         ADD(_mm_sha256msg1_epu32(w0, w1), _mm_alignr_epi8(w3, w2, 4)), w3))

SHA void sha256_sha(uint32_t state[8], const uint8_t *p, size_t blocks)
{
	const __m128i big_endian = _mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203);
	const uint32_t *k = sha256_constants;
	/* The instructions want the words as {f, e, b, a} and {h, g, d, c}, lowest lane first. */
	__m128i badc = _mm_shuffle_epi32(LOAD(state), 0xb1);
	__m128i hgfe = _mm_shuffle_epi32(LOAD(state + 4), 0x1b);
	__m128i abef = _mm_alignr_epi8(badc, hgfe, 8);
	__m128i cdgh = _mm_blend_epi16(hgfe, badc, 0xf0);

	for (; blocks > 0; blocks--, p += SHA256_BLOCK) {
		const __m128i abef_before = abef, cdgh_before = cdgh;
		__m128i w0 = _mm_shuffle_epi8(LOAD(p), big_endian);
		__m128i w1 = _mm_shuffle_epi8(LOAD(p + 16), big_endian);
		__m128i w2 = _mm_shuffle_epi8(LOAD(p + 32), big_endian);
		__m128i w3 = _mm_shuffle_epi8(LOAD(p + 48), big_endian);

		FOUR_ROUNDS(abef, cdgh, ADD(w0, LOAD(k)));
		FOUR_ROUNDS(abef, cdgh, ADD(w1, LOAD(k + 4)));
		FOUR_ROUNDS(abef, cdgh, ADD(w2, LOAD(k + 8)));
		FOUR_ROUNDS(abef, cdgh, ADD(w3, LOAD(k + 12)));
		for (int t = 16; t < 64; t += 16) {
			FOUR_ROUNDS(abef, cdgh, ADD(NEXT_WORDS(w0, w1, w2, w3), LOAD(k + t)));
			FOUR_ROUNDS(abef, cdgh, ADD(NEXT_WORDS(w1, w2, w3, w0), LOAD(k + t + 4)));
			FOUR_ROUNDS(abef, cdgh, ADD(NEXT_WORDS(w2, w3, w0, w1), LOAD(k + t + 8)));
			FOUR_ROUNDS(abef, cdgh, ADD(NEXT_WORDS(w3, w0, w1, w2), LOAD(k + t + 12)));
		}
		abef = ADD(abef, abef_before);
		cdgh = ADD(cdgh, cdgh_before);
	}
	badc = _mm_shuffle_epi32(abef, 0x1b); /* now {a, b, e, f} */
	hgfe = _mm_shuffle_epi32(cdgh, 0xb1); /* now {g, h, c, d} */
	STORE(state, _mm_blend_epi16(badc, hgfe, 0xf0));
	STORE(state + 4, _mm_alignr_epi8(hgfe, badc, 8));
}
