/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Bytes to tokens: quotes, escapes and the names of variables. */
#include "entry/grub/lex.h"

#include <string.h>

struct lexer {
	struct arena *arena;
	struct grub_text *t;
	struct grub_word *word;
	struct grub_part **end; /* where the next part goes */
	char *piece;            /* that is being read */
	size_t n, room;
	bool is_plain, is_bad, is_out_of_memory;
};

static int byte_at(const struct grub_text *t, size_t ahead)
{
	return t->text.n - t->at > ahead ? t->text.p[t->at + ahead] : -1;
}

/* GRUB takes carriage returns out, and lines that begin with # out of files. */
static void skip_unseen(struct grub_text *t, bool at_line)
{
	for (;;) {
		while (byte_at(t, 0) == '\r')
			t->at++;
		if (!t->is_file || !at_line || byte_at(t, 0) != '#')
			return;
		while (byte_at(t, 0) >= 0 && byte_at(t, 0) != '\n')
			t->at++;
		if (byte_at(t, 0) < 0)
			return;
		t->at++;
		t->line++;
	}
}

static int peek(const struct lexer *l)
{
	return byte_at(l->t, 0);
}

static int take(struct lexer *l)
{
	int c = peek(l);

	l->t->at += c >= 0;
	l->t->line += c == '\n';
	skip_unseen(l->t, c == '\n');
	return c;
}

