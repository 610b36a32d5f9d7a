/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "confirm/compare.h"

#include <string.h>

#include "confirm/kinds.h"
#include "machine/text.h"

/* Of a line: its kind, its name, and what is for people alone. */
struct item {
	struct view kind, name, detail;
};

static struct item item_of(const char *line)
{
	struct view rest = view_of_string(line);
	struct item i = { 0 };

	if (text_word(&rest, &i.kind) && text_word(&rest, &i.name))
		i.detail = text_trim(rest);
	return i;
}

static bool is_same(struct view a, struct view b)
{
	return a.n == b.n && memcmp(a.p, b.p, a.n) == 0;
}

static bool has(const struct witness *w, const struct item *wanted)
{
	for (size_t i = 0; i < w->count; i++) {
		struct item is = item_of(w->lines[i]);

		if (is.name.n && is_same(is.kind, wanted->kind) && is_same(is.name, wanted->name))
			return true;
	}
	return false;
}

static const struct witness_kind *kind_of(const struct item *i)
{
	for (size_t k = 0; k < WITNESS_KINDS; k++)
		if (text_is(i->kind, witness_kinds[k].name))
			return &witness_kinds[k];
	return NULL;
}

static const char *words_of(
	const struct item *i, const struct witness_kind *kind, struct arena *arena)
{
	return arena_printf(arena, "%s %.*s%s%.*s%s%s", kind->before, (int)i->name.n,
		(const char *)i->name.p, i->detail.n ? " (" : "", (int)i->detail.n,
		(const char *)i->detail.p, i->detail.n ? ") " : " ", kind->behind);
}

static bool is_grave(
	enum witness_weight weight, const struct witness *before, const struct witness *now)
{
	switch (weight) {
	case WEIGHT_DOUBTFUL:
		return false;
	case WEIGHT_OF_NETWORK:
		return before->is_cabled && !now->is_reached && !now->has_person;
	case WEIGHT_CERTAIN:
		return !now->has_person;
	case WEIGHT_OF_CHECKS:
		return true;
	}
	return false;
}

const struct missing *compare_witnesses(
	const struct witness *before, const struct witness *now, struct arena *arena)
{
	struct missing *missing = arena_alloc_array(arena, before->count + 1, sizeof *missing);
	size_t n = 0;

	for (size_t i = 0; missing && i < before->count; i++) {
		struct item item = item_of(before->lines[i]);
		const struct witness_kind *kind = kind_of(&item);

		if (!kind || !item.name.n || has(now, &item))
			continue;
		missing[n].what = words_of(&item, kind, arena);
		missing[n].is_grave = is_grave(kind->weight, before, now);
		if (!missing[n++].what)
			return NULL;
	}
	return missing;
}
