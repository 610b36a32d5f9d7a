/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Bytes to names and values; knows no name that anybody uses. */
#include "service/assignments.h"

#include <string.h>
#include <strings.h>

static const char too_long[] = "its value is too long";
static const char not_closed[] = "a quote is not closed";

/* One walk over a text. */
struct scan {
	struct view text;
	size_t at;
	unsigned line;
	struct assignments *known; /* what $NAME may name; NULL: $ is a character like others */
	struct arena *arena;
	char *out; /* as long as the text, or ASSIGNMENT_VALUE_MAX */
	size_t n;
	const char *obstacle; /* the first one */
};

/* Without expansions a value is not longer than what it is written as. */
static char *buffer_for(struct view text, struct arena *arena)
{
	return arena_alloc(
		arena, text.n < ASSIGNMENT_VALUE_MAX ? text.n + 1 : ASSIGNMENT_VALUE_MAX);
}

static int peek(const struct scan *s, size_t ahead)
{
	return s->text.n - s->at > ahead ? s->text.p[s->at + ahead] : -1;
}

static int take(struct scan *s)
{
	int next = peek(s, 0);

	s->at += next >= 0;
	s->line += next == '\n';
	return next;
}

static void refuse(struct scan *s, const char *obstacle)
{
	if (!s->obstacle)
		s->obstacle = obstacle;
}

static bool is_blank(int c)
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

/* The values are words of command lines and names of files: one line, for a terminal as well. */
static void put(struct scan *s, int c)
{
	if (c == '\n' || c == '\t' || c == '\r')
		c = ' ';
	if (c < ' ' || c == 0x7f)
		refuse(s, "there is a control character in it");
	else if (s->n == ASSIGNMENT_VALUE_MAX - 1)
		refuse(s, too_long);
	else
		s->out[s->n++] = (char)c;
}

static const struct assignment *find(const struct assignments *all, struct view name)
{
	for (size_t i = all->count; i-- > 0;)
		if (all->items[i].name && view_equal(view_of_string(all->items[i].name), name))
			return &all->items[i];
	return NULL;
}

/* NAME where one begins here, and no more than that. */
static struct view scan_variable(struct scan *s)
{
	struct view name = { s->text.p + s->at, 0 };

