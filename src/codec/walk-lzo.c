/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What lzop(1) writes, as far as lib/decompress_unlzo.c of Linux takes it: a header with a name, then
 * blocks of at most 256 KiB with one checksum each, and a size of zero.
 */
#include "codec/stream.h"
#include "codec/walk.h"

enum {
	BLOCK_MAX = 256 << 10,
	VERSION_WITH_LEVEL = 0x0940,
	HAS_FILTER = 0x800,
	CHECKSUM_SIZE = 4,
};

static struct stream_place place_at(struct view file, uint64_t at)
{
	return (struct stream_place){ "lzo", at, file.n };
}

static struct reader header_pass(struct view file, uint64_t at)
{
	enum { MAGIC_SIZE = 9, LIBRARY_AND_METHOD = 5, MODE_AND_TIME = 8 };
	struct reader r = reader_at(file, at + MAGIC_SIZE);
	bool has_level = reader_be16(&r) >= VERSION_WITH_LEVEL;

	reader_skip(&r, LIBRARY_AND_METHOD + has_level);
	if (reader_be32(&r) & HAS_FILTER)
		reader_skip(&r, 4);
	reader_skip(&r, MODE_AND_TIME + (has_level ? 4 : 0));
	reader_skip(&r, reader_u8(&r)); /* the name */
	reader_skip(&r, CHECKSUM_SIZE);
	return r;
}

bool walk_lzo(struct view file, uint64_t at, uint64_t *ret_end, struct error *err)
{
	static const uint8_t magic[] = { 0x89, 'L', 'Z', 'O', 0, '\r', '\n', 0x1a, '\n' };
	struct reader r = header_pass(file, at);

	if (r.overrun)
		return stream_ends_early(place_at(file, file.n), err);
	if (!view_starts_with(view_from(file, at), (struct view){ magic, sizeof magic }))
		return stream_damaged(place_at(file, at), "the magic number is wrong", err);
	for (;;) {
		uint64_t block = r.at;
		uint32_t unpacked = reader_be32(&r), packed;

		if (!r.overrun && unpacked == 0)
			break;
		packed = reader_be32(&r);
		if (!r.overrun && (unpacked > BLOCK_MAX || packed == 0 || packed > unpacked))
			return stream_damaged(
				place_at(file, block), "no block has these sizes", err);
		reader_skip(&r, CHECKSUM_SIZE);
		reader_skip(&r, packed);
		if (r.overrun)
			return stream_ends_early(place_at(file, file.n), err);
	}
	*ret_end = r.at;
	return true;
}
