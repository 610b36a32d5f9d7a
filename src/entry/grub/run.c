/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Blocks, conditions, functions and menus of grub.cfg; what a command does, it does not know. */
#include <string.h>

#include "entry/grub/grub.h"
#include "machine/text.h"

/* What ends a list of statements. */
enum stop {
	STOP_FILE,
	STOP_CLOSE,
	STOP_THEN,
	STOP_ELIF,
	STOP_ELSE,
	STOP_FI,
	STOP_DO,
	STOP_DONE,
	STOP_NONE,
};

static const char *const stop_words[] = {
	[STOP_THEN] = "then",
	[STOP_ELIF] = "elif",
	[STOP_ELSE] = "else",
	[STOP_FI] = "fi",
	[STOP_DO] = "do",
	[STOP_DONE] = "done",
};

static enum stop run_list(struct grub *g, struct grub_cursor *c, bool run);

static bool is(const struct grub_statement *s, const char *word)
{
	return s->count && strcmp(s->words[0], word) == 0;
}

static enum stop stop_of(const struct grub_statement *s)
{
	if (s->count == 0)
		return s->end == GRUB_FILE     ? STOP_FILE
			: s->end == GRUB_CLOSE ? STOP_CLOSE
					       : STOP_NONE;
	for (enum stop stop = STOP_THEN; stop <= STOP_DONE; stop++)
		if (strcmp(s->words[0], stop_words[stop]) == 0)
			return stop;
	return STOP_NONE;
}

void grub_unknown(struct grub *g, const char *what)
{
	g->result = ANSWER_UNKNOWN;
	if (g->entry)
		finder_obstacle(g->f, g->entry, "%s, line %u: \"%.80s\" is not understood", g->file,
			g->line, what);
}

/* A condition that nobody can answer here is taken as false, and said where that matters. */
static void unanswered(struct grub *g, unsigned line)
{
	if (g->entry)
		finder_obstacle(g->f, g->entry, "%s, line %u: this condition is only known to GRUB",
			g->file, line);
}

static enum stop run_if(struct grub *g, struct grub_cursor *c, bool run)
{
	bool taken = false;
	enum stop stop = STOP_ELIF;

	while (stop == STOP_ELIF) {
		bool mine = run && !taken;
		unsigned line = c->line;

		stop = run_list(g, c, mine);
		if (stop != STOP_THEN)
			break;
		if (mine && g->result == ANSWER_UNKNOWN)
			unanswered(g, line);
		mine = mine && g->result == ANSWER_YES;
		taken |= mine;
		stop = run_list(g, c, mine);
	}
	if (stop == STOP_ELSE)
		stop = run_list(g, c, run && !taken);
	if (stop != STOP_FI && run)
		grub_unknown(g, "if");
	return stop == STOP_FILE ? STOP_FILE : STOP_NONE;
}

/* Up to its "done". What it repeats, only GRUB knows. */
static enum stop skip_loop(struct grub *g, struct grub_cursor *c, bool run)
{
	if (run)
		grub_unknown(g, "a loop");
	if (run_list(g, c, false) != STOP_DO || run_list(g, c, false) != STOP_DONE)
		return STOP_FILE;
	return STOP_NONE;
}

static void add_function(struct grub *g, const char *name, struct grub_cursor body)
{
	struct grub_function *grown;

	for (size_t i = 0; i < g->function_count; i++) {
		if (strcmp(g->functions[i].name, name) == 0) {
			g->functions[i].body = body;
			return;
		}
	}
	if (g->function_count == GRUB_VARIABLES_MAX)
		return;
	grown = arena_grow(g->f->arena, g->functions, g->function_count, sizeof *grown);
	if (!grown) {
		g->is_out_of_memory = true;
		return;
	}
	g->functions = grown;
	grown[g->function_count++] = (struct grub_function){ name, body };
}

/* The value of an option, in the same word or the next one. */
static bool option(const struct grub_statement *s, size_t *i, const char *name, const char **ret)
{
	size_t n = strlen(name);
	const char *word = s->words[*i];

	if (strncmp(word, name, n) != 0 || (word[n] != '=' && word[n] != '\0'))
		return false;
	if (word[n] == '=')
		*ret = word + n + 1;
	else
		*ret = *i + 1 < s->count ? s->words[++*i] : "";
	return true;
}

static size_t count_in_menu(const struct grub *g, size_t menu)
{
	size_t count = 0;

	for (size_t i = g->item_count; i-- > 0;)
		if (g->items[i].parent == menu)
			return g->items[i].index + 1;
	return count;
}

