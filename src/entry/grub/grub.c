/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* grub.cfg as a whole, and what other readers take of it. */
#include <string.h>

#include "entry/grub/config.h"
#include "entry/grub/environment.h"
#include "entry/grub/grub.h"

static bool ends_with(const char *s, const char *end)
{
	size_t n = strlen(s), m = strlen(end);

	return n >= m && strcmp(s + n - m, end) == 0;
}

static bool set_up(struct grub *g, struct finder *f, const char *file)
{
	g->f = f;
	g->commands = grub_commands;
	g->main_file = g->file = file;
	g->path = "";
	g->line = 1;
	g->folder = arena_string(
		f->arena, view_first(view_of_string(file), (uint64_t)(strrchr(file, '/') - file)));
	g->scratch = arena_alloc(f->arena, FINDER_TEXT_MAX + 1);
	if (!g->folder || !g->scratch)
		return false;
	g->place = places_of(&f->places, file);
	/* GNU's GRUB and Debian's have no 2 in the folder's name; no other has one on the ESP. */
	g->is_red_hat = ends_with(g->folder, "/grub2") || strstr(g->folder, "/EFI/");
	g->menu = grub_new_menu(g);
	g->variables = grub_context_on(g, NULL, false);
	if (!g->menu || !g->variables)
		return false;
	grub_succeed(g);
	grub_set_environment(g);
	return !g->is_out_of_memory;
}

/* The first line that makes the list unknown. */
static const char *doubt_in(const struct grub_menu *menu)
{
	const char *doubt = NULL;

	for (const struct grub_item *item = menu->first; item && !doubt; item = item->next) {
		doubt = item->doubt;
		if (!doubt && item->menu)
			doubt = doubt_in(item->menu);
	}
	return doubt;
}

/* Where GRUB boots or leaves before it shows its menu, that is in the menu as a doubt. */
static bool read_config(struct grub *g, struct view text, struct finding *ret)
{
	const struct grub_context *main = g->variables;

	grub_run_text(g,
		(struct grub_text){
			.file = g->main_file, .text = text, .line = 1, .is_file = true });
	if (g->variables == main) {
		grub_unset(g, "config_file");
		grub_unset(g, "config_directory");
	}
	g->menu->context = g->variables;
	g->steps = 0;
	g->flow = GRUB_GOES_ON;
	if (g->is_out_of_memory || !grub_show(g, g->menu))
		return false;
	ret->incomplete = doubt_in(g->menu);
	if (g->menu->first)
		return true;
	ret->doubt = arena_printf(g->f->arena, "%s has no entry that is understood", g->main_file);
	return ret->doubt;
}

bool grub_find(struct finder *f, struct finding *ret)
{
	struct grub *g;
	const char *file;
	struct view text;

	ret->first = f->count;
	file = grub_config_file(f, &text);
	if (!file)
		return true;
	g = arena_alloc(f->arena, sizeof *g);
	if (!g || !set_up(g, f, file) || !read_config(g, text, ret))
		return false;
	f->grub = g;
	ret->count = f->count - ret->first;
	return true;
}
