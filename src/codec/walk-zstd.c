/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A frame of zstd (RFC 8878, section 3.1.1): its header, then blocks, each behind its size. */
#include "codec/stream.h"
#include "codec/walk.h"

enum {
	MAGIC_SIZE = 4,
	BLOCK_HEADER = 3,
	BLOCK_SIZE_MAX = 128 << 10,
	CHECKSUM_SIZE = 4,
};

struct frame {
	uint64_t blocks; /* where the first one is */
	uint64_t window;
	bool has_checksum;
};

static struct stream_place place_at(struct view file, uint64_t at)
{
	return (struct stream_place){ "zstd", at, file.n };
}

static uint64_t field_read(struct reader *r, unsigned width)
{
	uint64_t value = 0;

	for (unsigned i = 0; i < width; i++)
		value |= (uint64_t)reader_u8(r) << 8 * i;
	return value;
}

static uint64_t window_of(uint8_t descriptor)
{
	uint64_t base = 1ull << (10 + (descriptor >> 3));

	return base + base / 8 * (descriptor & 7);
}

static bool frame_read(struct view file, uint64_t at, struct frame *ret, struct error *err)
{
	static const uint8_t dictionary_widths[] = { 0, 1, 2, 4 };
	static const uint8_t content_widths[] = { 0, 2, 4, 8 };
	struct reader r = reader_at(file, at + MAGIC_SIZE);
	uint8_t flags = reader_u8(&r);
	bool is_single = flags & 0x20;
	unsigned content_width = content_widths[flags >> 6];
	uint64_t window = 0, content;

	if (is_single && content_width == 0)
		content_width = 1;
	if (!is_single)
		window = window_of(reader_u8(&r));
	reader_skip(&r, dictionary_widths[flags & 3]);
	content = field_read(&r, content_width) + (content_width == 2 ? 256 : 0);
	if (r.overrun)
		return stream_ends_early(place_at(file, file.n), err);
	if (!view_has_at(file, at, "\x28\xb5\x2f\xfd"))
		return stream_damaged(place_at(file, at), "the magic number is wrong", err);
	if (flags & 0x08)
		return stream_damaged(place_at(file, at), "a reserved bit is set", err);
	*ret = (struct frame){ r.at, is_single ? content : window, flags & 0x04 };
	return true;
}

struct packed_block {
	uint64_t most; /* bytes that it unpacks to */
	bool is_last;
};

/* The block at *at, which is passed over. */
static bool block_pass(struct view file, uint64_t *at, struct packed_block *ret, struct error *err)
{
	enum { RAW, RLE, COMPRESSED, RESERVED };
	struct reader r = reader_at(file, *at);
	uint64_t header = field_read(&r, BLOCK_HEADER), size = header >> 3;
	unsigned kind = header >> 1 & 3;

	if (r.overrun)
		return stream_ends_early(place_at(file, file.n), err);
	if (kind == RESERVED || size > BLOCK_SIZE_MAX)
		return stream_damaged(place_at(file, *at), "it is no header of a block", err);
	reader_skip(&r, kind == RLE ? 1 : size);
	if (r.overrun)
		return stream_ends_early(place_at(file, file.n), err);
	*at = r.at;
	*ret = (struct packed_block){ kind == COMPRESSED ? BLOCK_SIZE_MAX : size, header & 1 };
	return true;
}

bool walk_zstd(struct view file, uint64_t at, uint64_t *ret_end, struct error *err)
{
	struct frame frame = { 0 };
	struct packed_block block = { 0 };
	uint64_t end;

	if (!frame_read(file, at, &frame, err))
		return false;
	/* Of a decoder whose limit is not raised: ZSTD_WINDOWLOG_LIMIT_DEFAULT, and one byte. */
	if (frame.window > STREAM_WINDOW_MAX + 1)
		return fail(err, FAULT_INITRD_PACKING,
			"the zstd data at byte %llu needs a window of %llu bytes; Linux has 128 MiB",
			(unsigned long long)at, (unsigned long long)frame.window);
	end = frame.blocks;
	while (!block.is_last)
		if (!block_pass(file, &end, &block, err))
			return false;
	end += frame.has_checksum ? CHECKSUM_SIZE : 0;
	if (end > file.n)
		return stream_ends_early(place_at(file, file.n), err);
	*ret_end = end;
	return true;
}

uint64_t walk_zstd_most(struct view frame)
{
	struct error ignored = { 0 };
	struct frame header = { 0 };
	struct packed_block block = { 0 };
	uint64_t at, most = 0;

	if (!frame_read(frame, 0, &header, &ignored))
		return 0;
	for (at = header.blocks; !block.is_last; most += block.most)
		if (!block_pass(frame, &at, &block, &ignored))
			return 0;
	return most;
}