static void add_item(struct grub *g, struct grub_item item)
{
	struct grub_item *grown;

	if (g->item_count >= FINDER_ENTRIES_MAX) {
		if (!g->f->is_full)
			notes_add(g->f->notes,
				"%s, line %u: there are more than %d entries; the rest is "
				"left out",
				g->file, g->line, FINDER_ENTRIES_MAX);
		g->f->is_full = true;
		return;
	}
	item.parent = g->menu;
	item.index = count_in_menu(g, g->menu);
	grown = arena_grow(g->f->arena, g->items, g->item_count, sizeof *grown);
	if (!grown) {
		g->is_out_of_memory = true;
		return;
	}
	g->items = grown;
	grown[g->item_count++] = item;
}

static void add_menu_line(
	struct grub *g, const struct grub_statement *s, struct grub_cursor body, bool is_menu)
{
	struct grub_item item = { .id = "", .is_menu = is_menu, .body = body };
	const char **arguments = arena_alloc_array(g->f->arena, s->count + 1, sizeof *arguments);
	size_t count = 0, outer = g->menu;
	const char *ignored;

	if (!arguments) {
		g->is_out_of_memory = true;
		return;
	}
	for (size_t i = 1; i < s->count; i++) {
		if (option(s, &i, "--id", &item.id) || option(s, &i, "--class", &ignored) ||
			option(s, &i, "--users", &ignored) || option(s, &i, "--hotkey", &ignored) ||
			strcmp(s->words[i], "--unrestricted") == 0)
			continue;
		arguments[count++] = s->words[i];
	}
	item.title = count ? arguments[0] : "";
	item.arguments = arguments;
	add_item(g, item);
	if (!is_menu || g->is_out_of_memory || g->f->is_full)
		return;
	g->menu = g->item_count - 1;
	run_list(g, &body, true);
	g->menu = outer;
}

static enum stop run_block(
	struct grub *g, struct grub_cursor *c, const struct grub_statement *s, bool run)
{
	struct grub_cursor body = *c;

	if (s->count == 0)
		return run_list(g, c, run) == STOP_CLOSE ? STOP_NONE : STOP_FILE;
	if (run_list(g, c, false) != STOP_CLOSE) {
		if (run)
			notes_add(g->f->notes, "%s, line %u: nothing closes this block", g->file,
				s->line);
		return STOP_FILE;
	}
	if (!run)
		return STOP_NONE;
	if (is(s, "function") && s->count == 2)
		add_function(g, s->words[1], body);
	else if (g->entry)
		grub_unknown(g, s->words[0]);
	else if (is(s, "menuentry") || is(s, "submenu"))
		add_menu_line(g, s, body, is(s, "submenu"));
	else
		grub_unknown(g, s->words[0]);
	return STOP_NONE;
}

static bool is_loop(const struct grub_statement *s)
{
	return is(s, "while") || is(s, "until") || is(s, "for");
}

static void run_command(struct grub *g, const struct grub_statement *s)
{
	g->line = s->line;
	if (s->is_odd)
		grub_unknown(g, s->words[0]);
	else if (is(s, "blscfg") && !g->entry)
		add_item(g, (struct grub_item){ .title = "", .id = "", .is_bls = true });
	else
		grub_command(g, s);
}

static enum stop run_statement(
	struct grub *g, struct grub_cursor *c, const struct grub_statement *s, bool run)
{
	if (s->end == GRUB_OPEN)
		return run_block(g, c, s, run);
	if (is(s, "if"))
		return run_if(g, c, run);
	if (is_loop(s)) {
		g->line = s->line;
		return skip_loop(g, c, run);
	}
	if (run && s->count)
		run_command(g, s);
	return STOP_NONE;
}

static bool may_go_on(struct grub *g)
{
	if (g->is_out_of_memory)
		return false;
	if (g->statements < GRUB_STATEMENTS_MAX && g->bytes < GRUB_BYTES_MAX &&
		g->depth < GRUB_DEPTH_MAX) {
		g->statements++;
		return true;
	}
	if (g->entry)
		finder_obstacle(g->f, g->entry, "%s, line %u: it is too long or too deep", g->file,
			g->line);
	return false;
}

/* The end of the file is the end of every block that is open: nothing is read any further. */
static enum stop run_list(struct grub *g, struct grub_cursor *c, bool run)
{
	enum stop stop = STOP_NONE;

	g->depth++;
	while (stop == STOP_NONE) {
		struct grub_statement s;

		if (!may_go_on(g)) {
			stop = STOP_FILE;
			break;
		}
		grub_read(g, c, run, &s);
		if (s.count == 0)
			g->line = s.line;
		stop = stop_of(&s);
		if (stop == STOP_NONE)
			stop = run_statement(g, c, &s, run);
	}
	g->depth--;
	return stop;
}

void grub_run(struct grub *g, struct grub_cursor cursor)
{
	const char *file = g->file;
	unsigned line = g->line;

	g->file = cursor.file;
	run_list(g, &cursor, true);
	g->file = file;
	g->line = line;
}
