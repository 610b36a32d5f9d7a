/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * SHA-256 (FIPS 180-4), incremental. It is shared by the loader and by the stub between the
 * kernels: no libc, no mutable data, and it never asks the CPU what it can do. The caller knows
 * that and names the engine (see digest.h).
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

enum { SHA256_SIZE = 32, SHA256_BLOCK = 64 };

/* An engine takes whole blocks into a state; all engines give the same digest. */
typedef void sha256_engine(uint32_t state[8], const uint8_t *p, size_t blocks);

sha256_engine sha256_portable; /* nothing but general registers */
sha256_engine sha256_sse2;     /* x86 with its SSE state switched on */
sha256_engine sha256_sha;      /* the same and the SHA, SSSE3 and SSE4.1 extensions */
sha256_engine sha256_sha2;     /* arm64 with FEAT_SHA256, and its floating point switched on */

struct sha256 {
	uint32_t state[8];
	uint64_t bytes; /* so far */
	sha256_engine *engine;
	uint8_t pending[SHA256_BLOCK]; /* the first bytes % SHA256_BLOCK of it */
};

void sha256_begin(struct sha256 *s, sha256_engine *engine);
void sha256_update(struct sha256 *s, const uint8_t *p, size_t n);

/* The digest; s is used up. */
void sha256_end(struct sha256 *s, uint8_t ret[static SHA256_SIZE]);
