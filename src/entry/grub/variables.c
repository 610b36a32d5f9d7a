/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Variables of grub.cfg, and the block of them that outlives a boot; knows no command. */
#include <string.h>

#include "entry/grub/grub.h"
#include "machine/text.h"

static struct grub_variable *find_variable(const struct grub *g, const char *name)
{
	for (struct grub_variable *v = g->locals; v; v = v->next)
		if (strcmp(v->name, name) == 0)
			return v;
	for (size_t i = 0; i < g->variable_count; i++)
		if (strcmp(g->variables[i].name, name) == 0)
			return &g->variables[i];
	return NULL;
}

const char *grub_get(const struct grub *g, const char *name)
{
	const struct grub_variable *v = find_variable(g, name);

	return v ? v->value : "";
}

/* What an entry sets is gone with it: the next one is read as if it were the only one. */
static struct grub_variable *new_variable(struct grub *g)
{
	struct grub_variable *v;

	if (g->entry) {
		v = arena_alloc(g->f->arena, sizeof *v);
		if (v) {
			v->next = g->locals;
			g->locals = v;
		}
		return v;
	}
	v = arena_grow(g->f->arena, g->variables, g->variable_count, sizeof *v);
	if (!v)
		return NULL;
	g->variables = v;
	return &v[g->variable_count++];
}

static bool is_local(const struct grub *g, const struct grub_variable *wanted)
{
	for (const struct grub_variable *v = g->locals; v; v = v->next)
		if (v == wanted)
			return true;
	return false;
}

void grub_set(struct grub *g, const char *name, const char *value)
{
	struct grub_variable *v = find_variable(g, name);

	if (v && g->entry && !is_local(g, v))
		v = NULL;
	if (!v && g->variable_count >= GRUB_VARIABLES_MAX)
		return;
	if (!v)
		v = new_variable(g);
	if (!v) {
		g->is_out_of_memory = true;
		return;
	}
	v->name = name;
	v->value = value;
}

/* "# GRUB Environment Block", then NAME=VALUE with backslashes before what is special. */
void grub_load_block(struct grub *g, struct view text)
{
	struct view line, name;

	while (text_line(&text, &line)) {
		char *value;
		size_t n = 0;

		if (line.n == 0 || line.p[0] == '#' || !text_cut(&line, '=', &name))
			continue;
		value = arena_string(g->f->arena, line);
		for (size_t i = 0; value && i < line.n; i++) {
			i += line.p[i] == '\\' && i + 1 < line.n;
			value[n++] = (char)line.p[i];
		}
		if (value)
			value[n] = '\0';
		if (value && line.n <= FINDER_TEXT_MAX)
			grub_set(g, arena_string(g->f->arena, name), value);
	}
}
