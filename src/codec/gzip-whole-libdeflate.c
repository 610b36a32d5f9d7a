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
static bool is_worth_it(const struct step *step, uint32_t *ret_size)
{
	enum { FLAGS_AT = 3, HAS_HEADER_CRC = 1 << 1, SIZE_WORD = 4 };
	struct reader flags = reader_at(step->in, FLAGS_AT), size;

	if (step->in.n <= SIZE_WORD)
		return false;
	size = reader_at(step->in, step->in.n - SIZE_WORD);
	*ret_size = reader_le32(&size);
	return !(reader_u8(&flags) & HAS_HEADER_CRC) && *ret_size <= step->room;
}

bool gzip_whole_unpack(struct gzip_whole *whole, struct step *step)
{
	uint32_t size;

	if (!is_worth_it(step, &size))
		return false;
	stream_expect(step, size);
	return libdeflate_gzip_decompress_ex(decompressor(whole), step->in.p, step->in.n, step->out,
		       step->room, &step->used, &step->made) == LIBDEFLATE_SUCCESS;
}

void gzip_whole_close(struct gzip_whole *whole)
{
	libdeflate_free_decompressor(decompressor(whole));
}
