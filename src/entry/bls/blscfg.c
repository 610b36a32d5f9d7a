/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Reads loader/entries as GRUB's blscfg does, which is another way than systemd-boot's: only the first
 * line of most keys counts, a line without a value ends the file, the order is that of file names, and
 * the rest of the line is text of GRUB's own language. By the facts of Red Hat's module and GRUB 2.14.
 */
#include "entry/bls/blscfg.h"

#include <stdlib.h>
#include <string.h>

#include "entry/bls/filename.h"
#include "machine/os-release.h"
#include "machine/text.h"

/* The two modules of that name. */
enum dialect { RED_HAT, GRUB_2_14, DIALECTS };

enum { VALUES_MAX = 64, BODY_MAX = 4 * FINDER_TEXT_MAX };

/* The values of one key, in order. */
struct values {
	struct view items[VALUES_MAX];
	size_t count;
};

enum key { TITLE, LINUX, OPTIONS, INITRD, DEVICE_TREE, KEYS };

static const char *const keys[KEYS] = { "title", "linux", "options", "initrd", "devicetree" };

struct snippet {
	const char *id, *path;
	struct view text;
	struct values values[KEYS];
	bool is_too_long;
};

struct list {
	struct finder *f;
	const char *folder; /* as it is mounted now */
	struct snippet *items;
	size_t count;
	bool is_red_hats; /* the module: else it may be either */
	const char *doubt;
};

/* Text that is being put together; too much of it is cut, and said. */
struct body {
	char *text;
	size_t n;
	bool is_too_long;
};

static void put(struct body *b, struct view text)
{
	if (text.n > BODY_MAX - b->n) {
		b->is_too_long = true;
		return;
	}
	if (text.n)
		memcpy(b->text + b->n, text.p, text.n);
	b->n += text.n;
}

static void put_text(struct body *b, const char *text)
{
	put(b, view_of_string(text));
}

static size_t find_byte(struct view v, char c)
{
	const uint8_t *at = v.n ? memchr(v.p, c, v.n) : NULL;

	return at ? (size_t)(at - v.p) : v.n;
}

/* Red Hat's ends a key at the first blank of the line, else at its first tab. */
static size_t end_of_key(struct view line, enum dialect dialect)
{
	size_t blank = find_byte(line, ' '), tab = find_byte(line, '\t');

	if (dialect == RED_HAT)
		return blank < line.n ? blank : tab;
	return blank < tab ? blank : tab;
}

/* False where the file ends for GRUB, whatever comes: a line that is empty or has no value. */
static bool read_line(struct snippet *s, struct view line, enum dialect dialect)
{
	size_t n;
	struct view key;

	while (line.n && (line.p[0] == ' ' || line.p[0] == '\t'))
		line = view_from(line, 1);
	if (line.n && line.p[0] == '#')
		return true;
	n = end_of_key(line, dialect);
	key = view_first(line, n);
	line = view_from(line, n + 1 < line.n ? n + 1 : line.n);
	if (line.n == 0)
		return false;
	while (line.n && (line.p[0] == ' ' || line.p[0] == '\t'))
		line = view_from(line, 1);
	if (line.n == 0 && dialect == GRUB_2_14)
		return false;
	for (size_t i = 0; i < KEYS; i++) {
		struct values *v = &s->values[i];

		if (!text_is(key, keys[i]))
			continue;
		if (v->count < VALUES_MAX)
			v->items[v->count++] = line;
		else
			s->is_too_long = true;
	}
	return true;
}

/* Without returns, which GRUB leaves out of what it reads; a zero byte ends a line's text for it. */
static struct view clean(struct finder *f, struct view text)
{
	uint8_t *copy = arena_alloc(f->arena, text.n + 1);
	size_t n = 0;

	for (size_t i = 0; copy && i < text.n; i++)
		if (text.p[i] != '\r')
			copy[n++] = text.p[i];
	return (struct view){ copy, n };
}

static void read_lines(struct snippet *s, enum dialect dialect)
{
	struct view text = s->text, line;

	memset(s->values, 0, sizeof s->values);
	while (text_line(&text, &line))
		if (!read_line(s, line, dialect))
			return;
}

