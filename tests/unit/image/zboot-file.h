/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Makes an EFI zboot image around a payload. */
#pragma once

#include "image/pe-file.h"

enum { ZF_PAYLOAD_AT = 0x400 };

/* What stands behind the payload, the uncompressed size, is no part of it. */
static inline struct block zf_make(
	struct arena *a, uint16_t machine, const char *compression, struct view payload)
{
	size_t size = ZF_PAYLOAD_AT + payload.n + 4;
	struct block file = { arena_alloc(a, size), size, false };

	pef_put_headers(&file, machine, 0);
	block_put_bytes(&file, 4, view_of_string("zimg"));
	block_put_le32(&file, 8, ZF_PAYLOAD_AT);
	block_put_le32(&file, 12, (uint32_t)payload.n);
	block_put_bytes(&file, 24, view_of_string(compression));
	block_put_bytes(&file, 56, view_of_string("\xcd\x23\x82\x81"));
	block_put_bytes(&file, ZF_PAYLOAD_AT, payload);
	block_put_le32(&file, ZF_PAYLOAD_AT + payload.n, 40000);
	assert_false(file.overrun);
	return file;
}
