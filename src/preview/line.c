/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What each step has changed on the command line, by comparing what it began with and what it made. */
#include <string.h>

#include "machine/record-parameter.h"
#include "plan/command-line.h"
#include "plan/marked-parameters.h"
#include "plan/tuning.h"
#include "preview/parts.h"

struct words {
	const char **items;
	size_t count;
};

static bool split(const char *line, struct arena *arena, struct words *ret)
{
	struct words words = { 0 };

	for (line += command_line_blanks(line); *line; line += command_line_blanks(line)) {
		const size_t n = command_line_word(line);

		words.items = arena_grow(arena, words.items, words.count, sizeof *words.items);
		if (!words.items)
			return false;
		words.items[words.count] =
			arena_string(arena, (struct view){ (const uint8_t *)line, n });
		if (!words.items[words.count++])
			return false;
		line += n;
	}
	*ret = words;
	return true;
}

static const char marks[] = "it marks the words behind it as added for this kernel alone";

static const char *why_tuned(const char *word)
{
	for (size_t i = 0; i < TUNING_HINTS; i++)
		if (strcmp(tuning_hints[i].word, word) == 0)
			return tuning_hints[i].effect;
	return marks;
}

static bool begins(const char *word, const char *with)
{
	return strncmp(word, with, strlen(with)) == 0;
}

static const char *why_planned(const char *word)
{
	if (begins(word, PARAMETERS_MARK "="))
		return marks;
	if (begins(word, RECORD_PARAMETER "="))
		return "the code between the kernels writes there when it ran";
	return "this kernel is told so by its command line";
}

static const char *why_left_out(enum line_stage stage, const char *word)
{
	const char *own = command_line_own_word(word, strlen(word));

	if (stage != LINE_REUSED)
		return "it is asked to be left out";
	return own ? own : "it was added for the running kernel alone";
}

static const char *why_added(const struct job *job, enum line_stage stage, const char *word)
{
	switch (stage) {
	case LINE_TUNED:
		return why_tuned(word);
	case LINE_TRIAL:
		return "the machine is to come back by itself where the next kernel does not come up";
	case LINE_PLANNED:
		return why_planned(word);
	case LINE_JOINED:
		if (!job->wanted.command_line)
			return "the UKI has it";
		break;
	case LINE_GIVEN:
	case LINE_REUSED:
	case LINE_EDITED:
	case LINE_STAGES:
		break;
	}
	return "it is asked for";
}

struct comparing {
	struct preview *preview;
	struct arena *arena;
	struct preview_change *items;
	size_t count;
	enum line_stage stage;
};

static bool add(struct comparing *c, const char *word, bool is_added)
{
	c->items = arena_grow(c->arena, c->items, c->count, sizeof *c->items);
	if (!c->items)
		return false;
	c->items[c->count++] = (struct preview_change){ word, is_added,
		is_added ? why_added(c->preview->job, c->stage, word)
			 : why_left_out(c->stage, word) };
	return true;
}

/* No step changes the order: what is not the next of the later ones was left out, what remains of these was added. */
static bool compare(struct comparing *c, struct words before, struct words after)
{
	size_t at = 0;

	while (before.count && after.count && strcmp(before.items[0], after.items[0]) == 0) {
		before.items++, before.count--;
		after.items++, after.count--;
	}
	while (before.count && after.count &&
		strcmp(before.items[before.count - 1], after.items[after.count - 1]) == 0)
		before.count--, after.count--;
	for (size_t i = 0; i < before.count; i++) {
		if (at < after.count && strcmp(before.items[i], after.items[at]) == 0)
			at++;
		else if (!add(c, before.items[i], false))
			return false;
	}
	for (; at < after.count; at++)
		if (!add(c, after.items[at], true))
			return false;
	return true;
}

bool preview_line(struct preview *preview, struct arena *arena)
{
	const struct job *job = preview->job;
	struct comparing c = { .preview = preview, .arena = arena };
	struct words before, after;

	if (!split(job->lines[LINE_GIVEN], arena, &before))
		return false;
	for (int stage = LINE_REUSED; stage < LINE_STAGES; stage++) {
		c.stage = (enum line_stage)stage;
		if (!job->lines[stage] || !split(job->lines[stage], arena, &after) ||
			!compare(&c, before, after))
			return false;
		before = after;
	}
	preview->changes = c.items;
	preview->change_count = c.count;
	return true;
}