static void doubt_variable(struct list *l, const char *name)
{
	if (!l->doubt)
		l->doubt = arena_printf(
			l->f->arena, "%s: $%s is not known", grub_blscfg_where(l->f), name);
}

/* A variable has a blank behind it. Whether anything was there to be put, be it empty. */
static bool expand_part(struct list *l, struct body *b, struct view part, bool is_name)
{
	struct bls_value variable;
	const char *name;

	if (!is_name) {
		put(b, part);
		return true;
	}
	name = arena_string(l->f->arena, part);
	variable = name ? grub_blscfg_variable(l->f, name) : (struct bls_value){ 0 };
	if (!variable.is_known)
		doubt_variable(l, name ? name : "");
	if (!variable.is_known || !variable.text)
		return false;
	put_text(b, variable.text);
	put_text(b, " ");
	return true;
}

/* From start up to and with end; nothing where start is behind that. */
static struct view part_of(struct view value, size_t start, size_t end)
{
	return view_first(view_from(value, start), end + 1 - start);
}

static bool is_name_byte(uint8_t c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
		c == '_';
}

/*
 * GRUB's ways and all: a part of one character between others is left out, and where no part is left,
 * it is as if the line were not there (false).
 */
static bool expand(struct list *l, struct body *b, struct view value)
{
	size_t start = 0, end = 0;
	bool is_name = false, any = false;

	for (size_t i = 0; i < value.n; i++) {
		uint8_t c = value.p[i];

		if (c == '$') {
			if (start != end)
				any |= expand_part(l, b, part_of(value, start, end), is_name);
			is_name = true;
			start = i + 1;
		} else if (is_name && !is_name_byte(c)) {
			any |= expand_part(l, b, part_of(value, start, end), true);
			is_name = false;
			start = c == ' ' ? i + 1 : i;
		}
		end = i;
	}
	if (start != end)
		any |= expand_part(l, b, part_of(value, start, end), is_name);
	return any;
}

static bool expand_variable(struct list *l, struct body *b, const char *name)
{
	struct bls_value v = grub_blscfg_variable(l->f, name);

	if (!v.is_known)
		doubt_variable(l, name);
	return v.is_known && v.text && expand(l, b, view_of_string(v.text));
}

/* The folder of a path, with its slash; all of it where it has none. */
static struct view folder_of(struct view path)
{
	size_t n = path.n;

	while (n && path.p[n - 1] != '/')
		n--;
	return view_first(path, n);
}

/* Names in $early_initrd, which lie beside the first initrd, or beside the kernel. */
static bool put_early(struct list *l, struct body *b, const struct snippet *s)
{
	struct bls_value v = grub_blscfg_variable(l->f, "early_initrd");
	struct view beside = folder_of(
		s->values[INITRD].count ? s->values[INITRD].items[0] : s->values[LINUX].items[0]);

	if (!v.is_known)
		doubt_variable(l, "early_initrd");
	if (!v.is_known || !v.text)
		return false;
	put_text(b, "initrd");
	for (const char *name = v.text;; name++) {
		size_t n = strcspn(name, " ");

		put_text(b, " ($root)");
		put(b, beside);
		put(b, (struct view){ (const uint8_t *)name, n });
		name += n;
		if (!*name)
			return true;
	}
}

static void put_initrds(struct list *l, struct body *b, const struct snippet *s, enum dialect d)
{
	const struct values *v = &s->values[INITRD];
	bool any = d == RED_HAT && put_early(l, b, s);

	if (!any && v->count == 0)
		return;
	if (!any)
		put_text(b, "initrd");
	for (size_t i = 0; i < v->count; i++) {
		put_text(b, " ($root)");
		put(b, v->items[i]);
	}
	put_text(b, "\n");
}

static void put_device_tree(struct list *l, struct body *b, const struct snippet *s, enum dialect d)
{
	const struct values *v = &s->values[DEVICE_TREE];
	size_t before = b->n, n;
	bool any;

	put_text(b, "devicetree ($root)");
	n = b->n;
	any = v->count && expand(l, b, v->items[0]);
	if (!any && d == RED_HAT) {
		b->n = n;
		put(b, folder_of(s->values[LINUX].items[0]));
		any = expand_variable(l, b, "devicetree");
	}
	if (any)
		put_text(b, "\n");
	else
		b->n = before;
}

