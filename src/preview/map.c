/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "preview/map.h"

enum {
	FEW = 24,        /* so many pieces are shown one by one */
	PARTS = 32,      /* of a crowd of more a piece is, where it has as large a part of it */
	BITS_LEAST = 12, /* a page */
	BITS_MOST = 44,  /* 16 TiB */
};

struct drawing {
	const struct preview *preview;
	struct arena *arena;
	struct preview_row *rows;
	size_t count;
};

static bool is_ours(const struct preview_area *area)
{
	return area->use == PREVIEW_LOADED || area->use == PREVIEW_ROOM;
}

static bool begin_row(struct drawing *d, const struct preview_area *first)
{
	d->rows = arena_grow(d->arena, d->rows, d->count, sizeof *d->rows);
	if (!d->rows)
		return false;
	d->rows[d->count++] = (struct preview_row){ .span = { first->mem.start, 0 } };
	return true;
}

static void add(struct preview_row *row, const struct preview_area *area)
{
	row->single = row->count++ ? NULL : area;
	row->span = range_between(row->span.start, range_end(area->mem));
	row->sizes[area->use] += area->mem.size;
	row->size += area->mem.size;
}

/* The large pieces of a crowd, as a machine's nodes have them, stand alone, and what is between two of them together. */
static bool add_crowd(struct drawing *d, size_t first, size_t end)
{
	const struct preview_area *areas = d->preview->areas;
	const bool all = d->preview->area_count <= FEW;
	bool alone = true;
	uint64_t total = 0;

	for (size_t i = first; i < end; i++)
		total += areas[i].mem.size;
	for (size_t i = first; i < end; i++) {
		const bool stands = all || areas[i].mem.size >= total / PARTS;

		if ((stands || alone) && !begin_row(d, &areas[i]))
			return false;
		alone = stands;
		add(&d->rows[d->count - 1], &areas[i]);
	}
	return true;
}

bool preview_map(const struct preview *preview, struct arena *arena, const struct preview_row **ret,
	size_t *ret_count)
{
	struct drawing d = { .preview = preview, .arena = arena };
	const struct preview_area *areas = preview->areas;
	size_t end;

	for (size_t i = 0; i < preview->area_count; i = end) {
		end = i + 1;
		while (!is_ours(&areas[i]) && end < preview->area_count && !is_ours(&areas[end]))
			end++;
		if (!add_crowd(&d, i, end))
			return false;
	}
	*ret = d.rows;
	*ret_count = d.count;
	return true;
}

unsigned preview_length(uint64_t bytes, unsigned longest)
{
	unsigned bits = 0;

	while (bytes >> bits > 1)
		bits++;
	bits = bits < BITS_LEAST ? BITS_LEAST : bits > BITS_MOST ? BITS_MOST : bits;
	return 1 + (bits - BITS_LEAST) * (longest - 1) / (BITS_MOST - BITS_LEAST);
}
