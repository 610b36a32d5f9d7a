/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Options of commands: "--name=value", "--name value", "-n value", and "--" before what is none. */
#include <string.h>

#include "entry/grub/grub.h"

struct taking {
	struct grub *g;
	const struct grub_arguments *a;
	size_t i;
	struct grub_option *options;
	bool accepts_dashes;
	struct grub_arguments *ret;
};

static bool keep(struct taking *t)
{
	struct grub_argument *grown =
		arena_grow(t->g->f->arena, t->ret->items, t->ret->count, sizeof *grown);

	if (!grown) {
		t->g->is_out_of_memory = true;
		return false;
	}
	t->ret->items = grown;
	grown[t->ret->count++] = t->a->items[t->i];
	return true;
}

static struct grub_option *by_letter(struct taking *t, char letter)
{
	for (struct grub_option *o = t->options; o->name; o++)
		if (o->letter && o->letter == letter)
			return o;
	return NULL;
}

static struct grub_option *by_name(struct taking *t, const char *name, size_t n)
{
	for (struct grub_option *o = t->options; o->name; o++)
		if (strlen(o->name) == n && memcmp(o->name, name, n) == 0)
			return o;
	return NULL;
}

static const char *next_text(const struct taking *t)
{
	return t->i + 1 < t->a->count ? t->a->items[t->i + 1].text : NULL;
}

static bool take_letters(struct taking *t, const char *letters)
{
	const char *next = next_text(t);
	struct grub_option *o;

	for (const char *p = letters; *p; p++)
		if (!by_letter(t, *p))
			return t->accepts_dashes && keep(t);
	for (; letters[1]; letters++) {
		o = by_letter(t, letters[0]);
		if (o->kind == GRUB_VALUE)
			return false;
		o->is_set = true;
	}
	o = by_letter(t, letters[0]);
	o->is_set = true;
	o->value = NULL;
	if (o->kind == GRUB_NO_VALUE)
		return true;
	if (next && (o->kind == GRUB_VALUE || strlen(next) < 2 || next[0] != '-')) {
		o->value = next;
		t->i++;
	}
	return o->value || o->kind == GRUB_MAY_HAVE_VALUE;
}

static bool take_name(struct taking *t, const char *name)
{
	const char *equals = strchr(name, '='), *next = next_text(t);
	struct grub_option *o = by_name(t, name, equals ? (size_t)(equals - name) : strlen(name));

	if (!o)
		return t->accepts_dashes && keep(t);
	o->is_set = true;
	o->value = equals ? equals + 1 : NULL;
	if (!equals && next && next[0] != '-' && o->kind != GRUB_NO_VALUE) {
		o->value = next;
		t->i++;
	}
	return o->value || o->kind != GRUB_VALUE;
}

bool grub_take_options(struct grub *g, const struct grub_arguments *a, struct grub_option *options,
	bool accepts_dashes, struct grub_arguments *ret)
{
	struct taking t = {
		.g = g, .a = a, .options = options, .accepts_dashes = accepts_dashes, .ret = ret
	};
	bool is_done = false, ok = true;

	*ret = (struct grub_arguments){ .doubt = a->doubt };
	for (; ok && t.i < a->count; t.i++) {
		const char *word = a->items[t.i].text;

		if (is_done || word[0] != '-' || !word[1])
			ok = keep(&t);
		else if (word[1] != '-')
			ok = take_letters(&t, word + 1);
		else if (word[2])
			ok = take_name(&t, word + 2);
		else
			is_done = true;
	}
	return ok;
}
