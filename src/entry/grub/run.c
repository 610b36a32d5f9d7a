/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Statements: conditions, loops, functions, calls. What a command does it does not know, it is handed the
 * table of them. Where it is not known which way GRUB goes, all ways are gone in doubt.
 */
#include <string.h>

#include "entry/grub/grub.h"

/* False where it is too long or too deep. */
static bool may_go_on(struct grub *g)
{
	if (g->is_out_of_memory || g->flow == GRUB_STOPS)
		return false;
	if (g->steps < GRUB_STEPS_MAX && g->all_steps < GRUB_ALL_STEPS_MAX &&
		g->bytes < GRUB_BYTES_MAX && g->depth < GRUB_RECURSION_MAX) {
		g->steps++;
		g->all_steps++;
		return true;
	}
	grub_lose_the_rest(g, grub_reason(g, "it is too long or too deep"));
	g->flow = GRUB_STOPS;
	return false;
}

static void run_node(struct grub *g, const struct grub_node *node);

static void run_list(struct grub *g, const struct grub_node *list)
{
	g->depth++;
	for (; list && g->flow == GRUB_GOES_ON; list = list->next)
		run_node(g, list);
	g->depth--;
}

static void run_in_doubt(struct grub *g, const struct grub_node *list, const char *doubt)
{
	const char *before = g->doubt;

	g->doubt = before ? before : doubt;
	run_list(g, list);
	g->doubt = before;
}

static void run_if(struct grub *g, const struct grub_node *node)
{
	const char *doubt;

	run_list(g, node->condition);
	if (g->flow != GRUB_GOES_ON)
		return;
	if (g->status.answer != ANSWER_UNKNOWN) {
		const struct grub_node *list =
			g->status.answer == ANSWER_YES ? node->body : node->otherwise;

		grub_succeed(g);
		run_list(g, list);
		return;
	}
	doubt = grub_status_doubt(g);
	run_in_doubt(g, node->body, doubt);
	if (g->flow != GRUB_STOPS)
		run_in_doubt(g, node->otherwise, doubt);
	grub_wonder(g, doubt);
}

/* True when the loop is over. */
static bool ends_loop(struct grub *g)
{
	if (g->flow == GRUB_CONTINUES && g->breaks == 1) {
		g->flow = GRUB_GOES_ON;
		return false;
	}
	return g->flow != GRUB_GOES_ON;
}

static void leave_loop(struct grub *g)
{
	g->loops--;
	if (g->flow != GRUB_BREAKS && g->flow != GRUB_CONTINUES)
		return;
	g->breaks--;
	if (g->breaks == 0)
		g->flow = GRUB_GOES_ON;
}

static void run_for(struct grub *g, const struct grub_node *node)
{
	struct grub_arguments words;
	const char *doubt;

	if (!grub_expand_words(g, node->words, &words))
		return;
	doubt = grub_arguments_doubt(&words, 0);
	if (doubt) {
		grub_lose(g, doubt);
		return;
	}
	g->loops++;
	grub_succeed(g);
	for (size_t i = 0; i < words.count && may_go_on(g); i++) {
		grub_set(g, node->name, words.items[i].text);
		run_list(g, node->body);
		if (ends_loop(g))
			break;
	}
	leave_loop(g);
}

static void run_while(struct grub *g, const struct grub_node *node)
{
	enum answer wanted = node->kind == GRUB_WHILE ? ANSWER_YES : ANSWER_NO;

	g->loops++;
	while (may_go_on(g)) {
		run_list(g, node->condition);
		if (ends_loop(g))
			break;
		if (g->status.answer == ANSWER_UNKNOWN) {
			grub_lose(g, grub_status_doubt(g));
			break;
		}
		if (g->status.answer != wanted)
			break;
		run_list(g, node->body);
		if (ends_loop(g))
			break;
	}
	leave_loop(g);
}

void grub_run_function(
	struct grub *g, const struct grub_node *body, const struct grub_arguments *arguments)
{
	struct grub_arguments scope = *arguments, *before = g->scope;
	const char *rest_doubt = g->rest_doubt;
	unsigned loops = g->loops;

	g->scope = &scope;
	g->loops = 0;
	run_list(g, body);
	g->loops = loops;
	g->scope = before;
	g->rest_doubt = rest_doubt;
	if (g->flow == GRUB_RETURNS)
		g->flow = GRUB_GOES_ON;
}

static const struct grub_function *find_function(const struct grub *g, const char *name)
{
	for (size_t i = 0; i < g->function_count; i++)
		if (strcmp(g->functions[i].name, name) == 0)
			return &g->functions[i];
	return NULL;
}

