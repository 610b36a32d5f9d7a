/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * How each format begins, which needs no library: what is packed in a way that this build cannot
 * unpack is told by its name.
 */
#include "base/arith.h"
#include "codec/codecs.h"

/*
 * The whole fixed header must be there, so that the size word behind a kernel's payload cannot
 * pass for another member. Method 8 is deflate; the upper three flags are reserved and zero.
 */
bool probe_gzip(struct view v)
{
	enum { HEADER = 10, MAGIC = 0x1f8b, DEFLATE = 8, FLAGS_RESERVED = 0xe0 };
	struct reader r = reader_at(v, 0);

	return v.n >= HEADER && reader_be16(&r) == MAGIC && reader_u8(&r) == DEFLATE &&
		(reader_u8(&r) & FLAGS_RESERVED) == 0;
}

bool probe_xz(struct view v)
{
	enum { HEADER = 12 };
	static const uint8_t magic[] = { 0xfd, '7', 'z', 'X', 'Z', 0 };

	return v.n >= HEADER && view_starts_with(v, (struct view){ magic, sizeof magic });
}

/* The encoders round a dictionary up to 2^n or 2^n + 2^(n-1). */
static bool lzma_dictionary_plausible(uint32_t size)
{
	uint32_t lowest = size & -size;

	return size >= KiB(64) && (size == lowest || size == 3 * (uint64_t)lowest);
}

/*
 * lzma has no magic number: this is its header with the properties that all encoders choose
 * (lc=3, lp=0, pb=2), a known size or none, and the range coder's first byte, which is zero.
 */
bool probe_lzma(struct view v)
{
	enum { PROPERTIES = 0x5d };
	const uint64_t unknown = UINT64_MAX, size_max = GiB(256);
	struct reader r = reader_at(v, 0);
	uint8_t properties = reader_u8(&r);
	uint32_t dictionary = reader_le32(&r);
	uint64_t size = reader_le64(&r);
	uint8_t first = reader_u8(&r);

	return !r.overrun && properties == PROPERTIES && lzma_dictionary_plausible(dictionary) &&
		(size == unknown || (size > 0 && size < size_max)) && first == 0;
}

bool probe_zstd(struct view v)
{
	enum { FRAME_MIN = 5 }; /* the magic number and a header of at least one byte */

	return v.n >= FRAME_MIN && view_has_at(v, 0, "\x28\xb5\x2f\xfd");
}

bool probe_lz4(struct view v)
{
	enum { FRAME_MIN = 7 }; /* the magic number and the smallest header */

	return v.n >= FRAME_MIN && view_has_at(v, 0, "\x04\x22\x4d\x18");
}

/* Magic number, block size and a first byte: a size word behind a payload is shorter. */
bool probe_lz4_legacy(struct view v)
{
	enum { WORD = 4 };

	return v.n > 2 * WORD && view_has_at(v, 0, "\x02\x21\x4c\x18");
}

/* "BZh", the level as a digit, then the magic number of a block or of the stream's end. */
bool probe_bzip2(struct view v)
{
	return view_has_at(v, 0, "BZh") && v.n > 3 && v.p[3] >= '1' && v.p[3] <= '9' &&
		(view_has_at(v, 4, "\x31\x41\x59\x26\x53\x59") ||
			view_has_at(v, 4, "\x17\x72\x45\x38\x50\x90"));
}
