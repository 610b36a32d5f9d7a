/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Bytes to names and values; knows no name that anybody uses. */
#include "service/assignments.h"

#include <string.h>
#include <strings.h>

#include "service/scan.h"

const struct assignment *assignments_find_view(const struct assignments *all, struct view name)
{
	for (size_t i = all->count; i-- > 0;)
		if (all->items[i].name && view_equal(view_of_string(all->items[i].name), name))
			return &all->items[i];
	return NULL;
}

static void skip_line(struct scan *s)
{
	while (scan_peek(s, 0) >= 0 && scan_peek(s, 0) != '\n')
		scan_take(s);
}

static bool ends_command(const struct scan *s)
{
	int c = scan_peek(s, 0);

	return c < 0 || strchr("\n;#", c);
}

/* NAME, with its "=" or "+=" taken; empty, with nothing taken, where no assignment begins here. */
static struct view scan_name(struct scan *s, bool *ret_adds)
{
	size_t start = s->at;
	struct view name = scan_variable(s);
	bool adds = scan_peek(s, 0) == '+';

	if (name.n == 0 || scan_peek(s, adds) != '=') {
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

	while (scan_variable(s).n && !ends_command(s) && scan_is_blank(scan_peek(s, 0)))
		scan_skip_blanks(s);
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

	if (view_has_at(s->text, s->at, "export") && scan_is_blank(scan_peek(s, 6))) {
		s->at += 6;
		scan_skip_blanks(s);
		if (skip_export(s))
			return true;
	}
	s->n = 0;
	s->obstacle = NULL;
	name = scan_name(s, &adds);
	if (!name.n) {
		scan_refuse(s, "it is no assignment NAME=VALUE");
	} else {
		one.name = arena_string(arena, name);
		if (!one.name)
			return false;
		if (adds && assignments_find_view(all, name))
			scan_put_value(s, name);
		scan_word(s);
	}
	scan_skip_blanks(s);
	if (!ends_command(s))
		scan_refuse(s,
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
		scan_skip_blanks(&s);
		if (scan_peek(&s, 0) < 0)
			return true;
		if (scan_peek(&s, 0) == '#')
			skip_line(&s);
		else if (scan_peek(&s, 0) == '\n' || scan_peek(&s, 0) == ';')
			scan_take(&s);
		else if (!read_one(&s, all, file, arena))
			return false;
	}
}

bool assignments_add(struct assignments *all, const char *from, const char *name, const char *value,
	struct arena *arena)
{
	struct assignment one = { .name = name, .file = from };
	struct scan s = { .text = view_of_string(value) };

	s.out = scan_begin_value(s.text, arena);
	if (!s.out)
		return false;
	while (scan_peek(&s, 0) >= 0)
		scan_put(&s, scan_take(&s));
	one.obstacle = s.obstacle;
	one.value = s.obstacle ? NULL : s.out;
	return keep(all, one, arena);
}

const struct assignment *assignments_find(const struct assignments *all, const char *name)
{
	return assignments_find_view(all, view_of_string(name));
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

	s.out = scan_begin_value(s.text, arena);
	if (!s.out)
		return fail_no_memory(err);
	for (;;) {
		while (scan_peek(&s, 0) >= 0 && scan_ends_word(&s))
			scan_take(&s);
		if (scan_peek(&s, 0) < 0)
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
