/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* X.690, 8.1: identifier, length, contents. */
#include "image/der.h"

enum {
	TAG_LONG = 0x1f,    /* of a tag: it goes on in the next bytes */
	LENGTH_LONG = 0x80, /* of a length: so many bytes of it follow */
	LENGTH_BYTES_MAX = 4,
};

/* False for one that is indefinite or has no end. */
static bool read_length(struct reader *r, uint64_t *ret)
{
	uint8_t first = reader_u8(r);
	unsigned bytes = first & (LENGTH_LONG - 1u);
	uint64_t length = 0;

	if (!(first & LENGTH_LONG)) {
		*ret = first;
		return !r->overrun;
	}
	if (bytes == 0 || bytes > LENGTH_BYTES_MAX)
		return false;
	while (bytes--)
		length = length << 8 | reader_u8(r);
	*ret = length;
	return !r->overrun;
}

bool der_next(struct view *v, struct der *ret)
{
	struct reader r = reader_at(*v, 0);
	struct der der = { .tag = reader_u8(&r) };
	uint64_t length;

	if ((der.tag & TAG_LONG) == TAG_LONG || !read_length(&r, &length) ||
		!view_sub(*v, r.at, length, &der.content) ||
		!view_sub(*v, 0, r.at + length, &der.whole))
		return false;
	*v = view_from(*v, r.at + length);
	*ret = der;
	return true;
}

bool der_take(struct view *v, unsigned tag, struct der *ret)
{
	struct view rest = *v;
	struct der der;

	if (!der_next(&rest, &der) || der.tag != tag)
		return false;
	*v = rest;
	*ret = der;
	return true;
}

void der_skip(struct view *v, unsigned tag)
{
	struct der ignored;

	(void)der_take(v, tag, &ignored);
}
