/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "service/scan.h"

#include <string.h>

static const char too_long[] = "its value is too long";
static const char not_closed[] = "a quote is not closed";

char *scan_begin_value(struct view text, struct arena *arena)
{
	return arena_alloc(
		arena, text.n < ASSIGNMENT_VALUE_MAX ? text.n + 1 : ASSIGNMENT_VALUE_MAX);
}

int scan_peek(const struct scan *s, size_t ahead)
{
	return s->text.n - s->at > ahead ? s->text.p[s->at + ahead] : -1;
}

int scan_take(struct scan *s)
{
	int next = scan_peek(s, 0);

	s->at += next >= 0;
	s->line += next == '\n';
	return next;
}

void scan_refuse(struct scan *s, const char *obstacle)
{
	if (!s->obstacle)
		s->obstacle = obstacle;
}

bool scan_is_blank(int c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

static bool is_name_start(int c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool is_name(int c)
{
	return is_name_start(c) || (c >= '0' && c <= '9');
}

void scan_put(struct scan *s, int c)
{
	if (c == '\n' || c == '\t' || c == '\r')
		c = ' ';
	if (c < ' ' || c == 0x7f)
		scan_refuse(s, "there is a control character in it");
	else if (s->n == ASSIGNMENT_VALUE_MAX - 1)
		scan_refuse(s, too_long);
	else
		s->out[s->n++] = (char)c;
}

struct view scan_variable(struct scan *s)
{
	struct view name = { s->text.p + s->at, 0 };

	if (is_name_start(scan_peek(s, 0)))
		while (is_name(scan_peek(s, name.n)))
			name.n++;
	s->at += name.n;
	return name;
}

/* A name that others take the value of is a variable, and no setting that nobody knows. */
static void note_use(struct scan *s, struct view name)
{
	struct assignments *all = s->known;
	const char **grown = arena_grow(s->arena, all->used, all->used_count, sizeof *grown);
	const char *used = arena_string(s->arena, name);

	if (!grown || !used)
		return;
	grown[all->used_count++] = used;
	all->used = grown;
}

void scan_put_value(struct scan *s, struct view name)
{
	const struct assignment *known = assignments_find_view(s->known, name);

	note_use(s, name);
	if (!known || known->obstacle)
		scan_refuse(s, "it takes the value of a variable that is not set above");
	for (const char *v = known ? known->value : NULL; v && *v && !s->obstacle; v++)
		scan_put(s, (uint8_t)*v);
}

/* The word of ${NAME:-WORD}, up to its brace; it is gone through, and dropped where NAME has a value. */
static void scan_default(struct scan *s, bool in_quotes, bool is_taken)
{
	size_t before = s->n;

	while (!s->obstacle && scan_peek(s, 0) != '}') {
		int c = scan_take(s);

		if (c < 0)
			scan_refuse(s, "a brace is not closed");
		else if (c == '"' || c == '`' || c == '$' || c == '\\' || (c == '\'' && !in_quotes))
			scan_refuse(s,
				"it is not run by a shell: in ${NAME:-WORD} the word is taken as "
				"it "
				"is");
		else
			scan_put(s, c);
	}
	scan_take(s);
	s->n = is_taken ? s->n : before;
}

/* Behind "${": NAME}, NAME:-WORD} and NAME-WORD}. False where it is anything else. */
static bool scan_braced(struct scan *s, bool in_quotes)
{
	struct view name = scan_variable(s);
	const struct assignment *known = name.n ? assignments_find_view(s->known, name) : NULL;
	bool has_colon = scan_peek(s, 0) == ':', is_taken;

	if (!name.n)
		return false;
	if (scan_peek(s, 0) == '}') {
		scan_take(s);
		scan_put_value(s, name);
		return true;
	}
	if (scan_peek(s, has_colon) != '-')
		return false;
	s->at += has_colon ? 2 : 1;
	is_taken = !known || (!known->obstacle && !known->value[0] && has_colon);
	note_use(s, name);
	if (!is_taken)
		scan_put_value(s, name);
	scan_default(s, in_quotes, is_taken);
	return true;
}

static void scan_expansion(struct scan *s, bool in_quotes)
{
	bool is_known = true;
	struct view name;

	if (scan_peek(s, 0) == '{') {
		scan_take(s);
		is_known = scan_braced(s, in_quotes);
	} else {
		name = scan_variable(s);
		is_known = name.n != 0;
		if (is_known)
			scan_put_value(s, name);
	}
	if (!is_known)
		scan_refuse(s,
			"it is not run by a shell: of expansions only $NAME, ${NAME} and "
			"${NAME:-WORD} are known");
}

/* "$" and "`": what a shell would expand, inside of double quotes as well. */
static bool scan_special(struct scan *s, int c, bool in_quotes)
{
	if (!s->known || (c != '$' && c != '`'))
		return false;
	if (c == '`')
		scan_refuse(s, "it is not run by a shell: `...` is not known");
	else
		scan_expansion(s, in_quotes);
	return true;
}

static void scan_single_quotes(struct scan *s)
{
	for (int c; (c = scan_take(s)) != '\'';) {
		if (c < 0) {
			scan_refuse(s, not_closed);
			return;
		}
		scan_put(s, c);
	}
}

/* A backslash is one, but before these. */
static bool is_escaped_in_quotes(int c)
{
	return c == '$' || c == '`' || c == '"' || c == '\\' || c == '\n';
}

static void scan_double_quotes(struct scan *s)
{
	for (int c; (c = scan_take(s)) != '"' && !s->obstacle;) {
		if (c < 0) {
			scan_refuse(s, not_closed);
		} else if (c == '\\' && is_escaped_in_quotes(scan_peek(s, 0))) {
			c = scan_take(s);
			if (c != '\n')
				scan_put(s, c);
		} else if (!scan_special(s, c, true)) {
			scan_put(s, c);
		}
	}
}

static void scan_escaped(struct scan *s)
{
	int c = scan_take(s);

	if (c >= 0 && c != '\n')
		scan_put(s, c);
}

bool scan_ends_word(const struct scan *s)
{
	int c = scan_peek(s, 0);

	return c < 0 || scan_is_blank(c) || c == '\n' || (s->known && c == ';');
}

void scan_word(struct scan *s)
{
	while (!s->obstacle && !scan_ends_word(s)) {
		int c = scan_take(s);

		if (c == '\'')
			scan_single_quotes(s);
		else if (c == '"')
			scan_double_quotes(s);
		else if (c == '\\')
			scan_escaped(s);
		else if (s->known && strchr("|&<>()", c) && c)
			scan_refuse(s, "it is a command of a shell, which is not run");
		else if (!scan_special(s, c, false))
			scan_put(s, c);
	}
}

void scan_skip_blanks(struct scan *s)
{
	while (scan_is_blank(scan_peek(s, 0)) ||
		(scan_peek(s, 0) == '\\' && scan_peek(s, 1) == '\n'))
		scan_take(s);
}
