/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "service/setting.h"

#include <string.h>
#include <strings.h>

enum { AT_END = -1 };

static int peek(const struct setting_reader *r)
{
	return r->at < r->text.n ? r->text.p[r->at] : AT_END;
}

static int take(struct setting_reader *r)
{
	int c = peek(r);

	r->at += c != AT_END;
	r->line += c == '\n';
	return c;
}

static bool is_blank(int c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

static bool ends_statement(int c)
{
	return c == AT_END || c == '\n' || c == ';';
}

static void skip_blanks(struct setting_reader *r)
{
	while (is_blank(peek(r)))
		take(r);
}

static bool is_letter(int c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static struct view take_name(struct setting_reader *r)
{
	size_t from = r->at;

	while (is_letter(peek(r)) || (r->at > from && peek(r) >= '0' && peek(r) <= '9'))
		take(r);
	return (struct view){ r->text.p + from, r->at - from };
}

/* A value in the making; what it becomes is never longer than what it is read from. */
struct value {
	char *s;
	size_t n;
	bool is_plain;
};

static void put(struct value *v, int c)
{
	if (c == AT_END)
		return;
	if (v->s)
		v->s[v->n++] = (char)c;
}

static void put_expandable(struct value *v, int c)
{
	v->is_plain &= c != '$' && c != '`';
	put(v, c);
}

static void take_single_quoted(struct setting_reader *r, struct value *v)
{
	for (int c; (c = take(r)) != AT_END && c != '\'';)
		put(v, c);
}

static void take_double_quoted(struct setting_reader *r, struct value *v)
{
	for (int c; (c = take(r)) != AT_END && c != '"';) {
		if (c != '\\') {
			put_expandable(v, c);
			continue;
		}
		c = take(r);
		if (c != '$' && c != '`' && c != '"' && c != '\\' && c != '\n')
			put(v, '\\');
		if (c != '\n')
			put(v, c);
	}
}

/* Up to what ends the word. With v->s NULL only passes over it. */
static void take_word(struct setting_reader *r, struct value *v)
{
	while (!is_blank(peek(r)) && !ends_statement(peek(r))) {
		int c = take(r);

		if (c == '\'') {
			take_single_quoted(r, v);
		} else if (c == '"') {
			take_double_quoted(r, v);
		} else if (c == '\\') {
			c = take(r);
			if (c != '\n')
				put(v, c);
		} else {
			put_expandable(v, c);
		}
	}
}

/* The rest of a statement: quotes and comments may have in them what would end it. */
static void skip_statement(struct setting_reader *r)
{
	struct value none = { 0 };

	for (;;) {
		skip_blanks(r);
		if (peek(r) == '#')
			while (peek(r) != '\n' && peek(r) != AT_END)
				take(r);
		if (ends_statement(peek(r)))
			break;
		take_word(r, &none);
	}
	take(r);
}

/* At "NAME=": true with the setting, when nothing but its value is in the statement. */
static bool take_assignment(struct setting_reader *r, struct view name, struct setting *ret)
{
	struct setting_reader ahead = *r;
	struct value value = { .is_plain = true }, room = { 0 };

	ret->line = r->line;
	take_word(&ahead, &room);
	value.s = arena_alloc(r->arena, ahead.at - r->at + 1);
	take_word(r, &value);
	skip_blanks(r);
	if (!value.s || (!ends_statement(peek(r)) && peek(r) != '#'))
		return false;
	ret->name = arena_string(r->arena, name);
	ret->value = value.s;
	ret->is_plain = value.is_plain;
	return ret->name;
}

static struct view take_assigned_name(struct setting_reader *r)
{
	struct view name = take_name(r), exported = view_of_string("export");

	if (!view_equal(name, exported) || !is_blank(peek(r)))
		return name;
	skip_blanks(r);
	return take_name(r);
}

struct setting_reader setting_reader_make(struct view text, struct arena *arena)
{
	return (struct setting_reader){ .text = text, .arena = arena, .line = 1 };
}

bool setting_next(struct setting_reader *r, struct setting *ret)
{
	while (peek(r) != AT_END) {
		struct setting setting;
		struct view name;
		bool found = false;

		skip_blanks(r);
		name = take_assigned_name(r);
		if (name.n && peek(r) == '=') {
			take(r);
			found = take_assignment(r, name, &setting);
		}
		skip_statement(r);
		if (!found)
			continue;
		*ret = setting;
		return true;
	}
	return false;
}

bool setting_find(struct view text, const char *name, struct arena *arena, struct setting *ret)
{
	struct setting_reader r = setting_reader_make(text, arena);
	struct setting setting;
	bool found = false;

	while (setting_next(&r, &setting)) {
		if (strcmp(setting.name, name) != 0)
			continue;
		*ret = setting;
		found = true;
	}
	return found;
}

bool setting_is_yes(const char *value, bool *ret)
{
	static const struct {
		const char *word;
		bool yes;
	} words[] = { { "yes", true }, { "true", true }, { "on", true }, { "1", true },
		{ "no", false }, { "false", false }, { "off", false }, { "0", false } };

	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		if (strcasecmp(value, words[i].word) != 0)
			continue;
		*ret = words[i].yes;
		return true;
	}
	return false;
}
