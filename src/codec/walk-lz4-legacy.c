/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The legacy frames of lz4 as lib/decompress_unlz4.c of Linux walks them: blocks, each behind its size,
 * and other frames up to the end of the file, or up to a size of zero. There is no end mark, so that a cut
 * just between two blocks is not seen.
 */
#include "codec/stream.h"
#include "codec/walk.h"

enum {
	WORD = 4,
	MAGIC = 0x184c2102,
	BLOCK_MAX = 8 << 20,
	/* What does not pack grows by a byte in 255 and a few (LZ4_compressBound of lz4.h). */
	BLOCK_PACKED_MAX = BLOCK_MAX + BLOCK_MAX / 255 + 16,
};

static struct stream_place place_at(struct view file, uint64_t at)
{
	return (struct stream_place){ "lz4-legacy", at, file.n };
}

/* What is shorter than a size is not looked at by the decoder. */
static bool is_end(struct view file, uint64_t at)
{
	struct reader r = reader_at(file, at);

	return file.n - at < WORD || reader_le32(&r) == 0;
}

bool walk_lz4_legacy(struct view file, uint64_t at, uint64_t *ret_end, struct error *err)
{
	struct reader r = reader_at(file, at);

	if (reader_le32(&r) != MAGIC || r.overrun)
		return r.overrun
			? stream_ends_early(place_at(file, file.n), err)
			: stream_damaged(place_at(file, at), "the magic number is wrong", err);
	if (is_end(file, r.at))
		return stream_ends_early(place_at(file, r.at), err);
	while (!is_end(file, r.at)) {
		uint64_t block = r.at;
		uint32_t size = reader_le32(&r);

		if (size == MAGIC)
			continue;
		if (size > BLOCK_PACKED_MAX)
			return stream_damaged(
				place_at(file, block), "no block of lz4 has this size", err);
		reader_skip(&r, size);
		if (r.overrun)
			return stream_ends_early(place_at(file, file.n), err);
	}
	*ret_end = r.at;
	return true;
}
