/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The words of a statement with their variables expanded, as GRUB does it: what is not quoted is split
 * at blanks, and a word that nothing is left of is none.
 */
#include <stdio.h>
#include <string.h>

#include "entry/grub/grub.h"

struct expansion {
	struct grub *g;
	struct grub_arguments *ret;
	size_t n; /* bytes in the scratch buffer */
	size_t sure;
	const char *doubt; /* of the word */
	bool is_word;      /* there is one, though it may be empty */
	bool is_path;      /* with wildcards that are not quoted */
};

static void doubt_word(struct expansion *r, const char *doubt)
{
	if (r->doubt)
		return;
	r->doubt = doubt;
	r->sure = r->n;
}

static void put(struct expansion *r, char c)
{
	r->is_word = true;
	if (r->n < FINDER_TEXT_MAX)
		r->g->scratch[r->n++] = c;
	else if (!r->doubt)
		doubt_word(r, grub_reason(r->g, "a word is too long"));
}

static void put_text(struct expansion *r, const char *text)
{
	r->is_word = true;
	while (*text)
		put(r, *text++);
}

/*
 * Where its module for regular expressions is loaded, or built in, GRUB puts the names of files and
 * devices, (hd0), for a word with wildcards.
 */
static bool may_match(const struct expansion *r)
{
	return r->n && (strchr("*?(", r->g->scratch[0]) || memchr(r->g->scratch, '/', r->n));
}

static void end_word(struct expansion *r)
{
	struct grub *g = r->g;
	struct grub_arguments *a = r->ret;
	struct grub_argument *items, word = { .sure = r->doubt ? r->sure : r->n };

	if (!r->is_word)
		return;
	r->is_path = r->is_path && may_match(r);
	if (r->is_path)
		doubt_word(r, grub_reason(g, "which files there are is known to GRUB only"));
	g->bytes += r->n;
	word.doubt = r->doubt;
	word.text = arena_string(g->f->arena, (struct view){ (const uint8_t *)g->scratch, r->n });
	items = a->count < GRUB_WORDS_MAX
		? arena_grow(g->f->arena, a->items, a->count, sizeof *items)
		: NULL;
	if (a->count == GRUB_WORDS_MAX && !a->doubt)
		a->doubt = grub_reason(g, "it has too many words");
	g->is_out_of_memory |= !word.text || (!items && a->count < GRUB_WORDS_MAX);
	if (items && word.text) {
		a->items = items;
		items[a->count++] = word;
	}
	if (r->is_path && !a->doubt)
		a->doubt = word.doubt;
	r->n = r->sure = 0;
	r->doubt = NULL;
	r->is_word = r->is_path = false;
}

static bool is_blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

static void put_split(struct expansion *r, const char *text)
{
	while (is_blank(*text))
		text++;
	while (*text) {
		while (*text && !is_blank(*text)) {
			r->is_path |= *text == '*' || *text == '?';
			put(r, *text++);
		}
		while (is_blank(*text))
			text++;
		if (*text)
			end_word(r);
	}
}

static void put_value(struct expansion *r, struct grub_value value, bool in_quotes)
{
	if (value.doubt) {
		doubt_word(r, value.doubt);
		if (in_quotes)
			r->is_word = true;
		else if (!r->ret->doubt)
			r->ret->doubt = value.doubt;
		if (!in_quotes)
			r->is_word = true;
		return;
	}
	if (in_quotes)
		put_text(r, value.text);
	else
		put_split(r, value.text);
}

static void put_all_arguments(struct expansion *r, char which, bool in_quotes)
{
	const struct grub_arguments *scope = r->g->scope;

	for (size_t i = 0; i < scope->count; i++) {
		const struct grub_argument *a = &scope->items[i];

		if (i && in_quotes && which == '*')
			put(r, ' ');
		else if (i)
			end_word(r);
		put_value(r, (struct grub_value){ a->text, a->doubt }, in_quotes);
	}
}