static bool is_letter(int c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool is_digit(int c)
{
	return c >= '0' && c <= '9';
}

static void put(struct lexer *l, int c)
{
	/* They stand for what is unknown; a zero ends GRUB's line. */
	l->is_bad |= c <= 2 || l->n == l->room;
	if (!l->is_bad)
		l->piece[l->n++] = (char)c;
}

static void add_part(struct lexer *l, enum grub_part_kind kind)
{
	struct grub_part *part = arena_alloc(l->arena, sizeof *part);

	if (part) {
		part->kind = kind;
		part->text =
			arena_string(l->arena, (struct view){ (const uint8_t *)l->piece, l->n });
	}
	l->n = 0;
	if (!part || !part->text) {
		l->is_out_of_memory = true;
		return;
	}
	*l->end = part;
	l->end = &part->next;
}

static void end_piece(struct lexer *l, enum grub_part_kind kind)
{
	if (l->n)
		add_part(l, kind);
}

/* Behind the dollar; an unknown form is an error. */
static void read_name(struct lexer *l, enum grub_part_kind kind)
{
	bool braces = peek(l) == '{';
	int c;

	if (braces)
		take(l);
	c = peek(l);
	if (c >= 0 && strchr("?#*@", c) && c) {
		put(l, take(l));
	} else if (is_digit(c)) {
		while (is_digit(peek(l)))
			put(l, take(l));
	} else {
		while (is_letter(peek(l)) || (l->n && is_digit(peek(l))))
			put(l, take(l));
	}
	if (l->n == 0 || (braces && take(l) != '}'))
		l->is_bad = true;
	add_part(l, kind);
}

static void read_single_quotes(struct lexer *l)
{
	int c;

	while ((c = take(l)) >= 0 && c != '\'')
		put(l, c);
	l->is_bad |= c < 0;
	add_part(l, GRUB_QUOTED);
}

static void read_double_quotes(struct lexer *l)
{
	int c;

	while (!l->is_bad && (c = take(l)) != '"') {
		int next = peek(l);

		if (c < 0) {
			l->is_bad = true;
		} else if (c == '$') {
			end_piece(l, GRUB_QUOTED);
			read_name(l, GRUB_QUOTED_VARIABLE);
		} else if (c == '\\' && next == '\n') {
			take(l);
		} else if (c == '\\' && (next == '$' || next == '"' || next == '\\')) {
			put(l, take(l));
		} else {
			put(l, c);
		}
	}
	add_part(l, GRUB_QUOTED);
}

static void read_message(struct lexer *l)
{
	int c;

	while (!l->is_bad && (c = take(l)) != '"') {
		l->is_bad |= c < 0 || (c == '\\' && peek(l) < 0);
		if (c >= 0)
			put(l, c);
		if (c == '\\' && peek(l) >= 0)
			put(l, take(l));
	}
	add_part(l, GRUB_MESSAGE);
}

/* A backslash stays before what it stands for: the wildcards of words are found later. */
static void read_escape(struct lexer *l)
{
	int c = take(l);

	if (c == '\n')
		return;
	l->is_bad |= c < 0;
	if (c < 0)
		return;
	put(l, '\\');
	put(l, c);
}

static void read_dollar(struct lexer *l)
{
	end_piece(l, GRUB_PLAIN);
	if (peek(l) == '"') {
		take(l);
		read_message(l);
	} else {
		read_name(l, GRUB_VARIABLE);
	}
}

static void read_word_part(struct lexer *l)
{
	int c = take(l);

	l->is_plain &= !strchr("'\"\\$", c);
	if (c == '\'' || c == '"') {
		end_piece(l, GRUB_PLAIN);
		if (c == '"')
			read_double_quotes(l);
		else
			read_single_quotes(l);
	} else if (c == '\\') {
		read_escape(l);
	} else if (c == '$') {
		read_dollar(l);
	} else {
		put(l, c);
	}
}

static bool ends_word(int c)
{
	return c < 0 || (c && strchr("{}|&;<> \t\n", c));
}

static enum grub_token_kind read_word(struct lexer *l)
{
	l->word = arena_alloc(l->arena, sizeof *l->word);
	if (!l->word) {
		l->is_out_of_memory = true;
		return TOKEN_BAD;
	}
	l->end = (struct grub_part **)&l->word->parts;
	l->is_plain = true;
	while (!l->is_bad && !l->is_out_of_memory && !ends_word(peek(l)))
		read_word_part(l);
	end_piece(l, GRUB_PLAIN);
	if (l->is_plain && l->word->parts)
		l->word->plain = l->word->parts->text;
	return l->is_bad ? TOKEN_BAD : TOKEN_WORD;
}

static void skip_blanks(struct lexer *l)
{
	while (peek(l) == ' ' || peek(l) == '\t')
		take(l);
	if (peek(l) != '#')
		return;
	while (peek(l) >= 0 && peek(l) != '\n')
		take(l);
}

static enum grub_token_kind read_mark(struct lexer *l, int c)
{
	take(l);
	if (c == ';' && peek(l) == ';')
		return TOKEN_BAD;
	return c == '\n'   ? TOKEN_NEWLINE
		: c == ';' ? TOKEN_SEMICOLON
		: c == '{' ? TOKEN_OPEN
		: c == '}' ? TOKEN_CLOSE
			   : TOKEN_BAD;
}

/* A word's text is not longer than what it is read from, up to its end. */
static size_t longest(const struct grub_text *t)
{
	size_t n = 0;
	int c, quote = 0;

	for (; (c = byte_at(t, n)) >= 0; n++) {
		if (quote ? c == quote : (c == '\'' || c == '"'))
			quote = quote ? 0 : c;
		else if (c == '\\' && quote != '\'' && byte_at(t, n + 1) >= 0)
			n++;
		else if (!quote && (c == ' ' || c == '\t' || c == '\n' || c == ';'))
			break;
	}
	return n + 2;
}

bool grub_lex(struct arena *arena, struct grub_text *text, struct grub_token *ret)
{
	struct lexer l = { .arena = arena, .t = text };
	int c;

	if (text->at == 0)
		skip_unseen(text, true);
	skip_blanks(&l);
	ret->line = text->line;
	c = peek(&l);
	if (c < 0) {
		ret->kind = TOKEN_END;
	} else if (ends_word(c)) {
		ret->kind = read_mark(&l, c);
	} else {
		l.room = longest(text);
		l.piece = arena_alloc(arena, l.room);
		if (!l.piece)
			return false;
		ret->kind = read_word(&l);
	}
	ret->word = l.word;
	return !l.is_out_of_memory;
}
