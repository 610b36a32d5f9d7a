/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The commands that load Linux: what an entry is made of. */
#include <string.h>

#include "entry/grub/grub.h"
#include "machine/text.h"

/* What an entry is made of must be sure; false with an obstacle. */
static bool is_sure(struct grub *g, const struct grub_arguments *a)
{
	const char *doubt = grub_doubt(g) ? grub_doubt(g) : grub_arguments_doubt(a, 1);

	for (size_t i = 2; !doubt && i < a->count; i++)
		if (grub_names_device(a->items[i].text) && strcmp(a->items[0].text, "initrd") != 0)
			doubt = grub_reason(g, "the name of a device is only known to GRUB");
	if (doubt)
		finder_obstacle(g->f, g->entry, "%s", doubt);
	return !doubt;
}

/* GRUB quotes words that have blanks, and escapes quotes and backslashes. */
static size_t put_word(char *p, const char *word)
{
	bool blank = word[strcspn(word, " \t")] != '\0';
	size_t n = 0;

	p[n++] = ' ';
	if (blank)
		p[n++] = '"';
	for (; *word; word++) {
		if (strchr("\\'\"", *word))
			p[n++] = '\\';
		p[n++] = *word;
	}
	if (blank)
		p[n++] = '"';
	return n;
}

/* NULL where it is too long, or memory is out. */
static const char *join_words(struct grub *g, const struct grub_arguments *a)
{
	size_t room = sizeof "BOOT_IMAGE=", n;
	char *line;

	for (size_t i = 1; i < a->count; i++)
		room += 2 * strlen(a->items[i].text) + 3;
	line = room < 2 * FINDER_TEXT_MAX ? arena_alloc(g->f->arena, room) : NULL;
	if (!line)
		return NULL;
	n = (size_t)(stpcpy(stpcpy(line, "BOOT_IMAGE="), grub_path_in(a->items[1].text)) - line);
	for (size_t i = 2; i < a->count; i++)
		n += put_word(line + n, a->items[i].text);
	return line;
}

static void end_as(struct grub *g, bool is_loaded)
{
	if (is_loaded)
		grub_succeed(g);
	else
		grub_fail(g, -1);
}

/* Outside of an entry it is what "boot" would boot. */
static bool is_in_entry(struct grub *g, const struct grub_arguments *a)
{
	if (g->entry)
		return true;
	g->loaded = grub_reason(g, "\"%.40s\" stands outside of an entry", a->items[0].text);
	grub_wonder(g, g->loaded);
	return false;
}

void grub_run_linux(struct grub *g, const struct grub_node *node, const struct grub_arguments *a)
{
	struct entry *entry = g->entry;
	const char *line, *text;

	if (!is_in_entry(g, a))
		return;
	if (a->count < 2 || !is_sure(g, a)) {
		finder_obstacle(
			g->f, entry, "%s, line %u: it names no kernel", g->file, node->line);
		grub_wonder(g, entry->obstacle);
		return;
	}
	entry->line = node->line;
	entry->initrds = NULL;
	entry->initrd_count = 0;
	entry->device_tree = NULL;
	entry->kernel = grub_locate(g, entry, "kernel", a->items[1].text);
	line = join_words(g, a);
	if (!line)
		finder_obstacle(g->f, entry, "%s, line %u: its command line is too long", g->file,
			node->line);
	else if (finder_text(g->f, entry, "command line", view_of_string(line), &text))
		entry->command_line = text;
	g->has_linux = entry->kernel != NULL;
	end_as(g, g->has_linux);
}

void grub_run_initrd(struct grub *g, const struct grub_node *node, const struct grub_arguments *a)
{
	bool is_loaded;

	if (!is_in_entry(g, a))
		return;
	is_loaded = is_sure(g, a) && g->has_linux && a->count > 1;
	if (!g->has_linux)
		finder_obstacle(g->f, g->entry, "%s, line %u: it has an initrd before its kernel",
			g->file, node->line);
	g->entry->initrds = NULL;
	g->entry->initrd_count = 0;
	for (size_t i = 1; is_loaded && i < a->count; i++) {
		const char *name = a->items[i].text, *path;

		if (strncmp(name, "newc:", 5) == 0)
			finder_obstacle(g->f, g->entry,
				"%s, line %u: its initrd is made of a file by GRUB", g->file,
				node->line);
		path = grub_locate(g, g->entry, "initrd", name);
		is_loaded = path != NULL;
		if (path && !finder_add_initrd(g->f, g->entry, path))
			g->is_out_of_memory = true;
	}
	end_as(g, is_loaded);
}

void grub_run_device_tree(
	struct grub *g, const struct grub_node *node, const struct grub_arguments *a)
{
	(void)node;
	if (!is_in_entry(g, a))
		return;
	if (is_sure(g, a) && a->count == 2)
		g->entry->device_tree = grub_locate(g, g->entry, "device tree", a->items[1].text);
	else
		finder_obstacle(
			g->f, g->entry, "%s", grub_reason(g, "\"devicetree\" is not understood"));
	end_as(g, g->entry->device_tree);
}
