/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Files, paths and labels; knows no keyword. */
#include "entry/extlinux/menu.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "machine/text.h"

enum { INCLUDES_MAX = 16, FILES_MAX = 64 };

bool menu_doubt(struct menu *m, const char *format, ...)
{
	char text[ERROR_REASON_MAX / 2];
	va_list args;

	if (m->doubt)
		return true;
	va_start(args, format);
	vsnprintf(text, sizeof text, format, args);
	va_end(args);
	m->doubt = arena_string(m->f->arena, view_of_string(text));
	return m->doubt;
}

struct label menu_label(const struct menu *m)
{
	return (struct label){ .entry = {
				       .kind = ENTRY_EXTLINUX, .file = m->file, .line = m->line } };
}

static bool read_file(struct menu *m, const char *path, bool *ret_found)
{
	struct view text, line;
	const char *file = m->file;
	unsigned number = m->line;
	bool done = true;

	*ret_found = finder_read(m->f, path, &text);
	if (!*ret_found)
		return true;
	m->files++;
	m->file = path;
	for (m->line = 1; done && !m->has_ended && !m->f->is_full && text_line(&text, &line);
		m->line++)
		done = m->take_line(m, line);
	if (file) {
		m->file = file;
		m->line = number;
	}
	return done;
}

/* The folder of the main file as its file system has it: without the point of its mount. */
static const char *folder_of(const struct menu *m)
{
	const char *file = m->main->file, *slash = strrchr(file, '/');
	size_t n = strlen(m->place ? m->place->point : m->main->base);
	const char *root = m->place ? m->place->root : "";

	while (n && (m->place ? m->place->point : m->main->base)[n - 1] == '/')
		n--;
	if (n > (size_t)(slash - file))
		n = (size_t)(slash - file);
	return arena_printf(m->f->arena, "%s%.*s", strcmp(root, "/") == 0 ? "" : root,
		(int)(slash - file - (ptrdiff_t)n), file + n);
}

bool menu_read(struct menu *m)
{
	bool found;

	m->place = places_of(&m->f->places, m->main->file);
	m->folder = folder_of(m);
	m->file = m->main->file; /* an empty one has no lines */
	return m->folder && read_file(m, m->main->file, &found);
}

/* A relative path begins at the folder of the main file, whichever file has it. */
static const char *locate(struct menu *m, struct entry *entry, const char *what, struct view value)
{
	const char *path;

	if (!finder_text(m->f, entry, what, value, &path))
		return NULL;
	if (strlen(path) >= FINDER_PATH_MAX) {
		finder_obstacle(m->f, entry, "its %s has a name of %zu bytes", what, strlen(path));
		return NULL;
	}
	if (path[0] != '/')
		path = arena_printf(m->f->arena, "%s/%s", m->folder, path);
	path = path ? finder_normalise(m->f, path) : NULL;
	return path ? finder_locate(m->f, entry, m->place, m->main->base, what, path) : NULL;
}

bool menu_has_file(struct menu *m, struct view name)
{
	struct entry none = { 0 };
	const char *path = locate(m, &none, "file", name);

	return path && finder_exists(m->f, path);
}

bool menu_include(struct menu *m, struct view name, bool *ret_found)
{
	struct entry none = { 0 };
	const char *path;
	bool done;

	*ret_found = false;
	if (m->depth == INCLUDES_MAX || m->files == FILES_MAX)
		return menu_doubt(
			m, "%s, line %u: too many files include one another", m->file, m->line);
	path = locate(m, &none, "file", name);
	if (!path)
		return true;
	m->depth++;
	done = read_file(m, path, ret_found);
	m->depth--;
	return done;
}

const char *menu_title(struct menu *m, struct view title)
{
	char *s = finder_title(m->f, text_trim(title)), *to;

	/* "^" marks the letter that selects it. */
	to = s ? strchr(s, '^') : NULL;
	if (to)
		memmove(to, to + 1, strlen(to));
	return s;
}

static bool add_initrds(struct menu *m, struct label *label, char separator)
{
	struct view rest = label->initrds, name;

	while (rest.p) {
		const char *path;

		if (!separator || !text_cut(&rest, separator, &name)) {
			name = rest;
			rest = (struct view){ 0 };
		}
		if (!name.n)
			finder_obstacle(m->f, &label->entry, "it has an initrd without a name");
		path = name.n ? locate(m, &label->entry, "initrd", name) : NULL;
		if (path && !finder_add_initrd(m->f, &label->entry, path))
			return false;
	}
	return true;
}

bool menu_add(struct menu *m, struct label label, char separator)
{
	struct entry *e = &label.entry;

	if (label.kernel.p)
		e->kernel = locate(m, e, "kernel", label.kernel);
	if (!add_initrds(m, &label, separator))
		return false;
	if (label.device_tree.p)
		e->device_tree = locate(m, e, "device tree", label.device_tree);
	e->command_line = "";
	if (label.command_line.p &&
		!finder_text(m->f, e, "command line", label.command_line, &e->command_line) &&
		!e->obstacle)
		return false;
	return finder_add(m->f, *e);
}

bool menu_initrd_in(struct view line, struct view *ret, bool *ret_is_word)
{
	static const char word[] = "initrd=";
	const uint8_t *at = line.n ? memmem(line.p, line.n, word, sizeof word - 1) : NULL;
	size_t n = 0;

	if (!at)
		return false;
	*ret_is_word = at == line.p || at[-1] == ' ' || at[-1] == '\t';
	*ret = view_from(line, (uint64_t)(at - line.p) + sizeof word - 1);
	while (n < ret->n && ret->p[n] != ' ')
		n++;
	*ret = view_first(*ret, n);
	return true;
}
