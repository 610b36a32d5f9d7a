/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * One digest over many pieces, as the loader writes it down and as the stub computes it again.
 * Both compile this code, so that they cannot disagree: no libc, no mutable data.
 */
#pragma once

#include "base/bytes.h"
#include "base/crc32c.h"
#include "base/sha256.h"

enum { DIGEST_SIZE = 32 };

/* The numbers are those of enum stub_check. */
enum digest_kind {
	DIGEST_NONE = 0, /* all bytes zero */
	DIGEST_SHA256 = 1,
	DIGEST_CRC32C = 2, /* its four bytes, lowest first, then zeros */
};

/* Who computes. */
struct digest_engines {
	sha256_engine *sha256;
	crc32c_engine *crc32c;
};

/* The fastest that the running CPU has; what they need of its control registers is on. */
struct digest_engines digest_engines_of_cpu(void);

struct digest {
	enum digest_kind kind;
	struct sha256 sha256;
	struct crc32c crc32c;
};

void digest_begin(struct digest *d, enum digest_kind kind);
void digest_begin_with(struct digest *d, enum digest_kind kind, struct digest_engines engines);
void digest_add(struct digest *d, struct view bytes);

/* The digest; d is used up. */
void digest_end(struct digest *d, uint8_t ret[static DIGEST_SIZE]);
