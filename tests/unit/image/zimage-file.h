/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Makes small zImages: the header, the table that tells of the kernel in it, and that kernel's size where the table says;
 * all fields are those of Debian's 6.1 but for the place of the size.
 */
#pragma once

#include <string.h>

#include "base/arena.h"
#include "base/bytes.h"

enum {
	ZIF_SIZE = 0x1000,
	ZIF_END = 0x2c,
	ZIF_ORDER = 0x30,
	ZIF_HAS_TABLE = 0x34,
	ZIF_TABLE_PLACE = 0x38,
	ZIF_TABLE = 0x800,
	ZIF_UNPACKED_PLACE = 0xff5, /* odd, as the end of packed bytes may be */
	ZIF_UNPACKED = 0x15a50c8,
	ZIF_BSS = 0x601c0,
	ZIF_TEXT_OFFSET = 0x208000,
	ZIF_HEAP = 0x10000,
	ZIF_MEMORY = ZIF_TEXT_OFFSET + ZIF_UNPACKED + ZIF_BSS,
};

/* Words of the table behind its size and name. */
enum zif_word { ZIF_AT_UNPACKED, ZIF_AT_BSS, ZIF_AT_TEXT_OFFSET, ZIF_AT_HEAP };

static inline void zif_set_word(struct block *file, enum zif_word word, uint32_t value)
{
	block_put_le32(file, ZIF_TABLE + 8 + 4 * word, value);
}

/* room bytes behind it are zero, for what is appended. */
static inline struct block zif_make(struct arena *a, size_t room)
{
	struct block file = { arena_alloc(a, ZIF_SIZE + room), ZIF_SIZE + room, false };

	memset(file.p, 0x77, ZIF_SIZE);
	memset(file.p + ZIF_SIZE, 0, room);
	block_put_le32(&file, 0x24, 0x016f2818);
	block_put_le32(&file, 0x28, 0);
	block_put_le32(&file, ZIF_END, ZIF_SIZE);
	block_put_le32(&file, ZIF_ORDER, 0x04030201);
	block_put_le32(&file, ZIF_HAS_TABLE, 0x45454545);
	block_put_le32(&file, ZIF_TABLE_PLACE, ZIF_TABLE);
	block_put_le32(&file, ZIF_TABLE, 6);
	block_put_le32(&file, ZIF_TABLE + 4, 0x5a534c4b);
	zif_set_word(&file, ZIF_AT_UNPACKED, ZIF_UNPACKED_PLACE);
	zif_set_word(&file, ZIF_AT_BSS, ZIF_BSS);
	zif_set_word(&file, ZIF_AT_TEXT_OFFSET, ZIF_TEXT_OFFSET);
	zif_set_word(&file, ZIF_AT_HEAP, ZIF_HEAP);
	block_put_le32(&file, ZIF_TABLE + 24, 0);
	block_put_le32(&file, ZIF_UNPACKED_PLACE, ZIF_UNPACKED);
	return file;
}

static inline struct view zif_view(struct block file)
{
	return (struct view){ file.p, file.n };
}
