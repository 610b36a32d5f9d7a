/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * CRC-32C with the instructions of FEAT_CRC32 (Arm ARM, CRC32CX and CRC32CB). Freestanding; only a
 * build for arm64 has it.
 */
#include <stdint.h>

#define CRC32C_TARGET

typedef uint64_t crc32c_word;

/*
 * Assembly instead of <arm_acle.h>: compilers disagree on how one function is given the extension.
 */
static inline uint64_t word_added(uint64_t value, uint64_t bytes)
{
	__asm__(".arch_extension crc\n\tcrc32cx %w0, %w0, %x1" : "+r"(value) : "r"(bytes));
	return value;
}

static inline uint32_t byte_added(uint32_t value, uint8_t byte)
{
	__asm__(".arch_extension crc\n\tcrc32cb %w0, %w0, %w1" : "+r"(value) : "r"(byte));
	return value;
}

#define CRC32C_WORD(value, bytes) word_added(value, bytes)
#define CRC32C_BYTE(value, byte)  byte_added(value, byte)

#include "base/crc32c-lanes.inc"

CRC32C_TARGET void crc32c_crc32(struct crc32c *c, const uint8_t *p, size_t n)
{
	crc32c_in_lanes(c, p, n);
}
