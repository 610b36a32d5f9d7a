/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * SHA-256: the portable engine, and the padding and cutting that all engines share. Freestanding.
 * The cost that counts here is instructions per byte: the stub runs before anything else does, on
 * one CPU, while the machine serves nobody.
 */
#include "base/sha256.h"

#include "base/sha256-blocks.h"

const uint32_t sha256_constants[64] = { 0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b,
	0x59f111f1, 0x923f82a4, 0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3,
	0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786, 0x0fc19dc6,
	0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d,
	0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85,
	0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
	0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585,
	0x106aa070, 0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a,
	0x5b9cca4f, 0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa,
	0xa4506ceb, 0xbef9a3f7, 0xc67178f2 };

/* Words are big-endian (FIPS 180-4 §3.1). */
static inline uint32_t word_get(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static inline void word_put(uint8_t *p, uint32_t word)
{
	p[0] = (uint8_t)(word >> 24);
	p[1] = (uint8_t)(word >> 16);
	p[2] = (uint8_t)(word >> 8);
	p[3] = (uint8_t)word;
}

/* The lower sums of FIPS 180-4 §4.1.2, nested like those of the rounds. */
static inline uint32_t sum_0(uint32_t w)
{
	return sha256_rotate(sha256_rotate(w, 11) ^ w, 7) ^ w >> 3;
}

static inline uint32_t sum_1(uint32_t w)
{
	return sha256_rotate(sha256_rotate(w, 2) ^ w, 17) ^ w >> 10;
}

/* FIPS 180-4 §6.2.2 step 1 in a ring of 16 words. */
#define SCHEDULE(w, t)    \
	((w)[(t) & 15] += \
		sum_0((w)[((t) + 1) & 15]) + (w)[((t) + 9) & 15] + sum_1((w)[((t) + 14) & 15]))

#define LOAD(w, t) ((w)[t] = word_get(p + 4 * (t)))

#define EIGHT(k, t, WORD)                                                            \
	SHA256_ROUND(a, b, c, d, e, f, g, h, x, y, WORD(w, (t) + 0) + (k)[(t) + 0]); \
	SHA256_ROUND(h, a, b, c, d, e, f, g, x, y, WORD(w, (t) + 1) + (k)[(t) + 1]); \
	SHA256_ROUND(g, h, a, b, c, d, e, f, x, y, WORD(w, (t) + 2) + (k)[(t) + 2]); \
	SHA256_ROUND(f, g, h, a, b, c, d, e, x, y, WORD(w, (t) + 3) + (k)[(t) + 3]); \
	SHA256_ROUND(e, f, g, h, a, b, c, d, x, y, WORD(w, (t) + 4) + (k)[(t) + 4]); \
	SHA256_ROUND(d, e, f, g, h, a, b, c, x, y, WORD(w, (t) + 5) + (k)[(t) + 5]); \
	SHA256_ROUND(c, d, e, f, g, h, a, b, x, y, WORD(w, (t) + 6) + (k)[(t) + 6]); \
	SHA256_ROUND(b, c, d, e, f, g, h, a, x, y, WORD(w, (t) + 7) + (k)[(t) + 7])

void sha256_portable(uint32_t state[8], const uint8_t *p, size_t blocks)
{
	const uint32_t *k = sha256_constants;
	uint32_t w[16];

	for (; blocks > 0; blocks--, p += SHA256_BLOCK) {
		uint32_t a = state[0], b = state[1], c = state[2], d = state[3];
		uint32_t e = state[4], f = state[5], g = state[6], h = state[7];
		uint32_t x, y = b ^ c;

		EIGHT(k, 0, LOAD);
		EIGHT(k, 8, LOAD);
		for (const uint32_t *q = k + 16; q < k + 64; q += 16) {
			EIGHT(q, 0, SCHEDULE);
			EIGHT(q, 8, SCHEDULE);
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

/* FIPS 180-4 §5.3.3. */
static const uint32_t first_state[8] = { 0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f,
	0x9b05688c, 0x1f83d9ab, 0x5be0cd19 };

void sha256_begin(struct sha256 *s, sha256_engine *engine)
{
	for (int i = 0; i < 8; i++)
		s->state[i] = first_state[i];
	s->bytes = 0;
	s->engine = engine;
}

void sha256_update(struct sha256 *s, const uint8_t *p, size_t n)
{
	size_t held = s->bytes % SHA256_BLOCK;
	size_t whole;

	s->bytes += n;
	if (held > 0) {
		for (; held < SHA256_BLOCK && n > 0; n--)
			s->pending[held++] = *p++;
		if (held < SHA256_BLOCK)
			return;
		s->engine(s->state, s->pending, 1);
	}
	whole = n / SHA256_BLOCK;
	if (whole > 0)
		s->engine(s->state, p, whole);
	p += whole * SHA256_BLOCK;
	for (size_t i = 0; i < n % SHA256_BLOCK; i++)
		s->pending[i] = p[i];
}

void sha256_end(struct sha256 *s, uint8_t ret[static SHA256_SIZE])
{
	/* FIPS 180-4 §5.1.1: a one bit, zeros up to the last 8 bytes of a block, the length in bits. */
	static const uint8_t padding[SHA256_BLOCK] = { 0x80 };
	uint64_t bits = s->bytes * 8;
	uint8_t length[8];

	word_put(length, (uint32_t)(bits >> 32));
	word_put(length + 4, (uint32_t)bits);
	sha256_update(s, padding,
		1 + (SHA256_BLOCK - 1 + SHA256_BLOCK - 8 - s->bytes % SHA256_BLOCK) % SHA256_BLOCK);
	sha256_update(s, length, sizeof(length));
	for (int i = 0; i < 8; i++)
		word_put(ret + 4 * i, s->state[i]);
}