static void put_argument(struct expansion *r, const char *name, bool in_quotes)
{
	const struct grub_arguments *scope = r->g->scope;
	const char *end;
	uint64_t number;

	if (!grub_number(name, 10, &number, &end) || number == 0 || number > scope->count)
		return;
	put_value(r,
		(struct grub_value){
			scope->items[number - 1].text, scope->items[number - 1].doubt },
		in_quotes);
}

static void put_count(struct expansion *r)
{
	char text[24];

	snprintf(text, sizeof text, "%zu", r->g->scope->count);
	put_text(r, text);
}

/* $1, $#, $*, $@: outside of functions and entries they are empty words. */
static void put_special(struct expansion *r, const char *name, bool in_quotes)
{
	if (!r->g->scope)
		r->is_word = true;
	else if (r->g->scope->doubt)
		put_value(r, (struct grub_value){ "", r->g->scope->doubt }, in_quotes);
	else if (name[0] == '#')
		put_count(r);
	else if (name[0] == '*' || name[0] == '@')
		put_all_arguments(r, name[0], in_quotes);
	else
		put_argument(r, name, in_quotes);
}

static struct grub_value status_text(struct grub *g)
{
	char text[24];
	const char *copy;

	if (g->status.answer == ANSWER_UNKNOWN)
		return (struct grub_value){ "", grub_status_doubt(g) };
	if (g->status.code < 0)
		return (struct grub_value){ "",
			grub_reason(g, "the number of the error is known to GRUB only") };
	snprintf(text, sizeof text, "%d", g->status.code);
	copy = arena_string(g->f->arena, view_of_string(text));
	g->is_out_of_memory |= !copy;
	return (struct grub_value){ copy ? copy : "", NULL };
}

static void put_variable(struct expansion *r, const char *name, bool in_quotes)
{
	if (name[0] == '?')
		put_value(r, status_text(r->g), in_quotes);
	else if ((name[0] >= '0' && name[0] <= '9') || strchr("#*@", name[0]))
		put_special(r, name, in_quotes);
	else
		put_value(r, grub_value_of(r->g, name), in_quotes);
}

static bool is_hex(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

static void put_plain(struct expansion *r, const char *text)
{
	for (; *text; text++) {
		if (text[0] == '\\' && text[1]) {
			/* Red Hat's GRUB leaves this as it is. */
			if (text[1] == 'x' && is_hex(text[2]) && is_hex(text[3]))
				doubt_word(r, grub_reason(r->g, "GRUBs differ in what \\x is"));
			text++;
		} else {
			r->is_path |= *text == '*' || *text == '?';
		}
		put(r, *text);
	}
}

static void put_part(struct expansion *r, const struct grub_part *part)
{
	switch (part->kind) {
	case GRUB_PLAIN:
		put_plain(r, part->text);
		break;
	case GRUB_QUOTED:
		put_text(r, part->text);
		break;
	case GRUB_VARIABLE:
	case GRUB_QUOTED_VARIABLE:
		put_variable(r, part->text, part->kind == GRUB_QUOTED_VARIABLE);
		break;
	case GRUB_MESSAGE:
		put_value(r,
			(struct grub_value){ "", grub_reason(r->g, "this text is translated") },
			true);
		break;
	}
}

bool grub_expand_words(struct grub *g, const struct grub_word *words, struct grub_arguments *ret)
{
	struct expansion r = { .g = g, .ret = ret };

	*ret = (struct grub_arguments){ 0 };
	for (; words && !g->is_out_of_memory; words = words->next) {
		for (const struct grub_part *part = words->parts; part; part = part->next)
			put_part(&r, part);
		end_word(&r);
	}
	return !g->is_out_of_memory;
}

const char *grub_arguments_doubt(const struct grub_arguments *a, size_t from)
{
	for (size_t i = from; i < a->count; i++)
		if (a->items[i].doubt)
			return a->items[i].doubt;
	return a->doubt;
}

struct grub_arguments grub_arguments_from(const struct grub_arguments *a, size_t from)
{
	size_t skipped = from < a->count ? from : a->count;

	return (struct grub_arguments){
		.items = a->items ? a->items + skipped : NULL,
		.count = a->count - skipped,
		.doubt = a->doubt,
	};
}
