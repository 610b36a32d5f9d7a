/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The legacy frames of lz4 (lz4_Frame_format.md, "Legacy frame"), which Linux kernels and initrds
 * use: a magic number, then blocks, each behind its packed size. Every block but the last unpacks
 * to 8 MiB. There is no end mark and no checksum, so the end is found by what cannot be a block.
 */
#include "codec/codecs.h"

#include <lz4.h>
#include <stdlib.h>

#include "codec/stream.h"

enum {
	WORD = 4, /* the magic number, and the size of a block */
	BLOCK_MAX = 8 << 20,
	EXPANSION_MAX = 255, /* a byte adds so many to a match's length at most */
	BLOCK_PACKED_MAX = LZ4_COMPRESSBOUND(BLOCK_MAX),
};

static const char name[] = "lz4-legacy";

struct legacy {
	struct view bytes;
	uint64_t at;
	uint8_t *block; /* BLOCK_MAX bytes */
	struct sink *sink;
};

static struct stream_place place_of(const struct legacy *l)
{
	return (struct stream_place){ name, l->at, l->bytes.n };
}

/*
 * Whether a block follows one of the full size: a magic number, zeros and most other things are no
 * size of a block. The word that kbuild appends is the size of what was unpacked; behind a full
 * block that can be a block's size only when it is 8 MiB, and then what is left decides.
 */
static bool block_follows(const struct legacy *l)
{
	struct reader r = reader_at(l->bytes, l->at);
	uint32_t size = reader_le32(&r);

	if (r.overrun || size == 0 || size > BLOCK_PACKED_MAX)
		return false;
	return size != BLOCK_MAX || size <= l->bytes.n - r.at;
}

/* Where it belongs; below zero where it cannot be, and why is another's to tell. */
static int unpack_in_place(struct sink *sink, struct view packed)
{
	const struct room room = sink_room(sink);
	const uint64_t most = min_u64((uint64_t)packed.n * EXPANSION_MAX, BLOCK_MAX);

	if (!room.n)
		return -1;
	sink_expect(sink, most);
	return LZ4_decompress_safe((const char *)packed.p, (char *)room.p, (int)packed.n,
		(int)min_u64(room.n, BLOCK_MAX));
}

static bool unpack_aside(
	const struct legacy *l, struct view packed, int *ret_made, struct error *err)
{
	int made = LZ4_decompress_safe(
		(const char *)packed.p, (char *)l->block, (int)packed.n, BLOCK_MAX);

	if (made < 0)
		return stream_damaged(place_of(l), "this block does not unpack", err);
	*ret_made = made;
	return sink_put(l->sink, (struct view){ l->block, (size_t)made }, err);
}

/* *ret_made: a block that is not full is the last one. */
static bool unpack_block(struct legacy *l, int *ret_made, struct error *err)
{
	struct reader r = reader_at(l->bytes, l->at);
	uint32_t size = reader_le32(&r);
	struct view packed;
	int made;

	if (r.overrun)
		return stream_ends_early(place_of(l), err);
	if (size == 0 || size > BLOCK_PACKED_MAX)
		return stream_damaged(place_of(l), "no block of lz4 has this size", err);
	packed = reader_bytes(&r, size);
	if (r.overrun)
		return stream_ends_early(place_of(l), err);
	made = unpack_in_place(l->sink, packed);
	if (made >= 0)
		sink_filled(l->sink, (size_t)made);
	else if (!unpack_aside(l, packed, &made, err))
		return false;
	l->at = r.at;
	sink_tell(l->sink, l->bytes.p + l->at);
	*ret_made = made;
	return true;
}

static bool unpack_frame(struct legacy *l, struct error *err)
{
	int made;

	l->at += WORD;
	do {
		if (!unpack_block(l, &made, err))
			return false;
	} while (made == BLOCK_MAX && block_follows(l));
	return true;
}

static void free_block(uint8_t **block)
{
	free(*block);
}

static bool legacy_unpack(
	struct view bytes, struct sink *sink, uint64_t *ret_used, struct error *err)
{
	__attribute__((cleanup(free_block))) uint8_t *block = malloc(BLOCK_MAX);
	struct legacy l = { .bytes = bytes, .block = block, .sink = sink };

	if (!block)
		return fail_no_memory(err);
	if (bytes.n <= 2 * WORD)
		return stream_ends_early(place_of(&l), err);
	if (!probe_lz4_legacy(bytes))
		return stream_damaged(place_of(&l), "the magic number is missing", err);
	do {
		if (!unpack_frame(&l, err))
			return false;
	} while (probe_lz4_legacy(view_from(bytes, l.at)));
	*ret_used = l.at;
	return true;
}

const struct codec codec_lz4_legacy = {
	.name = name,
	.probe = probe_lz4_legacy,
	.unpack = legacy_unpack,
};
