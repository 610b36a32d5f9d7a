/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * CRC-32C with the instruction of SSE4.2 (Intel SDM volume 2, CRC32). Freestanding; only a build
 * for x86 has it. A 32-bit one takes four bytes at once.
 */
#include <stdint.h>

#define CRC32C_TARGET __attribute__((target("sse4.2")))

#if defined(__x86_64__)
typedef uint64_t crc32c_word;
#define CRC32C_WORD(value, bytes) __builtin_ia32_crc32di(value, bytes)
#else
typedef uint32_t crc32c_word;
#define CRC32C_WORD(value, bytes) __builtin_ia32_crc32si(value, bytes)
#endif
#define CRC32C_BYTE(value, byte) __builtin_ia32_crc32qi(value, byte)

#include "base/crc32c-lanes.inc"

CRC32C_TARGET void crc32c_sse42(struct crc32c *c, const uint8_t *p, size_t n)
{
	crc32c_in_lanes(c, p, n);
}
