/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Variables of grub.cfg, and the block of them that outlives a boot; knows no command. */
#include <string.h>

#include "entry/grub/grub.h"
#include "machine/text.h"

static const struct grub_value unset = { .text = "" };

static struct grub_variable *find_in(const struct grub_context *c, const char *name)
{
	for (size_t i = 0; i < c->count; i++)
		if (strcmp(c->items[i].name, name) == 0)
			return &c->items[i];
	return NULL;
}

/* GNU's GRUB hands what is exported to a submenu, Red Hat's everything. */
static struct grub_value from_outside(const struct grub *g, const struct grub_variable *v)
{
	struct grub_value value = v->value;

	if (v->exported == ANSWER_YES)
		return value;
	if (v->exported == ANSWER_NO && !g->is_red_hat)
		return unset;
	if (!value.doubt && value.text[0])
		value.doubt = g->variables->doubt ? g->variables->doubt
						  : "only some GRUBs hand on to a submenu what is "
						    "not exported";
	return value;
}

struct grub_value grub_value_of(const struct grub *g, const char *name)
{
	bool is_outside = false;

	for (const struct grub_context *c = g->variables; c; c = c->below) {
		const struct grub_variable *v = find_in(c, name);

		if (v)
			return is_outside ? from_outside(g, v) : v->value;
		if (c->doubt)
			return (struct grub_value){ .text = "", .doubt = c->doubt };
		is_outside |= c->is_apart;
	}
	/* Later GRUBs have more of them. */
	if (strncmp(name, "feature_", 8) == 0)
		return (struct grub_value){ .text = "",
			.doubt = "the version of GRUB is not known" };
	return unset;
}

static enum answer exported_now(const struct grub *g, const char *name)
{
	for (const struct grub_context *c = g->variables; c; c = c->below) {
		const struct grub_variable *v = find_in(c, name);

		if (v)
			return v->exported;
		if (c->doubt)
			return ANSWER_UNKNOWN;
	}
	return ANSWER_NO;
}

void grub_lose_variables(struct grub *g, const char *doubt)
{
	struct grub_context *c = g->variables;

	if (c->below) {
		grub_lose(g, doubt);
		return;
	}
	for (size_t i = c->own; i < c->count; i++)
		c->items[i].value = (struct grub_value){ "", doubt };
	c->doubt = c->doubt ? c->doubt : doubt;
}

static struct grub_variable *add(struct grub *g, const char *name)
{
	struct grub_context *c = g->variables;
	struct grub_variable *grown;
	enum answer exported = exported_now(g, name);

	if (c->count == GRUB_VARIABLES_MAX)
		grub_lose_the_rest(g, grub_reason(g, "there are too many variables"));
	grown = arena_grow(g->f->arena, c->items, c->count, sizeof *grown);
	name = arena_string(g->f->arena, view_of_string(name));
	if (!grown || !name) {
		g->is_out_of_memory = true;
		return NULL;
	}
	c->items = grown;
	grown[c->count] =
		(struct grub_variable){ .name = name, .value = unset, .exported = exported };
	return &grown[c->count++];
}

/* The root has no parentheses, whoever sets it. */
static const char *without_parentheses(struct grub *g, const char *text)
{
	size_t n = strlen(text);
	const char *inner = n > 1 && text[0] == '(' && text[n - 1] == ')'
		? arena_string(g->f->arena, (struct view){ (const uint8_t *)text + 1, n - 2 })
		: text;

	g->is_out_of_memory |= !inner;
	return inner ? inner : text;
}

void grub_assign(struct grub *g, const char *name, struct grub_value value)
{
	struct grub_variable *v = find_in(g->variables, name);

	if (!v)
		v = add(g, name);
	if (!v)
		return;
	if (strcmp(name, "root") == 0)
		value.text = without_parentheses(g, value.text);
	if (!value.doubt)
		value.doubt = grub_doubt(g);
	v->value = value;
}

void grub_unset(struct grub *g, const char *name)
{
	grub_assign(g, name, unset);
}

void grub_set(struct grub *g, const char *name, const char *value)
{
	grub_assign(g, name, (struct grub_value){ .text = value });
}

void grub_export(struct grub *g, const char *name)
{
	struct grub_variable *v = find_in(g->variables, name);
	struct grub_value value = grub_value_of(g, name);

	if (!v)
		v = add(g, name);
	if (!v)
		return;
	v->value = value;
	if (v->exported != ANSWER_YES)
		v->exported = grub_doubt(g) ? ANSWER_UNKNOWN : ANSWER_YES;
}

struct grub_context *grub_context_on(
	struct grub *g, const struct grub_context *below, bool is_apart)
{
	struct grub_context *c = arena_alloc(g->f->arena, sizeof *c);

	g->is_out_of_memory |= !c;
	if (c) {
		c->below = below;
		c->is_apart = is_apart;
	}
	return c;
}

bool grub_names_device(const char *text)
{
	return strchr(text, GRUB_DEVICE_OPEN) != NULL;
}

static bool is_wanted(const struct grub_arguments *only, const char *name)
{
	for (size_t i = 0; i < only->count; i++)
		if (strcmp(only->items[i].text, name) == 0)
			return true;
	return only->count == 0;
}

/* Up to the newline that ends it, with what follows each backslash as it is; false: nothing ends it. */
static bool cut_value(struct grub *g, struct view *text, const char **ret)
{
	char *value;
	size_t n = 0, i = 0;

	while (i < text->n && text->p[i] != '\n')
		i += text->p[i] == '\\' ? 2 : 1;
	if (i >= text->n)
		return false;
	value = arena_string(g->f->arena, view_first(*text, i));
	g->is_out_of_memory |= !value;
	if (!value)
		return false;
	for (size_t k = 0; k < i; k++) {
		k += text->p[k] == '\\';
		value[n++] = (char)text->p[k];
	}
	value[n] = '\0';
	*ret = value;
	*text = view_from(*text, i + 1);
	return true;
}

static bool has_marks(const char *value)
{
	return strpbrk(value, "\x01\x02") != NULL;
}

/* Lines NAME=VALUE; those that begin with # are none, and the rest is filled with #. */
bool grub_load_block(struct grub *g, struct view text, const struct grub_arguments *only)
{
	struct view signature = view_of_string("# GRUB Environment Block\n"), name;
	const char *value, *copy;

	if (!view_starts_with(text, signature))
		return false;
	text = view_from(text, signature.n);
	while (text.n && !g->is_out_of_memory) {
		if (text.p[0] == '#') {
			struct view ignored;

			if (!text_cut(&text, '\n', &ignored))
				break;
			continue;
		}
		if (!text_cut(&text, '=', &name) || !cut_value(g, &text, &value))
			break;
		copy = arena_string(g->f->arena, name);
		g->is_out_of_memory |= !copy;
		if (copy && is_wanted(only, copy))
			grub_assign(g, copy,
				(struct grub_value){ value,
					has_marks(value) ? grub_reason(g,
								   "\"%.40s\" has bytes that"
								   " are no text",
								   copy)
							 : NULL });
	}
	return true;
}
