/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * SHA-256 with the instructions of FEAT_SHA256 (Arm ARM, SHA256H and its three companions).
 * Freestanding; only a build for arm64 has it, and the caller has made sure that the registers of
 * floating point may be used.
 */
#include "base/sha256-blocks.h"

#include <arm_neon.h>

/* Assembly instead of intrinsics: compilers disagree on how one function is given the extension. */
#define SHA2(instruction, result, first, second) \
	__asm__(".arch_extension sha2\n\t" instruction : "+w"(result) : "w"(first), "w"(second))

/* Four rounds with four words of the schedule. */
#define FOUR_ROUNDS(abcd, efgh, w, k)                               \
	do {                                                        \
		const uint32x4_t kw_ = vaddq_u32(w, vld1q_u32(k));  \
		const uint32x4_t abcd_ = (abcd);                    \
		SHA2("sha256h %q0, %q1, %2.4s", abcd, efgh, kw_);   \
		SHA2("sha256h2 %q0, %q1, %2.4s", efgh, abcd_, kw_); \
	} while (0)

/* The next four words of the schedule, from the 16 before them in order w0..w3; they replace w0. */
static inline uint32x4_t next_words(uint32x4_t w0, uint32x4_t w1, uint32x4_t w2, uint32x4_t w3)
{
	__asm__(".arch_extension sha2\n\tsha256su0 %0.4s, %1.4s" : "+w"(w0) : "w"(w1));
	SHA2("sha256su1 %0.4s, %1.4s, %2.4s", w0, w2, w3);
	return w0;
}

#define NEXT_WORDS(w0, w1, w2, w3) ((w0) = next_words(w0, w1, w2, w3))

static inline uint32x4_t big_endian(const uint8_t *p)
{
	return vreinterpretq_u32_u8(vrev32q_u8(vld1q_u8(p)));
}

void sha256_sha2(uint32_t state[8], const uint8_t *p, size_t blocks)
{
	const uint32_t *k = sha256_constants;
	uint32x4_t abcd = vld1q_u32(state), efgh = vld1q_u32(state + 4);

	for (; blocks > 0; blocks--, p += SHA256_BLOCK) {
		const uint32x4_t abcd_before = abcd, efgh_before = efgh;
		uint32x4_t w0 = big_endian(p), w1 = big_endian(p + 16);
		uint32x4_t w2 = big_endian(p + 32), w3 = big_endian(p + 48);

		FOUR_ROUNDS(abcd, efgh, w0, k);
		FOUR_ROUNDS(abcd, efgh, w1, k + 4);
		FOUR_ROUNDS(abcd, efgh, w2, k + 8);
		FOUR_ROUNDS(abcd, efgh, w3, k + 12);
		for (int t = 16; t < 64; t += 16) {
			FOUR_ROUNDS(abcd, efgh, NEXT_WORDS(w0, w1, w2, w3), k + t);
			FOUR_ROUNDS(abcd, efgh, NEXT_WORDS(w1, w2, w3, w0), k + t + 4);
			FOUR_ROUNDS(abcd, efgh, NEXT_WORDS(w2, w3, w0, w1), k + t + 8);
			FOUR_ROUNDS(abcd, efgh, NEXT_WORDS(w3, w0, w1, w2), k + t + 12);
		}
		abcd = vaddq_u32(abcd, abcd_before);
		efgh = vaddq_u32(efgh, efgh_before);
	}
	vst1q_u32(state, abcd);
	vst1q_u32(state + 4, efgh);
}
