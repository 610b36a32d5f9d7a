/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "report/history.h"

#include <string.h>

#include "machine/text.h"
#include "report/firmware.h"

static const char *const ways[] = { "kexec", "firmware", "unknown" };

static bool take_way(struct view word, const char **ret)
{
	for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
		if (!text_is(word, ways[i]))
			continue;
		*ret = ways[i];
		return true;
	}
	return false;
}

static bool take_line(struct view line, struct arena *arena, struct past_reboot *ret)
{
	struct past_reboot p;
	struct view word;
	struct own_time *const times[] = { &p.shutdown, &p.away, &p.boot };

	if (!text_word(&line, &word) || !text_is(word, "1") || !text_word(&line, &word) ||
		!text_decimal(word, &p.when) || !text_word(&line, &word) ||
		!take_way(word, &p.way) || !text_word(&line, &word))
		return false;
	p.release = arena_string(arena, word);
	for (size_t i = 0; i < sizeof times / sizeof *times; i++) {
		if (!own_time_take(&line, times[i]))
			return false;
	}
	*ret = p;
	return p.release != NULL;
}

static void add(struct history *h, const struct past_reboot *p)
{
	if (h->count == HISTORY_MAX)
		memmove(h->items, h->items + 1, --h->count * sizeof *h->items);
	h->items[h->count++] = *p;
}

struct history history_read(const struct source *source, struct arena *arena)
{
	struct history h = { .count = 0 };
	struct past_reboot p;
	struct view text, line;

	if (!source_read(source, &HISTORY_FILE[1], arena, &text))
		return h;
	while (text_line(&text, &line))
		if (take_line(line, arena, &p))
			add(&h, &p);
	return h;
}

static const char *line_text(const struct past_reboot *p, struct arena *arena)
{
	const char *shutdown = own_time_text(p->shutdown, arena),
		   *away = own_time_text(p->away, arena), *boot = own_time_text(p->boot, arena);

	return shutdown && away && boot
		? arena_printf(arena, "1 %llu %s %s %s %s %s\n", (unsigned long long)p->when,
			  p->way, p->release[0] ? p->release : "-", shutdown, away, boot)
		: NULL;
}

const char *history_text(
	const struct history *history, const struct past_reboot *more, struct arena *arena)
{
	struct history all = *history;
	const char *text = "";

	add(&all, more);
	for (size_t i = 0; text && i < all.count; i++) {
		const char *line = line_text(&all.items[i], arena);

		text = line ? arena_printf(arena, "%s%s", text, line) : NULL;
	}
	return text;
}
