/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Text to statements: words, quotes, variables ("The GNU GRUB Manual", "Shell-like scripting"). It
 * knows no command.
 */
#include <string.h>

#include "entry/grub/grub.h"

struct words {
	struct grub *g;
	struct grub_cursor *c;
	struct grub_statement *s;
	bool run;
	size_t n;       /* bytes in the scratch buffer */
	bool is_word;   /* there is one, though it may be empty */
	bool is_quoted; /* so that it is no keyword and no brace */
	bool is_full;
};

static int peek(const struct grub_cursor *c, size_t ahead)
{
	return c->text.n - c->at > ahead ? c->text.p[c->at + ahead] : -1;
}

static int take(struct grub_cursor *c)
{
	int next = peek(c, 0);

	c->at += next >= 0;
	c->line += next == '\n';
	return next;
}

static bool is_blank(int c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

static bool is_name(int c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
		c == '_';
}

static void put(struct words *r, int c)
{
	r->is_word = true;
	if (r->n < FINDER_TEXT_MAX)
		r->g->scratch[r->n++] = (char)c;
	else
		r->is_full = true;
}

static void end_word(struct words *r)
{
	struct grub_statement *s = r->s;
	const char **words;

	if (!r->is_word)
		return;
	r->g->bytes += r->n;
	/* What is only skipped needs no words but its first. */
	if (s->count == GRUB_WORDS_MAX) {
		s->is_odd = true;
	} else if (r->run || s->count == 0) {
		words = arena_grow(r->g->f->arena, s->words, s->count, sizeof *words);
		s->words = words ? words : s->words;
		if (words)
			words[s->count] = arena_string(r->g->f->arena,
				(struct view){ (const uint8_t *)r->g->scratch, r->n });
		if (!words || !words[s->count])
			r->g->is_out_of_memory = true;
		else
			s->count++;
	}
	r->n = 0;
	r->is_word = r->is_quoted = false;
}

/* Outside of quotes the value is split at its blanks. */
static void put_value(struct words *r, const char *value, bool in_quotes)
{
	for (; *value; value++) {
		if (!in_quotes && (is_blank(*value) || *value == '\n'))
			end_word(r);
		else
			put(r, (uint8_t)*value);
	}
}

/* A NULL-terminated array's string, or "" behind its end. */
static const char *argument(const struct grub *g, unsigned number)
{
	for (unsigned i = 0; g->arguments && g->arguments[i]; i++)
		if (i + 1 == number)
			return g->arguments[i];
	return "";
}

static void put_variable(struct words *r, bool in_quotes)
{
	struct grub_cursor *c = r->c;
	bool braces = peek(c, 0) == '{';
	size_t start = c->at + braces, end = start;
	char name[256];

	while (end < c->text.n && is_name(c->text.p[end]))
		end++;
	if (end == start || end - start >= sizeof name ||
		(braces && (end == c->text.n || c->text.p[end] != '}'))) {
		put(r, '$');
		r->s->is_odd |= braces;
		return;
	}
	memcpy(name, c->text.p + start, end - start);
	name[end - start] = '\0';
	c->at = end + braces;
	if (!r->run)
		put(r, '$');
	else if (name[0] >= '0' && name[0] <= '9')
		put_value(r, argument(r->g, (unsigned)(name[0] - '0')), in_quotes);
	else
		put_value(r, grub_get(r->g, name), in_quotes);
}

static void single_quotes(struct words *r)
{
	int c;

	while ((c = take(r->c)) >= 0 && c != '\'')
		put(r, c);
}

static void double_quotes(struct words *r)
{
	int c;

	while ((c = take(r->c)) >= 0 && c != '"') {
		int next = peek(r->c, 0);

		if (c == '$') {
			put_variable(r, true);
		} else if (c == '\\' && next == '\n') {
			take(r->c);
		} else if (c == '\\' && (next == '$' || next == '"' || next == '\\')) {
			put(r, take(r->c));
		} else {
			put(r, c);
		}
	}
}

static void escaped(struct words *r)
{
	int c = take(r->c);

	if (c >= 0 && c != '\n')
		put(r, c);
}

static void one_part(struct words *r, int c)
{
	if (c == '\'' || c == '"') {
		r->is_word = r->is_quoted = true;
		if (c == '"')
			double_quotes(r);
		else
			single_quotes(r);
	} else if (c == '\\') {
		escaped(r);
	} else if (c == '$') {
		put_variable(r, false);
	} else {
		r->s->is_odd |= strchr("|&<>", c) != NULL;
		put(r, c);
	}
}

static void skip_comment(struct grub_cursor *c)
{
	while (peek(c, 0) >= 0 && peek(c, 0) != '\n')
		take(c);
}

/* A brace is one only where it stands alone. */
static bool is_brace(const struct words *r, int c)
{
	int next = peek(r->c, 1);

	return (c == '{' || c == '}') && !r->is_word &&
		(next < 0 || is_blank(next) || next == '\n' || next == ';' || next == '#');
}

/* These end where they end: what follows is a statement of its own. */
static bool is_opening(const struct grub_statement *s)
{
	static const char *const words[] = { "if", "elif", "then", "else", "do", "while", "until" };

	for (size_t i = 0; s->count == 1 && i < sizeof words / sizeof *words; i++)
		if (strcmp(s->words[0], words[i]) == 0)
			return true;
	return false;
}

/* True when the statement is complete. */
static bool step(struct words *r)
{
	struct grub_statement *s = r->s;
	int c = peek(r->c, 0);
	bool quoted = r->is_quoted;

	if (c >= 0 && !is_blank(c) && c != '\n' && c != ';' && !is_brace(r, c)) {
		if (c == '#' && !r->is_word)
			skip_comment(r->c);
		else
			one_part(r, take(r->c));
		return false;
	}
	end_word(r);
	if (!quoted && is_opening(s))
		return true;
	if (c == '}' && s->count)
		return true;
	s->end = c < 0 ? GRUB_FILE : c == '{' ? GRUB_OPEN : c == '}' ? GRUB_CLOSE : GRUB_LINE;
	if (s->count == 0 && s->end != GRUB_LINE)
		s->line = r->c->line;
	take(r->c);
	return !is_blank(c) && (s->count || s->end != GRUB_LINE);
}

void grub_read(struct grub *g, struct grub_cursor *cursor, bool run, struct grub_statement *ret)
{
	struct grub_statement s = { .end = GRUB_LINE, .line = cursor->line };
	struct words r = { .g = g, .c = cursor, .s = &s, .run = run };

	while (!g->is_out_of_memory && !step(&r))
		if (s.count == 0 && !r.is_word)
			s.line = cursor->line;
	s.is_odd |= r.is_full;
	*ret = s;
}

const char *grub_expand(struct grub *g, struct view text)
{
	struct grub_statement s = { .end = GRUB_LINE };
	struct grub_cursor cursor = { .text = text };
	struct words r = { .g = g, .c = &cursor, .s = &s, .run = true };
	int c;

	while ((c = take(&cursor)) >= 0) {
		if (c == '$')
			put_variable(&r, true);
		else
			put(&r, c);
	}
	return arena_string(g->f->arena, (struct view){ (const uint8_t *)g->scratch, r.n });
}
