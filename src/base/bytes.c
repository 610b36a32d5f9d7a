/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The only place where bytes become numbers and numbers bytes. */
#include "base/bytes.h"

#include <string.h>

struct view view_of_string(const char *s)
{
	return (struct view){ (const uint8_t *)s, strlen(s) };
}

bool view_sub(struct view v, uint64_t off, uint64_t len, struct view *ret)
{
	if (off > v.n || len > v.n - off)
		return false;
	*ret = (struct view){ len ? v.p + off : v.p, (size_t)len };
	return true;
}

struct view view_from(struct view v, uint64_t off)
{
	if (off >= v.n)
		return (struct view){ v.p, 0 };
	return (struct view){ v.p + off, v.n - (size_t)off };
}

struct view view_first(struct view v, uint64_t len)
{
	return (struct view){ v.p, len < v.n ? (size_t)len : v.n };
}

struct view view_to_zero(struct view v)
{
	const uint8_t *zero = v.n ? memchr(v.p, 0, v.n) : NULL;

	return zero ? view_first(v, (uint64_t)(zero - v.p)) : v;
}

bool view_equal(struct view a, struct view b)
{
	return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

bool view_starts_with(struct view v, struct view prefix)
{
	return v.n >= prefix.n && view_equal(view_first(v, prefix.n), prefix);
}

bool view_has_at(struct view v, uint64_t off, const char *s)
{
	return view_starts_with(view_from(v, off), view_of_string(s));
}

struct reader reader_at(struct view v, uint64_t off)
{
	return (struct reader){ .v = v, .at = off, .overrun = off > v.n };
}

struct view reader_bytes(struct reader *r, uint64_t n)
{
	struct view part = { 0 };

	if (r->overrun || !view_sub(r->v, r->at, n, &part)) {
		r->overrun = true;
		return (struct view){ 0 };
	}
	r->at += n;
	return part;
}

void reader_skip(struct reader *r, uint64_t n)
{
	(void)reader_bytes(r, n);
}

/* The next n bytes as a number whose first byte is the least (little) or the most significant. */
static uint64_t read_number(struct reader *r, unsigned n, bool little)
{
	struct view bytes = reader_bytes(r, n);
	uint64_t value = 0;

	for (size_t i = 0; i < bytes.n; i++)
		value = value << 8 | bytes.p[little ? bytes.n - 1 - i : i];
	return value;
}

uint8_t reader_u8(struct reader *r)
{
	return (uint8_t)read_number(r, 1, true);
}

uint16_t reader_le16(struct reader *r)
{
	return (uint16_t)read_number(r, 2, true);
}

uint32_t reader_le32(struct reader *r)
{
	return (uint32_t)read_number(r, 4, true);
}

uint64_t reader_le64(struct reader *r)
{
	return read_number(r, 8, true);
}

uint16_t reader_be16(struct reader *r)
{
	return (uint16_t)read_number(r, 2, false);
}

uint32_t reader_be32(struct reader *r)
{
	return (uint32_t)read_number(r, 4, false);
}

uint64_t reader_be64(struct reader *r)
{
	return read_number(r, 8, false);
}

void block_put_bytes(struct block *b, uint64_t off, struct view bytes)
{
	if (off > b->n || bytes.n > b->n - off) {
		b->overrun = true;
		return;
	}
	if (bytes.n)
		memcpy(b->p + off, bytes.p, bytes.n);
}

static void put_little(struct block *b, uint64_t off, uint64_t value, unsigned n)
{
	uint8_t bytes[8];

	for (unsigned i = 0; i < n; i++)
		bytes[i] = (uint8_t)(value >> (8 * i));
	block_put_bytes(b, off, (struct view){ bytes, n });
}

static void put_big(struct block *b, uint64_t off, uint64_t value, unsigned n)
{
	uint8_t bytes[8];

	for (unsigned i = 0; i < n; i++)
		bytes[i] = (uint8_t)(value >> (8 * (n - 1 - i)));
	block_put_bytes(b, off, (struct view){ bytes, n });
}

void block_put_u8(struct block *b, uint64_t off, uint8_t value)
{
	put_little(b, off, value, 1);
}

void block_put_le16(struct block *b, uint64_t off, uint16_t value)
{
	put_little(b, off, value, 2);
}

void block_put_le32(struct block *b, uint64_t off, uint32_t value)
{
	put_little(b, off, value, 4);
}

void block_put_le64(struct block *b, uint64_t off, uint64_t value)
{
	put_little(b, off, value, 8);
}

void block_put_be32(struct block *b, uint64_t off, uint32_t value)
{
	put_big(b, off, value, 4);
}

void block_put_be64(struct block *b, uint64_t off, uint64_t value)
{
	put_big(b, off, value, 8);
}
