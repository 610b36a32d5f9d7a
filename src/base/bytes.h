/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Bytes of others: a view borrows them, a reader walks a view and remembers an overrun, so that a
 * parser reads all its fields and tests once. A block is the writing side: fields are put at
 * offsets of a buffer of known size. Endianness is in every name; there are no struct casts.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Borrowed bytes; never freed through it. */
struct view {
	const uint8_t *p;
	size_t n;
};

/* The view of a string, without its terminating zero. */
struct view view_of_string(const char *s);

/* The part [off, off + len) of v; false when it does not lie inside v. */
bool view_sub(struct view v, uint64_t off, uint64_t len, struct view *ret)
	__attribute__((warn_unused_result));

/* The part of v from off on; empty when off is at or past the end. */
struct view view_from(struct view v, uint64_t off);

/* At most the first len bytes of v. */
struct view view_first(struct view v, uint64_t len);

/* What of v stands before its first zero byte; all of it where it has none. */
struct view view_to_zero(struct view v);

bool view_equal(struct view a, struct view b);
bool view_starts_with(struct view v, struct view prefix);

/* Whether the bytes at off are exactly the string s (without its terminating zero). */
bool view_has_at(struct view v, uint64_t off, const char *s);

/* Sticky on overrun: a read past the end gives 0 and sets overrun for good. */
struct reader {
	struct view v;
	uint64_t at;
	bool overrun;
};

struct reader reader_at(struct view v, uint64_t off);
void reader_skip(struct reader *r, uint64_t n);
uint8_t reader_u8(struct reader *r);
uint16_t reader_le16(struct reader *r);
uint32_t reader_le32(struct reader *r);
uint64_t reader_le64(struct reader *r);
uint16_t reader_be16(struct reader *r);
uint32_t reader_be32(struct reader *r);
uint64_t reader_be64(struct reader *r);
struct view reader_bytes(struct reader *r, uint64_t n);

/* Bytes of ours that are filled by offset; sticky on overrun as a reader is. */
struct block {
	uint8_t *p;
	size_t n;
	bool overrun;
};

void block_put_u8(struct block *b, uint64_t off, uint8_t value);
void block_put_le16(struct block *b, uint64_t off, uint16_t value);
void block_put_le32(struct block *b, uint64_t off, uint32_t value);
void block_put_le64(struct block *b, uint64_t off, uint64_t value);
void block_put_be32(struct block *b, uint64_t off, uint32_t value);
void block_put_be64(struct block *b, uint64_t off, uint64_t value);
void block_put_bytes(struct block *b, uint64_t off, struct view bytes);
