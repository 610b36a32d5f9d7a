/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Commands that read: other files of statements, statements in words, environment blocks. */
#include <string.h>

#include "entry/grub/grub.h"

/* NULL where there is none, or none that can be known: then all is lost. */
static const char *file_to_run(struct grub *g, const struct grub_arguments *a)
{
	const char *path, *doubt = grub_arguments_doubt(a, 1);
	enum grub_kind kind;

	if (!doubt && a->count != 2) {
		grub_fail(g, -1);
		return NULL;
	}
	if (!doubt && g->files == GRUB_FILES_MAX)
		doubt = grub_reason(g, "it reads too many files");
	kind = doubt ? GRUB_IS_UNKNOWN : grub_look(g, a->items[1].text, &path, &doubt);
	if (kind == GRUB_IS_UNKNOWN)
		grub_lose_the_rest(g, doubt);
	else
		grub_succeed(g);
	return kind == GRUB_IS_FILE ? path : NULL;
}

/* What GRUB keeps of where it reads. */
struct position {
	struct grub_value file, folder;
};

static void enter_file(struct grub *g, const char *name)
{
	const char *slash = strrchr(name, '/');
	const char *folder = arena_string(g->f->arena,
		view_first(view_of_string(name), slash ? (uint64_t)(slash - name) : 0));
	struct grub_value root = grub_value_of(g, "root");

	if (name[0] != '(' && !root.doubt) {
		name = arena_printf(g->f->arena, "(%s)%s", root.text, name);
		folder = folder ? arena_printf(g->f->arena, "(%s)%s", root.text, folder) : NULL;
	}
	g->is_out_of_memory |= !name || !folder;
	if (g->is_out_of_memory)
		return;
	grub_assign(g, "config_file", (struct grub_value){ name, root.doubt });
	grub_assign(g, "config_directory", (struct grub_value){ folder, root.doubt });
	grub_export(g, "config_file");
	grub_export(g, "config_directory");
}

static void run_file(struct grub *g, const char *name, const char *path)
{
	struct grub_text text = { .file = path, .line = 1, .is_file = true };
	struct position before = { grub_value_of(g, "config_file"),
		grub_value_of(g, "config_directory") };

	if (!finder_read(g->f, path, &text.text)) {
		grub_lose_the_rest(g, grub_reason(g, "%.150s cannot be read", path));
		return;
	}
	g->files++;
	enter_file(g, name);
	grub_run_text(g, text);
	grub_assign(g, "config_file", before.file);
	grub_assign(g, "config_directory", before.folder);
	if (g->flow == GRUB_GOES_ON)
		grub_succeed(g);
}

void grub_run_source(struct grub *g, const struct grub_node *node, const struct grub_arguments *a)
{
	const char *path = file_to_run(g, a);

	(void)node;
	if (path)
		run_file(g, a->items[1].text, path);
}

/* The menu of that file is shown at once, where it has one, and nothing else is read. */
void grub_run_configfile(
	struct grub *g, const struct grub_node *node, const struct grub_arguments *a)
{
	struct grub_context *outside = g->variables;
	struct grub_menu *menu = g->menu, *inner;
	const char *path;

	(void)node;
	if (g->entry || grub_doubt(g)) {
		grub_lose_the_rest(g,
			grub_doubt(g) ? grub_doubt(g)
				      : grub_reason(g, "\"configfile\" is not understood"));
		return;
	}
	path = file_to_run(g, a);
	inner = path ? grub_new_menu(g) : NULL;
	if (!inner)
		return;
	g->menu = inner;
	g->variables = grub_context_on(g, outside, true);
	if (g->variables)
		run_file(g, a->items[1].text, path);
	if (g->flow != GRUB_STOPS && !g->menu->first) {
		g->menu = menu;
		g->variables = outside;
	} else if (g->variables) {
		g->flow = GRUB_STOPS;
	}
}

void grub_run_eval(struct grub *g, const struct grub_node *node, const struct grub_arguments *a)
{
	const char *doubt = grub_arguments_doubt(a, 1);
	struct grub_text text = { .file = g->file, .line = g->line };
	size_t room = 1, n = 0;
	char *all;

	(void)node;
	if (doubt) {
		grub_lose_the_rest(g, doubt);
		return;
	}
	for (size_t i = 1; i < a->count; i++)
		room += strlen(a->items[i].text) + 1;
	all = arena_alloc(g->f->arena, room);
	g->is_out_of_memory |= !all;
	if (!all)
		return;
	for (size_t i = 1; i < a->count; i++) {
		if (i > 1)
			all[n++] = ' ';
		n += (size_t)(stpcpy(all + n, a->items[i].text) - (all + n));
	}
	text.text = (struct view){ (const uint8_t *)all, n };
	g->bytes += n;
	if (strpbrk(all, "\x01\x02"))
		grub_lose_the_rest(g, grub_reason(g, "it evaluates what is only known to GRUB"));
	else if (a->count > 1)
		grub_run_text(g, text);
	else
		grub_fail(g, -1);
}

/* Whoever has written a block chose the names in it. */
static void lose_block(struct grub *g, const struct grub_arguments *only, const char *doubt)
{
	for (size_t i = 0; i < only->count; i++)
		grub_assign(g, only->items[i].text, (struct grub_value){ "", doubt });
	if (only->count == 0)
		grub_lose_variables(g, doubt);
	grub_wonder(g, doubt);
}

/* A file's name, or blocks of a device: those are not looked into here. */
static void load_block(struct grub *g, const char *name, const struct grub_arguments *only)
{
	const char *path, *doubt;
	enum grub_kind kind;
	struct view text;

	if (!strchr(grub_path_in(name), '/')) {
		lose_block(g, only,
			grub_reason(
				g, "the environment is in blocks of a device, which are not read"));
		return;
	}
	kind = grub_look(g, name, &path, &doubt);
	if (kind == GRUB_IS_UNKNOWN)
		lose_block(g, only, doubt);
	else if (kind != GRUB_IS_FILE)
		grub_fail(g, -1);
	else if (!finder_read(g->f, path, &text))
		lose_block(g, only, grub_reason(g, "%.150s cannot be read", path));
	else if (grub_load_block(g, text, only))
		grub_succeed(g);
	else
		grub_fail(g, -1);
}

void grub_run_load_env(struct grub *g, const struct grub_node *node, const struct grub_arguments *a)
{
	struct grub_option options[] = { { .name = "file", .letter = 'f', .kind = GRUB_VALUE },
		{ .name = "skip-sig", .letter = 's' }, { .name = NULL } };
	struct grub_arguments words = grub_arguments_from(a, 1), only;
	struct grub_value prefix = grub_value_of(g, "prefix");
	const char *doubt = grub_arguments_doubt(a, 1), *name;

	(void)node;
	if (doubt) {
		grub_lose(g, doubt);
		return;
	}
	if (!grub_take_options(g, &words, options, false, &only)) {
		grub_fail(g, -1);
		return;
	}
	name = options[0].value;
	if (!name && prefix.doubt) {
		lose_block(g, &only, prefix.doubt);
		return;
	}
	if (!name)
		name = arena_printf(g->f->arena, "%s/grubenv", prefix.text);
	g->is_out_of_memory |= !name;
	if (name)
		load_block(g, name, &only);
}
