/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Makes kernels for s390x that have all but what they unpack; all fields are those of Debian's 6.1. */
#pragma once

#include <string.h>

#include "base/arena.h"
#include "base/bytes.h"

enum {
	SF_SIZE = 0x18000,
	SF_PSW = 0,
	SF_PROGRAM_NEW_PSW = 0x1d0,
	SF_MAGIC = 0x10008,
	SF_VERSION_PLACE = 0x10428,
	SF_LINE_SIZE = 0x10430,
	SF_LINE = 0x10480,
	SF_VERSION = 0x17f00,
};

/* room bytes behind it are zero. */
static inline struct block sf_make(struct arena *a, size_t room)
{
	static const char version[] = "6.1.0-50-s390x (debian) #1 SMP";
	struct block file = { arena_alloc(a, SF_SIZE + room), SF_SIZE + room, false };

	memset(file.p, 0, SF_SIZE + room);
	block_put_be64(&file, SF_PSW, 0x0008000080000800);
	block_put_be64(&file, 8, 0x0200001860000050);
	block_put_be64(&file, 16, 0x0200006860000050);
	block_put_be64(&file, SF_PROGRAM_NEW_PSW, 0x0000000180000000);
	block_put_be64(&file, SF_PROGRAM_NEW_PSW + 8, 0x10234);
	block_put_bytes(&file, SF_MAGIC, (struct view){ (const uint8_t *)"S390EP\0\1", 8 });
	block_put_be64(&file, SF_VERSION_PLACE, SF_VERSION);
	block_put_be64(&file, SF_LINE_SIZE, 4096);
	block_put_bytes(&file, SF_LINE, (struct view){ (const uint8_t *)"root=/dev/ram0 ro", 17 });
	block_put_bytes(
		&file, SF_VERSION, (struct view){ (const uint8_t *)version, sizeof version });
	return file;
}

static inline struct view sf_view(struct block file)
{
	return (struct view){ file.p, file.n };
}
