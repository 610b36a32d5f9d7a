/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cmd/saut/plan-map.h"

#include <string.h>

#include "cmd/amount.h"
#include "cmd/message.h"
#include "cmd/say.h"

const char *const plan_use_texts[PREVIEW_USES] = {
	[PREVIEW_LOADED] = "loaded",
	[PREVIEW_ROOM] = "kept free beside it",
	[PREVIEW_FREE] = "free",
	[PREVIEW_KEPT] = "left to others",
	[PREVIEW_FIRMWARE] = "no plain memory",
};

static const char letters[PREVIEW_USES] = {
	[PREVIEW_LOADED] = '#',
	[PREVIEW_ROOM] = '+',
	[PREVIEW_FREE] = '.',
	[PREVIEW_KEPT] = 'x',
	[PREVIEW_FIRMWARE] = '%',
};

/* The largest takes what is left over. */
void plan_bar(const struct preview_row *row, unsigned length, unsigned ret[static PREVIEW_USES])
{
	unsigned used = 0;
	size_t largest = 0;

	for (size_t use = 0; use < PREVIEW_USES; use++) {
		ret[use] = row->size
			? (unsigned)((double)row->sizes[use] / (double)row->size * length)
			: 0;
		if (!ret[use] && row->sizes[use])
			ret[use] = 1;
		used += ret[use];
		largest = row->sizes[use] > row->sizes[largest] ? use : largest;
	}
	if (used < length || ret[largest] > used - length)
		ret[largest] += length - used;
}

const char *plan_row_text(const struct preview_row *row, struct arena *arena)
{
	if (!row->single)
		return message_in_language(arena_printf(arena, "%zu pieces", row->count), arena);
	return message_in_language(
		row->single->name[0] ? row->single->name : plan_use_texts[row->single->use], arena);
}

static void show_row(const struct preview_row *row)
{
	struct arena arena = { 0 };
	unsigned cells[PREVIEW_USES], at = 0;
	char bar[PLAN_BAR + PREVIEW_USES + 1];

	plan_bar(row, preview_length(row->size, PLAN_BAR), cells);
	for (size_t use = 0; use < PREVIEW_USES; use++)
		for (unsigned i = 0; i < cells[use] && at + 1 < sizeof bar; i++)
			bar[at++] = letters[use];
	bar[at] = '\0';
	say("    0x%012llx  %-*s  %10s  %s\n", (unsigned long long)row->span.start, PLAN_BAR, bar,
		amount_text(row->size, &arena), plan_row_text(row, &arena));
	arena_free(&arena);
}

void plan_map_show(const struct preview *preview)
{
	struct arena arena = { 0 };
	const struct preview_row *rows;
	size_t count;

	if (preview_map(preview, &arena, &rows, &count) && count) {
		say("  %s\n", "map of the memory, from its lowest address; bars by powers of two");
		for (size_t i = 0; i < count; i++)
			show_row(&rows[i]);
		for (size_t use = 0; use < PREVIEW_USES; use++)
			say("%s%c %s", use ? "  " : "    ", letters[use], plan_use_texts[use]);
		say("\n");
	}
	arena_free(&arena);
}
