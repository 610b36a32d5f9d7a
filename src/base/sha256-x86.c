/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * SHA-256 on x86: with the SHA extension (Intel SDM volume 2, SHA256RNDS2 and its two
 * companions), and for CPUs without it with the message schedule in SSE2, which every x86-64 has.
 * Freestanding; only a build for x86 has it, and the caller has made sure that SSE may be used.
 */
#include "base/sha256-blocks.h"

#include <immintrin.h>

#define LOAD(p)     _mm_loadu_si128((const __m128i *)(const void *)(p))
#define STORE(p, v) _mm_storeu_si128((__m128i *)(void *)(p), v)
#define ADD(a, b)   _mm_add_epi32(a, b)
#define XOR(a, b)   _mm_xor_si128(a, b)
#define SSE2        __attribute__((target("sse2")))
#define SSE2_SMALL  static inline __attribute__((target("sse2"), always_inline))
#define SHA         __attribute__((target("sha,sse4.1")))

/*
 * With SSE2 the words of four blocks are prepared side by side, one block per lane: their schedules
 * do not depend on each other, while the rounds of a block need those of the block before.
 */
enum { LANES = 4 };

/*
 * The lower sums of FIPS 180-4 §4.1.2. SSE2 cannot rotate; the shifts to the right and those to the
 * left are nested apart, so that each costs one copy.
 */
SSE2_SMALL __m128i sum_0(__m128i w) /* ror 7 ^ ror 18 ^ shr 3 */
{
	__m128i right = XOR(_mm_srli_epi32(w, 11), w);
	__m128i left = XOR(_mm_slli_epi32(w, 11), w);

	right = XOR(_mm_srli_epi32(right, 4), w);
	return XOR(_mm_srli_epi32(right, 3), _mm_slli_epi32(left, 14));
}

SSE2_SMALL __m128i sum_1(__m128i w) /* ror 17 ^ ror 19 ^ shr 10 */
{
	__m128i right = XOR(_mm_srli_epi32(w, 2), w);
	__m128i left = XOR(_mm_slli_epi32(w, 2), w);

	right = XOR(_mm_srli_epi32(right, 7), w);
	return XOR(_mm_srli_epi32(right, 10), _mm_slli_epi32(left, 13));
}

/* Four words, each with its bytes turned round. */
SSE2_SMALL __m128i load_turned(const uint8_t *p)
{
	__m128i v = LOAD(p);

	v = _mm_or_si128(_mm_slli_epi16(v, 8), _mm_srli_epi16(v, 8));
	return _mm_shufflehi_epi16(_mm_shufflelo_epi16(v, 0xb1), 0xb1);
}

/* The words t to t + 3 of the four blocks: rows become columns. */
SSE2_SMALL void words_load(__m128i *w, const uint8_t *p)
{
	__m128i a = load_turned(p), b = load_turned(p + SHA256_BLOCK);
	__m128i c = load_turned(p + 2 * SHA256_BLOCK), d = load_turned(p + 3 * SHA256_BLOCK);
	__m128i ab = _mm_unpacklo_epi32(a, b), cd = _mm_unpacklo_epi32(c, d);

	w[0] = _mm_unpacklo_epi64(ab, cd);
	w[1] = _mm_unpackhi_epi64(ab, cd);
	ab = _mm_unpackhi_epi32(a, b);
	cd = _mm_unpackhi_epi32(c, d);
	w[2] = _mm_unpacklo_epi64(ab, cd);
	w[3] = _mm_unpackhi_epi64(ab, cd);
}

/* The words with their constants added: kw[t] are those of round t of the four blocks. */
SSE2 static void words_prepare(__m128i kw[64], const uint8_t *p)
{
	__m128i w[64];

	for (int t = 0; t < 16; t += 4)
		words_load(w + t, p + 4 * t);
	for (int t = 16; t < 64; t++)
		w[t] = ADD(ADD(w[t - 16], sum_0(w[t - 15])), ADD(w[t - 7], sum_1(w[t - 2])));
	for (int t = 0; t < 64; t += 4) {
		const __m128i k = LOAD(sha256_constants + t);

		kw[t] = ADD(w[t], _mm_shuffle_epi32(k, 0x00));
		kw[t + 1] = ADD(w[t + 1], _mm_shuffle_epi32(k, 0x55));
		kw[t + 2] = ADD(w[t + 2], _mm_shuffle_epi32(k, 0xaa));
		kw[t + 3] = ADD(w[t + 3], _mm_shuffle_epi32(k, 0xff));
	}
}

#define EIGHT(q)                                                    \
	SHA256_ROUND(a, b, c, d, e, f, g, h, x, y, (q)[0 * LANES]); \
	SHA256_ROUND(h, a, b, c, d, e, f, g, x, y, (q)[1 * LANES]); \
	SHA256_ROUND(g, h, a, b, c, d, e, f, x, y, (q)[2 * LANES]); \
	SHA256_ROUND(f, g, h, a, b, c, d, e, x, y, (q)[3 * LANES]); \
	SHA256_ROUND(e, f, g, h, a, b, c, d, x, y, (q)[4 * LANES]); \
	SHA256_ROUND(d, e, f, g, h, a, b, c, x, y, (q)[5 * LANES]); \
	SHA256_ROUND(c, d, e, f, g, h, a, b, x, y, (q)[6 * LANES]); \
	SHA256_ROUND(b, c, d, e, f, g, h, a, x, y, (q)[7 * LANES])

/* All rounds of one block, whose words are every fourth from kw on. */
static void rounds(uint32_t state[8], const uint32_t *kw)
{
	uint32_t a = state[0], b = state[1], c = state[2], d = state[3];
	uint32_t e = state[4], f = state[5], g = state[6], h = state[7];
	uint32_t x, y = b ^ c;

	for (const uint32_t *q = kw; q < kw + 64 * LANES; q += 16 * LANES) {
		EIGHT(q);
		EIGHT(q + 8 * LANES);
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

SSE2 void sha256_sse2(uint32_t state[8], const uint8_t *p, size_t blocks)
{
	union {
		__m128i vectors[64];
		uint32_t words[64 * LANES];
	} kw;

	for (; blocks >= LANES; blocks -= LANES, p += LANES * SHA256_BLOCK) {
		words_prepare(kw.vectors, p);
		for (int lane = 0; lane < LANES; lane++)
			rounds(state, kw.words + lane);
	}
	sha256_portable(state, p, blocks);
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
