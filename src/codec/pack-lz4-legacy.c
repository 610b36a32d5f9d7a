/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * One legacy frame of lz4 (lz4_Frame_format.md, "Legacy frame") by liblz4: the magic number, then
 * blocks of 8 MiB, each behind its packed size; only the last one may hold less.
 */
#include "codec/pack-formats.h"

#include <lz4.h>
#include <stdlib.h>
#include <string.h>

enum {
	WORD = 4,
	BLOCK_MAX = 8 << 20,
	PACKED_MAX = LZ4_COMPRESSBOUND(BLOCK_MAX),
};

struct legacy {
	uint8_t block[BLOCK_MAX];
	size_t held; /* of block */
	bool begun;  /* the magic number is out, and a block */
	uint8_t packed[2 * WORD + PACKED_MAX];
};

static void *legacy_open(void)
{
	struct legacy *l = malloc(sizeof *l);

	if (l) {
		l->held = 0;
		l->begun = false;
	}
	return l;
}

static bool put_block(struct legacy *l, struct sink *to, struct error *err)
{
	struct block out = { l->packed, sizeof l->packed, false };
	size_t at = 0;
	int n;

	if (!l->begun) {
		block_put_le32(&out, 0, 0x184c2102);
		at += WORD;
	}
	n = LZ4_compress_default(
		(const char *)l->block, (char *)l->packed + at + WORD, (int)l->held, PACKED_MAX);
	if (n <= 0)
		return fail(err, FAULT_INTERNAL, "lz4 does not pack %zu bytes", l->held);
	block_put_le32(&out, at, (uint32_t)n);
	l->begun = true;
	l->held = 0;
	return sink_put(to, (struct view){ l->packed, at + WORD + (size_t)n }, err);
}

static bool legacy_put(void *state, struct view piece, struct sink *to, struct error *err)
{
	struct legacy *l = state;

	while (piece.n) {
		struct view part = view_first(piece, BLOCK_MAX - l->held);

		memcpy(l->block + l->held, part.p, part.n);
		l->held += part.n;
		piece = view_from(piece, part.n);
		if (l->held == BLOCK_MAX && !put_block(l, to, err))
			return false;
	}
	return true;
}

/* Linux reads a block's size behind the magic number without asking whether there is one. */
static bool legacy_end(void *state, struct sink *to, struct error *err)
{
	struct legacy *l = state;

	return l->begun && !l->held ? true : put_block(l, to, err);
}

const struct pack_ops pack_lz4_legacy = {
	.open = legacy_open,
	.close = free,
	.put = legacy_put,
	.end = legacy_end,
};
