/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Makes uImages around a payload, as mkimage does. */
#pragma once

#include <string.h>

#include "base/arena.h"
#include "base/bytes.h"
#include "base/crc32.h"

enum {
	UIF_HEADER = 64,
	UIF_HEADER_SUM = 4,
	UIF_SIZE = 12,
	UIF_PAYLOAD_SUM = 24,
	UIF_SYSTEM = 28,
	UIF_CPU,
	UIF_TYPE,
	UIF_COMPRESSION,
	UIF_NAME,

	UIF_ARM = 2,
	UIF_X86 = 3,
	UIF_POWERPC = 7,
	UIF_ARM64 = 22,
	UIF_RISCV = 26,
	UIF_LINUX = 5,
	UIF_KERNEL = 2,
};

static inline void uif_put(struct block *file, uint64_t at, uint32_t value)
{
	for (unsigned i = 0; i < 4; i++)
		block_put_u8(file, at + i, (uint8_t)(value >> (24 - 8 * i)));
}

/* Of a header that was changed. */
static inline void uif_sum(struct block *file)
{
	uif_put(file, UIF_HEADER_SUM, 0);
	uif_put(file, UIF_HEADER_SUM, crc32_of((struct view){ file->p, UIF_HEADER }));
}

/* cpu and compression are U-Boot's numbers. */
static inline struct block uif_make(
	struct arena *a, uint8_t cpu, uint8_t compression, struct view payload)
{
	size_t size = UIF_HEADER + payload.n;
	struct block file = { arena_alloc(a, size), size, false };

	memset(file.p, 0, UIF_HEADER);
	uif_put(&file, 0, 0x27051956);
	uif_put(&file, 8, 1795881600);
	uif_put(&file, UIF_SIZE, (uint32_t)payload.n);
	uif_put(&file, 16, 0x40008000);
	uif_put(&file, 20, 0x40008000);
	uif_put(&file, UIF_PAYLOAD_SUM, crc32_of(payload));
	block_put_u8(&file, UIF_SYSTEM, UIF_LINUX);
	block_put_u8(&file, UIF_CPU, cpu);
	block_put_u8(&file, UIF_TYPE, UIF_KERNEL);
	block_put_u8(&file, UIF_COMPRESSION, compression);
	block_put_bytes(&file, UIF_NAME, view_of_string("Linux-6.1"));
	block_put_bytes(&file, UIF_HEADER, payload);
	uif_sum(&file);
	return file;
}

static inline struct view uif_view(struct block file)
{
	return (struct view){ file.p, file.n };
}