	if (is_name_start(peek(s, 0)))
		while (is_name(peek(s, name.n)))
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

static void put_value(struct scan *s, struct view name)
{
	const struct assignment *known = find(s->known, name);

	note_use(s, name);
	if (!known || known->obstacle)
		refuse(s, "it takes the value of a variable that is not set above");
	for (const char *v = known ? known->value : NULL; v && *v && !s->obstacle; v++)
		put(s, (uint8_t)*v);
}

/* The word of ${NAME:-WORD}, up to its brace; it is gone through, and dropped where NAME has a value. */
static void scan_default(struct scan *s, bool in_quotes, bool is_taken)
{
	size_t before = s->n;

	while (!s->obstacle && peek(s, 0) != '}') {
		int c = take(s);

		if (c < 0)
			refuse(s, "a brace is not closed");
		else if (c == '"' || c == '`' || c == '$' || c == '\\' || (c == '\'' && !in_quotes))
			refuse(s,
				"it is not run by a shell: in ${NAME:-WORD} the word is taken as "
				"it "
				"is");
		else
			put(s, c);
	}
	take(s);
	s->n = is_taken ? s->n : before;
}

/* Behind "${": NAME}, NAME:-WORD} and NAME-WORD}. False where it is anything else. */
static bool scan_braced(struct scan *s, bool in_quotes)
{
	struct view name = scan_variable(s);
	const struct assignment *known = name.n ? find(s->known, name) : NULL;
	bool has_colon = peek(s, 0) == ':', is_taken;

	if (!name.n)
		return false;
	if (peek(s, 0) == '}') {
		take(s);
		put_value(s, name);
		return true;
	}
	if (peek(s, has_colon) != '-')
		return false;
	s->at += has_colon ? 2 : 1;
	is_taken = !known || (!known->obstacle && !known->value[0] && has_colon);
	note_use(s, name);
	if (!is_taken)
		put_value(s, name);
	scan_default(s, in_quotes, is_taken);
	return true;
}

static void scan_expansion(struct scan *s, bool in_quotes)
{
	bool is_known = true;
	struct view name;

	if (peek(s, 0) == '{') {
		take(s);
		is_known = scan_braced(s, in_quotes);
	} else {
		name = scan_variable(s);
		is_known = name.n != 0;
		if (is_known)
			put_value(s, name);
	}
	if (!is_known)
		refuse(s,
			"it is not run by a shell: of expansions only $NAME, ${NAME} and "
			"${NAME:-WORD} are known");
}

/* "$" and "`": what a shell would expand, inside of double quotes as well. */
static bool scan_special(struct scan *s, int c, bool in_quotes)
{
	if (!s->known || (c != '$' && c != '`'))
		return false;
	if (c == '`')
		refuse(s, "it is not run by a shell: `...` is not known");
	else
		scan_expansion(s, in_quotes);
	return true;
}

static void scan_single_quotes(struct scan *s)
{
	for (int c; (c = take(s)) != '\'';) {
		if (c < 0) {
			refuse(s, not_closed);
			return;
		}
		put(s, c);
	}
}

/* A backslash is one, but before these. */
static bool is_escaped_in_quotes(int c)
{
	return c == '$' || c == '`' || c == '"' || c == '\\' || c == '\n';
}

static void scan_double_quotes(struct scan *s)
{
	for (int c; (c = take(s)) != '"' && !s->obstacle;) {
		if (c < 0) {
			refuse(s, not_closed);
		} else if (c == '\\' && is_escaped_in_quotes(peek(s, 0))) {
			c = take(s);
			if (c != '\n')
				put(s, c);
		} else if (!scan_special(s, c, true)) {
			put(s, c);
		}
	}
}

static void scan_escaped(struct scan *s)
{
	int c = take(s);

	if (c >= 0 && c != '\n')
		put(s, c);
}

static bool ends_word(const struct scan *s)
{
	int c = peek(s, 0);

	return c < 0 || is_blank(c) || c == '\n' || (s->known && c == ';');
}

/* Up to its end or to what cannot be followed. */
static void scan_word(struct scan *s)
{
	while (!s->obstacle && !ends_word(s)) {
		int c = take(s);

		if (c == '\'')
			scan_single_quotes(s);
		else if (c == '"')
			scan_double_quotes(s);
		else if (c == '\\')
			scan_escaped(s);
		else if (s->known && strchr("|&<>()", c) && c)
			refuse(s, "it is a command of a shell, which is not run");
		else if (!scan_special(s, c, false))
			put(s, c);
	}
}

static void skip_blanks(struct scan *s)
{
	while (is_blank(peek(s, 0)) || (peek(s, 0) == '\\' && peek(s, 1) == '\n'))
		take(s);
}

static void skip_line(struct scan *s)
{
	while (peek(s, 0) >= 0 && peek(s, 0) != '\n')
		take(s);
}

static bool ends_command(const struct scan *s)
{
	int c = peek(s, 0);

	return c < 0 || strchr("\n;#", c);
}

/* NAME, with its "=" or "+=" taken; empty, with nothing taken, where no assignment begins here. */
static struct view scan_name(struct scan *s, bool *ret_adds)
{
	size_t start = s->at;
	struct view name = scan_variable(s);
	bool adds = peek(s, 0) == '+';

	if (name.n == 0 || peek(s, adds) != '=') {
		s->at = start;
		return (struct view){ 0 };
	}
	s->at += adds ? 2 : 1;
	*ret_adds = adds;
	return name;
}

/* "export" and names alone: nothing is assigned. False, with nothing taken, for anything else. */
static bool skip_export(struct scan *s)
{
	size_t start = s->at;
	unsigned line = s->line;

	while (scan_variable(s).n && !ends_command(s) && is_blank(peek(s, 0)))
		skip_blanks(s);
	if (s->at != start && ends_command(s))
		return true;
	s->at = start;
	s->line = line;
	return false;
}

static bool keep(struct assignments *all, struct assignment one, struct arena *arena)
{
	struct assignment *grown;

	if (all->count == ASSIGNMENTS_MAX)
		return true;
	if (all->count == ASSIGNMENTS_MAX - 1)
		one = (struct assignment){ .file = one.file,
			.line = one.line,
			.obstacle = "there are too many settings" };
	grown = arena_grow(arena, all->items, all->count, sizeof *grown);
	if (!grown)
		return false;
	grown[all->count++] = one;
	all->items = grown;
	return true;
}

/* One assignment, or the rest of a line that is none. */
static bool read_one(struct scan *s, struct assignments *all, const char *file, struct arena *arena)
{
	struct assignment one = { .file = file, .line = s->line };
	struct view name;
	bool adds = false;

	if (view_has_at(s->text, s->at, "export") && is_blank(peek(s, 6))) {
		s->at += 6;
		skip_blanks(s);
		if (skip_export(s))
			return true;
	}
	s->n = 0;
	s->obstacle = NULL;
	name = scan_name(s, &adds);
	if (!name.n) {
		refuse(s, "it is no assignment NAME=VALUE");
	} else {
		one.name = arena_string(arena, name);
		if (!one.name)
			return false;
		if (adds && find(all, name))
			put_value(s, name);
		scan_word(s);
	}
	skip_blanks(s);
	if (!ends_command(s))
		refuse(s,
			"a command stands behind the assignment: a value with blanks needs quotes");
	one.obstacle = s->obstacle;
	if (s->obstacle)
		skip_line(s);
	else
		one.value = arena_string(arena, (struct view){ (uint8_t *)s->out, s->n });
	return (one.value || one.obstacle) && keep(all, one, arena);
}

bool assignments_read(
	struct assignments *all, const char *file, struct view text, struct arena *arena)
{
	struct scan s = { .text = text, .line = 1, .known = all, .arena = arena };

