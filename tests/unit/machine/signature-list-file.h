/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Makes an EFI_SIGNATURE_LIST (UEFI 2.10, 32.4.1) of entries of one size, by an owner of zeros. */
#pragma once

#include "test.h"

#include "base/arena.h"

enum { SLF_HEADER = 28, SLF_OWNER = 16 };

/* The GUIDs as they lie in memory. */
#define SLF_X509        "\xa1\x59\xc0\xa5\xe4\x94\xa7\x4a\x87\xb5\xab\x15\x5c\x2b\xf0\x72"
#define SLF_SHA256      "\x26\x16\xc4\xc1\x4c\x50\x92\x40\xac\xa9\x41\xf9\x36\x93\x43\x28"
#define SLF_X509_SHA256 "\x92\xa4\xd2\x3b\xc0\x96\x79\x40\xb4\x20\xfc\xf9\x8e\xf1\x03\xed"

/* entries: all of them, one behind the other, each of size bytes. */
static inline struct view slf_list(
	struct arena *a, const char *guid, size_t size, struct view entries)
{
	size_t count = entries.n / size, n = SLF_HEADER + count * (SLF_OWNER + size);
	struct block list = { arena_alloc(a, n), n, false };

	block_put_bytes(&list, 0, (struct view){ (const uint8_t *)guid, 16 });
	block_put_le32(&list, 16, (uint32_t)n);
	block_put_le32(&list, 24, (uint32_t)(SLF_OWNER + size));
	for (size_t i = 0; i < count; i++)
		block_put_bytes(&list, SLF_HEADER + i * (SLF_OWNER + size) + SLF_OWNER,
			view_first(view_from(entries, i * size), size));
	assert_false(list.overrun);
	return (struct view){ list.p, list.n };
}

/* One behind the other, behind so many zeros: efivarfs has four. */
static inline struct view slf_join(
	struct arena *a, size_t zeros, struct view first, struct view second)
{
	size_t n = zeros + first.n + second.n;
	struct block all = { arena_alloc(a, n), n, false };

	block_put_bytes(&all, zeros, first);
	block_put_bytes(&all, zeros + first.n, second);
	return (struct view){ all.p, all.n };
}
