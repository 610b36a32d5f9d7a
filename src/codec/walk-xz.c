/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A stream of xz ("The .xz File Format", 1.2.1): header, blocks, index, footer. A block that does not
 * tell its size is walked by the chunks of LZMA2, whose headers do.
 */
#include "base/crc32.h"
#include "codec/stream.h"
#include "codec/walk.h"

enum {
	HEADER_SIZE = 12, /* of a stream; its footer's as well */
	CRC_SIZE = 4,
	ALIGN = 4,
	VLI_BYTES_MAX = 9,
	FILTER_LZMA2 = 0x21,
	CHECK_CRC32 = 1,
};

struct xz {
	struct view file;
	struct reader r;
	uint8_t check; /* the stream's kind of it */
};

static bool damaged(const struct xz *x, uint64_t at, const char *why, struct error *err)
{
	return stream_damaged((struct stream_place){ "xz", at, x->file.n }, why, err);
}

static bool ends_early(const struct xz *x, struct error *err)
{
	return stream_ends_early((struct stream_place){ "xz", x->file.n, x->file.n }, err);
}

/* A number of the format; one that is too long is UINT64_MAX, which nothing has room for. */
static uint64_t vli_read(struct reader *r)
{
	uint64_t value = 0;

	for (unsigned i = 0; i < VLI_BYTES_MAX; i++) {
		uint8_t byte = reader_u8(r);

		value |= (uint64_t)(byte & 0x7f) << 7 * i;
		if (!(byte & 0x80))
			return value;
	}
	return UINT64_MAX;
}

/* Whether the CRC32 of size bytes stands behind them. */
static bool crc_is_right(struct view file, uint64_t at, uint64_t size)
{
	struct reader r = reader_at(file, at + size);
	uint32_t stated = reader_le32(&r);
	struct view bytes;

	return view_sub(file, at, size, &bytes) && !r.overrun && crc32_of(bytes) == stated;
}

static bool stream_header_pass(struct xz *x, struct error *err)
{
	enum { MAGIC_SIZE = 6, FLAGS_SIZE = 2 };
	uint64_t at = x->r.at;
	uint8_t zero;

	reader_skip(&x->r, MAGIC_SIZE);
	zero = reader_u8(&x->r);
	x->check = reader_u8(&x->r);
	reader_skip(&x->r, CRC_SIZE);
	if (x->r.overrun)
		return ends_early(x, err);
	if (!view_has_at(x->file, at, "\xfd\x37zXZ") || x->file.p[at + MAGIC_SIZE - 1] != 0)
		return damaged(x, at, "the magic number is wrong", err);
	if (!crc_is_right(x->file, at + MAGIC_SIZE, FLAGS_SIZE) || zero != 0)
		return damaged(x, at, "the checksum of the header is wrong", err);
	/* dec_stream_header in lib/xz/xz_dec_stream.c. */
	if (x->check > CHECK_CRC32)
		return fail(err, FAULT_INITRD_PACKING,
			"the xz data at byte %llu has a check that Linux does not know; it knows crc32 and none "
			"(xz --check=crc32)",
			(unsigned long long)at);
	return true;
}

/* The chunks of LZMA2 up to their end mark. */
static bool chunks_pass(struct xz *x, struct error *err)
{
	enum { END = 0, PLAIN_MAX = 2, PACKED_MIN = 0x80, WITH_PROPERTIES = 0xc0 };

	for (;;) {
		uint64_t at = x->r.at;
		uint8_t control = reader_u8(&x->r);

		if (x->r.overrun)
			return ends_early(x, err);
		if (control == END)
			return true;
		if (control > PLAIN_MAX && control < PACKED_MIN)
			return damaged(x, at, "it is no chunk of LZMA2", err);
		if (control >= PACKED_MIN)
			reader_skip(&x->r, 2);
		reader_skip(&x->r, reader_be16(&x->r) + 1u + (control >= WITH_PROPERTIES));
	}
}

static void padding_pass(struct xz *x, uint64_t from)
{
	reader_skip(&x->r, -(x->r.at - from) % ALIGN);
}

/* The header of a block whose first byte is size_byte; *ret_packed is 0 where it does not tell. */
static bool block_header_pass(
	struct xz *x, uint8_t size_byte, uint64_t *ret_packed, struct error *err)
{
	enum { FILTERS = 3, HAS_PACKED = 0x40, HAS_UNPACKED = 0x80 };
	uint64_t at = x->r.at - 1, size = (size_byte + 1ull) * 4, filter = 0;
	struct reader r = x->r;
	uint8_t flags = reader_u8(&r);

	reader_skip(&x->r, size - 1);
	if (x->r.overrun)
		return ends_early(x, err);
	if (!crc_is_right(x->file, at, size - CRC_SIZE))
		return damaged(x, at, "the checksum of a block's header is wrong", err);
	*ret_packed = flags & HAS_PACKED ? vli_read(&r) : 0;
	if (flags & HAS_UNPACKED)
		vli_read(&r);
	for (unsigned i = 0; i <= (flags & FILTERS); i++) {
		filter = vli_read(&r);
		reader_skip(&r, vli_read(&r));
	}
	if (r.overrun || filter != FILTER_LZMA2)
		return damaged(x, at, "the last filter of a block is not LZMA2", err);
	return true;
}

static bool block_pass(struct xz *x, uint8_t size_byte, struct error *err)
{
	uint64_t packed = 0, data;

	if (!block_header_pass(x, size_byte, &packed, err))
		return false;
	data = x->r.at;
	if (packed)
		reader_skip(&x->r, packed);
	else if (!chunks_pass(x, err))
		return false;
	padding_pass(x, data);
	reader_skip(&x->r, x->check == CHECK_CRC32 ? CRC_SIZE : 0);
	return x->r.overrun ? ends_early(x, err) : true;
}

/* Its first byte, zero, is read. */
static bool index_pass(struct xz *x, struct error *err)
{
	uint64_t at = x->r.at - 1, records = vli_read(&x->r);

	for (; records && !x->r.overrun; records--) {
		vli_read(&x->r);
		vli_read(&x->r);
	}
	padding_pass(x, at);
	if (x->r.overrun)
		return ends_early(x, err);
	if (!crc_is_right(x->file, at, x->r.at - at))
		return damaged(x, at, "the checksum of the index is wrong", err);
	reader_skip(&x->r, CRC_SIZE);
	return true;
}

static bool footer_pass(struct xz *x, uint64_t index_size, struct error *err)
{
	uint64_t at = x->r.at;
	struct reader r = reader_at(x->file, at + CRC_SIZE);
	uint32_t stated = reader_le32(&r);

	reader_skip(&x->r, HEADER_SIZE);
	if (x->r.overrun)
		return ends_early(x, err);
	if (!view_has_at(x->file, at + HEADER_SIZE - 2, "YZ") || (stated + 1ull) * 4 != index_size)
		return damaged(x, at, "it is no footer of this stream", err);
	return true;
}

bool walk_xz(struct view file, uint64_t at, uint64_t *ret_end, struct error *err)
{
	struct xz x = { file, reader_at(file, at), 0 };
	uint64_t index = 0;

	if (!stream_header_pass(&x, err))
		return false;
	while (!index) {
		uint64_t here = x.r.at;
		uint8_t size_byte = reader_u8(&x.r);

		if (x.r.overrun)
			return ends_early(&x, err);
		if (size_byte == 0)
			index = here;
		else if (!block_pass(&x, size_byte, err))
			return false;
	}
	if (!index_pass(&x, err) || !footer_pass(&x, x.r.at - index, err))
		return false;
	*ret_end = x.r.at;
	return true;
}