/* The commands that GRUB makes of it. */
static bool put_commands(struct list *l, struct body *b, const struct snippet *s, enum dialect d)
{
	b->n = 0;
	put_text(b, "linux ($root)");
	put(b, s->values[LINUX].items[0]);
	put_text(b, " ");
	if (!(s->values[OPTIONS].count && expand(l, b, s->values[OPTIONS].items[0])) &&
		d == RED_HAT)
		expand_variable(l, b, "default_kernelopts");
	put_text(b, "\n");
	put_initrds(l, b, s, d);
	put_device_tree(l, b, s, d);
	return !b->is_too_long && !s->is_too_long;
}

static bool new_body(struct list *l, struct body *b)
{
	*b = (struct body){ .text = arena_alloc(l->f->arena, BODY_MAX + 1) };
	return b->text;
}

/* What a dialect makes of it; NULL when memory is out. */
static const char *commands_of(struct list *l, struct snippet *s, enum dialect d, bool *ret_fits)
{
	struct body b;

	read_lines(s, d);
	if (!new_body(l, &b))
		return NULL;
	if (s->values[LINUX].count == 0)
		return "";
	*ret_fits = put_commands(l, &b, s, d);
	return arena_string(l->f->arena, (struct view){ (const uint8_t *)b.text, b.n });
}

/* By its ID, or one of those in ID_LIKE. */
static bool is_red_hats_system(struct finder *f)
{
	static const char *const names[] = { "ID", "ID_LIKE" },
				 *const ids[] = { "fedora", "rhel", "centos" };
	struct view text = { 0 };
	bool is_read = false;

	for (size_t i = 0; i < OS_RELEASE_FILES && !is_read; i++)
		is_read = finder_read(f, os_release_files[i], &text);
	for (size_t i = 0; is_read && i < sizeof names / sizeof *names; i++)
		for (size_t k = 0; k < sizeof ids / sizeof *ids; k++)
			if (text_has_word(
				    view_of_string(os_release_value(text, names[i], f->arena)),
				    ids[k]))
				return true;
	return false;
}

/* Whose module it is: nobody else than Red Hat's GRUB knows these variables. */
bool blscfg_is_red_hats(struct finder *f)
{
	static const char *const names[] = { "blsdir", "boot", "boot_success", "default_kernelopts",
		"early_initrd", "kernelopts", "menu_auto_hide" };

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		struct bls_value v = grub_blscfg_variable(f, names[i]);

		if (v.is_known && v.text)
			return true;
	}
	return is_red_hats_system(f);
}

/* The options alone, as UAPI.1 has them: GRUB's name for the kernel's file is none of them. */
static void drop_image_name(struct entry *entry)
{
	static const char name[] = "BOOT_IMAGE=";
	const char *line = entry->command_line;

	if (!line || strncmp(line, name, sizeof name - 1) != 0)
		return;
	line += strcspn(line, " ");
	entry->command_line = line + (*line == ' ');
}

static bool add_entry(struct list *l, struct snippet *s)
{
	struct entry entry = { .kind = ENTRY_BLS, .file = s->path };
	bool fits = true, other_fits = true;
	const char *commands = commands_of(l, s, GRUB_2_14, &other_fits), *others = commands;
	struct values *title = &s->values[TITLE];

	if (commands)
		commands = commands_of(l, s, RED_HAT, &fits);
	if (!commands)
		return false;
	if (!commands[0] && (!others[0] || l->is_red_hats))
		return true; /* GRUB skips it as well */
	entry.id = finder_title(l->f, view_of_string(s->id));
	entry.title = title->count       ? finder_title(l->f, title->items[0])
		: s->values[LINUX].count ? finder_title(l->f, s->values[LINUX].items[0])
					 : entry.id;
	if (!entry.id || !entry.title)
		return false;
	if (!fits || !other_fits)
		finder_obstacle(l->f, &entry, "its command line is too long");
	if (strcmp(commands, others) != 0 && !l->is_red_hats)
		finder_obstacle(
			l->f, &entry, "Red Hat's GRUB and GRUB 2.14 read it in different ways");
	if (!grub_run_body(l->f, &entry, s->path, view_of_string(commands)))
		return false;
	drop_image_name(&entry);
	return finder_add(l->f, entry);
}

