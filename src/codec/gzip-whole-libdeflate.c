/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* By libdeflate. */
#include "codec/gzip-whole.h"

#include <libdeflate.h>

/* The library's own, which its header only declares. */
static struct libdeflate_decompressor *decompressor(struct gzip_whole *whole)
{
	return (struct libdeflate_decompressor *)whole;
}

struct gzip_whole *gzip_whole_open(void)
{
	return (struct gzip_whole *)libdeflate_alloc_decompressor();
}

/*
 * What gzip ends with, mostly the end of the bytes, tells when it is not worth a try. A checksum of the header the
 * library does not look at.
 */
static bool is_worth_it(struct view packed, size_t room)
{
	enum { FLAGS_AT = 3, HAS_HEADER_CRC = 1 << 1, SIZE_WORD = 4 };
	struct reader flags = reader_at(packed, FLAGS_AT), size;

	if (packed.n <= SIZE_WORD)
		return false;
	size = reader_at(packed, packed.n - SIZE_WORD);
	return !(reader_u8(&flags) & HAS_HEADER_CRC) && reader_le32(&size) <= room;
}

bool gzip_whole_unpack(struct gzip_whole *whole, struct step *step)
{
	return is_worth_it(step->in, step->room) &&
		libdeflate_gzip_decompress_ex(decompressor(whole), step->in.p, step->in.n,
			step->out, step->room, &step->used, &step->made) == LIBDEFLATE_SUCCESS;
}

void gzip_whole_close(struct gzip_whole *whole)
{
	libdeflate_free_decompressor(decompressor(whole));
}
