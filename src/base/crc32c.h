/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * CRC-32C (RFC 3720 §12.1: the polynomial of Castagnoli, reflected), incremental. Like sha256.h it
 * is shared by the loader and by the stub: no libc, no mutable data, and the caller knows what the
 * CPU can do and names the engine.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* The polynomial, reflected. */
#define CRC32C_POLYNOMIAL 0x82f63b78u

struct crc32c;

/* An engine takes bytes into the value; all engines give the same. */
typedef void crc32c_engine(struct crc32c *c, const uint8_t *p, size_t n);

crc32c_engine crc32c_portable; /* nothing but general registers */
crc32c_engine crc32c_sse42;    /* x86 with SSE4.2; works on general registers, whatever CR4 says */
crc32c_engine crc32c_crc32;    /* arm64 with FEAT_CRC32 */

struct crc32c {
	uint32_t value; /* inverted, as it is while bytes come */
	crc32c_engine *engine;
	/*
	 * Of the portable engine: [n][b] is what byte b adds to the value when n more bytes follow it.
	 * It is computed at the beginning, which is cheaper than 8 KiB more of stub to load and verify.
	 */
	uint32_t table[8][256];
};

void crc32c_begin(struct crc32c *c, crc32c_engine *engine);
void crc32c_update(struct crc32c *c, const uint8_t *p, size_t n);
uint32_t crc32c_end(const struct crc32c *c);