static bool read_snippet(struct list *l, const char *name)
{
	size_t n = strlen(name);
	struct snippet s = { 0 }, *grown;

	if (n <= 5 || name[0] == '.' || strcmp(name + n - 5, ".conf") != 0 ||
		l->count == FINDER_ENTRIES_MAX)
		return true;
	s.path = arena_printf(l->f->arena, "%s/%s", l->folder, name);
	s.id = arena_string(l->f->arena, view_first(view_of_string(name), n - 5));
	if (!s.path || !s.id)
		return false;
	if (!finder_read(l->f, s.path, &s.text))
		return true;
	s.text = clean(l->f, s.text);
	grown = s.text.p ? arena_grow(l->f->arena, l->items, l->count, sizeof *grown) : NULL;
	if (!grown)
		return false;
	l->items = grown;
	l->items[l->count++] = s;
	return true;
}

/* For GRUB's order, newest first; its own two ways to compare must agree. */
static void sort(struct list *l)
{
	for (size_t i = 1; i < l->count; i++) {
		struct snippet moved = l->items[i];
		size_t k = i;

		while (k && filename_compare_rpm(moved.id, l->items[k - 1].id) > 0) {
			l->items[k] = l->items[k - 1];
			k--;
		}
		l->items[k] = moved;
	}
	for (size_t i = 1; i < l->count && !l->doubt; i++) {
		const struct snippet *a = &l->items[i - 1], *b = &l->items[i];

		if (filename_compare_rpm(a->id, b->id) == 0)
			l->doubt = arena_printf(l->f->arena,
				"GRUB takes %s and %s for the same entry", a->path, b->path);
		else if (!l->is_red_hats && filename_compare_gnu(a->path, b->path) <= 0)
			l->doubt = arena_printf(l->f->arena,
				"Red Hat's GRUB and GRUB 2.14 sort %s and %s in different ways",
				a->path, b->path);
	}
}

/* One of the folders that GRUB looks into; false where it is not there. */
static bool list_folder(struct list *l, const struct place *place, const char *base,
	const char *path, const char *const **ret)
{
	struct entry tried = { 0 };

	l->folder = finder_locate(l->f, &tried, place, base, "folder", path);
	return l->folder && finder_list(l->f, l->folder, ret);
}

static bool find_folder(struct list *l, const char *const **ret)
{
	struct bls_value blsdir = grub_blscfg_variable(l->f, "blsdir");
	const struct place *place;
	const char *base;

	if (!blsdir.is_known || !grub_blscfg_root(l->f, &place, &base)) {
		l->doubt = arena_printf(l->f->arena, "%s: nothing tells which folder blscfg reads",
			grub_blscfg_where(l->f));
		return false;
	}
	if (list_folder(l, place, base, blsdir.text ? blsdir.text : "/loader/entries", ret))
		return true;
	/* Whether that is the same folder for GRUB depends on what is mounted. */
	if (!place && blsdir.text)
		l->doubt = arena_printf(l->f->arena, "%s: the folder %s is not there",
			grub_blscfg_where(l->f), blsdir.text);
	return list_folder(l, place, base, "/boot/loader/entries", ret);
}

bool blscfg_find(struct finder *f, struct finding *ret)
{
	struct list l = { .f = f };
	const char *const *names;

	l.is_red_hats = blscfg_is_red_hats(f);
	if (find_folder(&l, &names)) {
		for (size_t i = 0; names[i]; i++)
			if (!read_snippet(&l, names[i]))
				return false;
		sort(&l);
		for (size_t i = 0; i < l.count; i++)
			if (!add_entry(&l, &l.items[i]))
				return false;
	}
	ret->doubt = l.doubt;
	return true;
}
