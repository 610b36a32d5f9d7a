/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Headers, then sections by where they lie in the file, then what is behind them. */
#include "image/pe-hash.h"

#include <stdlib.h>

enum { CHECKSUM_SIZE = 4, DIRECTORY_SIZE = 8 };

static int by_place(const void *a, const void *b)
{
	const struct view *x = a, *y = b;

	return (x->p > y->p) - (x->p < y->p);
}

/* A part of the file, up to end; *at moves behind it. False where that is not there. */
static bool add_up_to(const struct pe *pe, uint64_t *at, uint64_t end, struct digest *digest)
{
	struct view part;

	if (end < *at || !view_sub(pe->bytes, *at, end - *at, &part))
		return false;
	digest_add(digest, part);
	*at = end;
	return true;
}

static bool add_headers(const struct pe *pe, struct digest *digest)
{
	uint64_t at = 0;

	if (!add_up_to(pe, &at, pe->checksum_at, digest))
		return false;
	at += CHECKSUM_SIZE;
	if (pe->certificates_at) {
		if (!add_up_to(pe, &at, pe->certificates_at, digest))
			return false;
		at += DIRECTORY_SIZE;
	}
	return add_up_to(pe, &at, pe->headers_size, digest);
}

/* *at grows by their sizes. */
static bool add_sections(const struct pe *pe, struct arena *arena, struct digest *digest,
	uint64_t *at, struct error *err)
{
	struct view *blocks = arena_alloc_array(arena, pe->section_count + 1, sizeof *blocks);
	size_t count = 0;

	if (!blocks)
		return fail_no_memory(err);
	for (size_t i = 0; i < pe->section_count; i++) {
		struct pe_section section;

		if (!pe_section(pe, i, &section, err))
			return false;
		if (section.blocks.n)
			blocks[count++] = section.blocks;
	}
	qsort(blocks, count, sizeof *blocks, by_place);
	for (size_t i = 0; i < count; i++) {
		digest_add(digest, blocks[i]);
		*at += blocks[i].n;
	}
	return true;
}

bool pe_hash(const struct pe *pe, struct arena *arena, uint8_t ret[static DIGEST_SIZE],
	struct error *err)
{
	uint64_t end = pe->bytes.n - pe->certificates.n, at = pe->headers_size;
	struct digest digest;

	digest_begin(&digest, DIGEST_SHA256);
	if (!add_headers(pe, &digest))
		return fail(err, FAULT_IMAGE_CORRUPT,
			"its headers are said to have %u bytes, which is not so", pe->headers_size);
	if (!add_sections(pe, arena, &digest, &at, err))
		return false;
	if (at < end && !add_up_to(pe, &at, end, &digest))
		return fail(err, FAULT_IMAGE_CORRUPT, "its sections do not lie in the file");
	digest_end(&digest, ret);
	return true;
}