static const struct grub_command *find_command(const struct grub *g, const char *name)
{
	for (const struct grub_command *c = g->commands; c->name; c++)
		if (strcmp(c->name, name) == 0)
			return c;
	return NULL;
}

static void call(struct grub *g, const struct grub_node *node, const struct grub_arguments *a)
{
	const char *name = a->items[0].text;
	const struct grub_command *command = find_command(g, name);
	const struct grub_function *function = find_function(g, name);
	struct grub_arguments rest = grub_arguments_from(a, 1);

	if (command && (command->is_everywhere || !function)) {
		command->run(g, node, a);
	} else if (command || (function && function->doubt)) {
		grub_lose(g,
			grub_reason(g, "whether GRUB has a command \"%.40s\" is not known", name));
	} else if (function) {
		grub_run_function(g, function->body, &rest);
	} else {
		g->commands[0].run(g, node, a);
	}
}

/* What succeeds fails, and what fails succeeds. */
static void invert(struct grub *g)
{
	if (g->status.answer == ANSWER_YES)
		grub_fail(g, 1);
	else if (g->status.answer == ANSWER_NO)
		grub_succeed(g);
}

static void run_command(struct grub *g, const struct grub_node *node)
{
	struct grub_arguments a;
	bool inverts = false;

	if (!grub_expand_words(g, node->words, &a))
		return;
	if (a.count && !a.items[0].doubt && strcmp(a.items[0].text, "!") == 0) {
		inverts = true;
		a = grub_arguments_from(&a, 1);
	}
	if (a.count == 0 && !a.doubt && !inverts)
		grub_succeed(g);
	else if (a.count == 0 && !a.doubt)
		grub_fail(g, -1);
	else if (a.count == 0 || (a.items[0].doubt && !strchr(a.items[0].text, '=')))
		grub_lose(g, a.count ? a.items[0].doubt : a.doubt);
	else
		call(g, node, &a);
	if (inverts && g->flow == GRUB_GOES_ON)
		invert(g);
}

static void add_function(struct grub *g, const struct grub_node *node)
{
	struct grub_function f = { node->name, node->body, grub_doubt(g) }, *grown;

	/* Entries and menus are looked into as if each were the only one. */
	if (g->entry || g->menus || g->function_count == GRUB_VARIABLES_MAX) {
		grub_lose_the_rest(g, grub_reason(g, "this function is not understood"));
		return;
	}
	for (size_t i = 0; i < g->function_count; i++) {
		if (strcmp(g->functions[i].name, f.name) == 0) {
			g->functions[i] = f;
			return;
		}
	}
	grown = arena_grow(g->f->arena, g->functions, g->function_count, sizeof *grown);
	g->is_out_of_memory |= !grown;
	if (!grown)
		return;
	g->functions = grown;
	grown[g->function_count++] = f;
}

static void run_node(struct grub *g, const struct grub_node *node)
{
	g->file = node->file;
	g->line = node->line;
	if (!may_go_on(g))
		return;
	g->depth++;
	switch (node->kind) {
	case GRUB_COMMAND:
		run_command(g, node);
		break;
	case GRUB_IF:
		run_if(g, node);
		break;
	case GRUB_FOR:
		run_for(g, node);
		break;
	case GRUB_WHILE:
	case GRUB_UNTIL:
		run_while(g, node);
		break;
	case GRUB_FUNCTION:
		break;
	}
	g->depth--;
}

/* Functions are there as soon as they are read. */
static void run_unit(struct grub *g, const struct grub_node *list)
{
	for (const struct grub_node *node = list; node; node = node->next)
		if (node->kind == GRUB_FUNCTION)
			add_function(g, node);
	run_list(g, list);
}

void grub_run_text(struct grub *g, struct grub_text text)
{
	const char *file = g->file, *rest_doubt = g->rest_doubt;
	const struct grub_node *list;
	unsigned line = g->line, at;
	enum grub_unit unit = GRUB_STATEMENTS;

	while (unit == GRUB_STATEMENTS && g->flow == GRUB_GOES_ON && !g->is_out_of_memory) {
		unit = grub_parse(g->f->arena, &text, &list, &at);
		g->file = text.file;
		g->line = at;
		if (unit == GRUB_STATEMENTS)
			run_unit(g, list);
		else if (unit == GRUB_BAD_SYNTAX)
			grub_lose_the_rest(g, grub_reason(g, "this is no statement of GRUB's"));
		g->is_out_of_memory |= unit == GRUB_OUT_OF_MEMORY;
	}
	g->rest_doubt = rest_doubt;
	g->file = file;
	g->line = line;
}