	s.out = arena_alloc(arena, ASSIGNMENT_VALUE_MAX);
	if (!s.out)
		return false;
	for (;;) {
		skip_blanks(&s);
		if (peek(&s, 0) < 0)
			return true;
		if (peek(&s, 0) == '#')
			skip_line(&s);
		else if (peek(&s, 0) == '\n' || peek(&s, 0) == ';')
			take(&s);
		else if (!read_one(&s, all, file, arena))
			return false;
	}
}

bool assignments_add(struct assignments *all, const char *from, const char *name, const char *value,
	struct arena *arena)
{
	struct assignment one = { .name = name, .file = from };
	struct scan s = { .text = view_of_string(value) };

	s.out = buffer_for(s.text, arena);
	if (!s.out)
		return false;
	while (peek(&s, 0) >= 0)
		put(&s, take(&s));
	one.obstacle = s.obstacle;
	one.value = s.obstacle ? NULL : s.out;
	return keep(all, one, arena);
}

const struct assignment *assignments_find(const struct assignments *all, const char *name)
{
	return find(all, view_of_string(name));
}

static bool fail_at(const struct assignment *a, struct error *err)
{
	if (a->line)
		return fail(err, FAULT_SETTINGS, "%s, line %u: %s", a->file, a->line, a->obstacle);
	return fail(err, FAULT_SETTINGS, "%s of %s: %s", a->name, a->file, a->obstacle);
}

bool assignments_value(
	const struct assignments *all, const char *name, const char **ret, struct error *err)
{
	const struct assignment *a = assignments_find(all, name);

	if (a && a->obstacle)
		return fail_at(a, err);
	*ret = a ? a->value : NULL;
	return true;
}

bool assignments_check(const struct assignments *all, struct error *err)
{
	for (size_t i = 0; i < all->count; i++)
		if (!all->items[i].name)
			return fail_at(&all->items[i], err);
	return true;
}

bool assignment_is_yes(const char *value, bool *ret)
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

static bool keep_word(struct scan *s, struct arena *arena, struct shell_words *ret)
{
	const char **grown = arena_grow(arena, ret->items, ret->count, sizeof *grown);
	const char *word = arena_string(arena, (struct view){ (uint8_t *)s->out, s->n });

	if (!grown || !word)
		return false;
	grown[ret->count++] = word;
	ret->items = grown;
	return true;
}

static bool end_words(struct arena *arena, struct shell_words *ret)
{
	const char **grown = arena_grow(arena, ret->items, ret->count, sizeof *grown);

	if (!grown)
		return false;
	grown[ret->count] = NULL;
	ret->items = grown;
	return true;
}

bool assignment_words(
	const char *value, struct arena *arena, struct shell_words *ret, struct error *err)
{
	struct scan s = { .text = view_of_string(value) };
	struct shell_words words = { 0 };

	s.out = buffer_for(s.text, arena);
	if (!s.out)
		return fail_no_memory(err);
	for (;;) {
		while (peek(&s, 0) >= 0 && ends_word(&s))
			take(&s);
		if (peek(&s, 0) < 0)
			break;
		s.n = 0;
		scan_word(&s);
		if (s.obstacle)
			return fail(err, FAULT_SETTINGS, "\"%.200s\": %s", value, s.obstacle);
		if (!keep_word(&s, arena, &words))
			return fail_no_memory(err);
	}
	if (!end_words(arena, &words))
		return fail_no_memory(err);
	*ret = words;
	return true;
}

/* run-parts(8): what an editor or a package manager leaves behind has other characters. */
bool settings_part_is_read(const char *name)
{
	static const char all[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";

	return name[0] && strspn(name, all) == strlen(name);
}
