/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * extlinux.conf and syslinux.cfg as syslinux reads them (doc/syslinux.txt, doc/menu.txt): labels in
 * menus and submenus. Which label is booted by itself is in pick.c.
 */
#include "entry/extlinux/syslinux.h"

#include <string.h>

#include "entry/extlinux/adv.h"
#include "machine/text.h"

/* More than the longest line that any version takes whole. */
enum { LINE_MAX_BYTES = 2048 };

enum { MENUS_MAX = 256 };

static bool add_item(struct syslinux *r, struct syslinux_item item)
{
	struct syslinux_item *grown =
		arena_grow(r->menu.f->arena, r->items, r->item_count, sizeof *grown);

	if (!grown)
		return false;
	grown[r->item_count++] = item;
	r->items = grown;
	return true;
}

static bool add_menu(struct syslinux *r, struct syslinux_menu menu)
{
	struct syslinux_menu *grown =
		arena_grow(r->menu.f->arena, r->menus, r->menu_count, sizeof *grown);

	if (!grown)
		return false;
	grown[r->menu_count++] = menu;
	r->menus = grown;
	return true;
}

/* By the end of its name, where only KERNEL says what it is. */
static bool is_kernel_name(struct view name)
{
	static const char *const others[] = { ".c32", ".0", ".bs", ".img", ".bin", ".bss", ".com",
		".cbt" };

	for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
		size_t n = strlen(others[i]);

		if (name.n >= n && text_is(view_from(name, name.n - n), others[i]))
			return false;
	}
	return true;
}

static struct view joined(struct syslinux *r, struct view a, struct view b)
{
	const char *s = arena_printf(r->menu.f->arena, "%.*s%s%.*s", (int)a.n, (const char *)a.p,
		a.n && b.n ? " " : "", (int)b.n, (const char *)b.p);

	return s ? view_of_string(s) : (struct view){ 0 };
}

/* Words behind the kernel's name are the first ones of the command line; the first initrd= counts. */
static bool complete(struct syslinux *r, struct view words)
{
	struct finder *f = r->menu.f;
	struct label *l = &r->label;
	struct view line = l->command_line.p ? l->command_line : r->append, initrd, rest;
	bool is_word;

	if (text_is(line, "-"))
		line = view_first(line, 0);
	l->command_line = joined(r, words, line);
	if (!l->command_line.p)
		return false;
	if (!text_word(&l->initrds, &initrd))
		l->initrds = (struct view){ 0 };
	rest = l->initrds;
	if (rest.n)
		finder_obstacle(f, &l->entry, "its INITRD has a blank in it");
	if (initrd.n)
		l->initrds = initrd;
	if (!menu_initrd_in(l->command_line, &initrd, &is_word))
		return true;
	if (!is_word)
		finder_obstacle(f, &l->entry, "its APPEND has \"initrd=\" inside of a word");
	l->initrds = initrd;
	return true;
}

/* What a label says comes to an end where the next one, or another menu, begins. */
static bool close_label(struct syslinux *r)
{
	struct finder *f = r->menu.f;
	struct syslinux_item item = r->item;
	struct view words = r->label.kernel, kernel;

	if (!r->is_open || f->is_full)
		return true;
	r->is_open = false;
	item.menu = r->is_hidden ? SYSLINUX_HIDDEN : r->current;
	item.entry = f->count;
	if (item.kind == ITEM_LABEL && r->is_marked)
		r->menus[item.menu].marked = r->item_count;
	if (item.kind != ITEM_LABEL)
		return add_item(r, item);
	if (!text_word(&words, &kernel))
		kernel = (struct view){ 0 };
	r->label.kernel = kernel;
	if (r->by_name && kernel.p && !is_kernel_name(kernel))
		finder_obstacle(f, &r->label.entry,
			"it is no Linux kernel by its name, %.*s (LINUX would say that it is)",
			(int)kernel.n, (const char *)kernel.p);
	if (r->append_bits & ~3U)
		finder_obstacle(f, &r->label.entry,
			"SYSAPPEND adds words to its command line that only syslinux knows");
	return complete(r, text_trim(words)) && add_item(r, item) &&
		menu_add(&r->menu, r->label, ',');
}

static bool take_label(struct syslinux *r, struct view value)
{
	struct view name;

	if (!close_label(r))
		return false;
	r->label = menu_label(&r->menu);
	r->label.entry.id = finder_title(r->menu.f, value);
	r->item = (struct syslinux_item){ .kind = ITEM_LABEL, .line = r->menu.line };
	r->item.name = text_word(&value, &name) ? name : value;
	r->item.has_blanks = value.n != 0;
	/* Where no KERNEL follows, the label is one. */
	r->label.kernel = r->item.name;
	r->is_open = r->by_name = true;
	r->is_hidden = r->is_marked = false;
	r->append_bits = r->all_append_bits;
	return r->label.entry.id;
}

static bool take_kernel(struct syslinux *r, struct view value)
{
	r->label.kernel = value;
	r->by_name = true;
	return true;
}

static bool take_linux(struct syslinux *r, struct view value)
{
	r->label.kernel = value;
	r->by_name = false;
	return true;
}

static bool take_other(struct syslinux *r, struct view value)
{
	(void)value;
	r->label.kernel = (struct view){ 0 };
	finder_obstacle(r->menu.f, &r->label.entry,
		"line %u starts something else than a Linux kernel", r->menu.line);
	return true;
}

static bool take_append(struct syslinux *r, struct view value)
{
	*(r->is_open ? &r->label.command_line : &r->append) = value;
	return true;
}

static bool take_initrd(struct syslinux *r, struct view value)
{
	r->label.initrds = value;
	return true;
}

static bool take_append_bits(struct syslinux *r, struct view value)
{
	uint64_t bits;

	if (!text_decimal(value, &bits) && !text_hex(value, &bits))
		bits = 0;
	*(r->is_open ? &r->append_bits : &r->all_append_bits) = (unsigned)bits;
	return true;
}

static bool take_device_tree(struct syslinux *r, struct view value)
{
	r->label.device_tree = value;
	return true;
}

static bool take_default(struct syslinux *r, struct view value)
{
	r->wanted = value;
	r->wanted_line = r->menu.line;
	return true;
}

static bool take_ui(struct syslinux *r, struct view value)
{
	r->ui = value;
	return true;
}

static bool take_on_timeout(struct syslinux *r, struct view value)
{
	r->on_timeout = value;
	return true;
}

static bool is_nonzero(struct view value)
{
	struct view word;

	return text_word(&value, &word) && word.p[0] != '0';
}

static bool take_prompt(struct syslinux *r, struct view value)
{
	r->asks = is_nonzero(value);
	return true;
}

static bool take_implicit(struct syslinux *r, struct view value)
{
	r->no_implicit = !is_nonzero(value);
	return true;
}

/* What it includes and is not there is passed over. */
static bool take_include(struct syslinux *r, struct view value)
{
	struct view name;
	bool ignored;

	return !text_word(&value, &name) || menu_include(&r->menu, name, &ignored);
}

static bool take_text(struct syslinux *r, struct view value)
{
	(void)value;
	r->in_text = true;
	return true;
}

static bool menu_begin(struct syslinux *r, struct view value)
{
	size_t item;

	(void)value;
	if (!close_label(r))
		return false;
	if (r->menu_count == MENUS_MAX)
		return menu_doubt(&r->menu, "%s, line %u: there are more than %d menus",
			r->menu.file, r->menu.line, MENUS_MAX);
	item = r->item_count;
	if (!add_item(r,
		    (struct syslinux_item){
			    .kind = ITEM_MENU, .menu = r->current, .line = r->menu.line }) ||
		!add_menu(r, (struct syslinux_menu){ r->current, item, SYSLINUX_NONE }))
		return false;
	r->current = r->menu_count - 1;
	return true;
}

static bool menu_end(struct syslinux *r, struct view value)
{
	(void)value;
	if (!close_label(r))
		return false;
	r->current = r->menus[r->current].parent;
	return true;
}

/* A file of a menu of its own has a title behind it. */
static bool menu_includes(struct syslinux *r, struct view value)
{
	struct view name;
	bool ignored;

	if (!text_word(&value, &name))
		return true;
	if (!value.n)
		return menu_include(&r->menu, name, &ignored);
	return menu_begin(r, value) && menu_include(&r->menu, name, &ignored) && menu_end(r, value);
}

/* Outside of a label it marks the submenu that it stands in. */
static bool menu_default(struct syslinux *r, struct view value)
{
	const struct syslinux_menu *menu = &r->menus[r->current];

	(void)value;
	if (r->is_open)
		r->is_marked = true;
	else if (r->current != SYSLINUX_ROOT)
		r->menus[menu->parent].marked = menu->item;
	return true;
}

static bool menu_label_title(struct syslinux *r, struct view value)
{
	if (!r->is_open)
		return true;
	r->label.entry.title = menu_title(&r->menu, value);
	return r->label.entry.title;
}

static bool menu_hide(struct syslinux *r, struct view value)
{
	(void)value;
	r->is_hidden = true;
	return true;
}

static bool menu_disable(struct syslinux *r, struct view value)
{
	(void)value;
	r->item.kind = ITEM_DISABLED;
	r->item.name = (struct view){ 0 };
	return true;
}

static bool menu_separator(struct syslinux *r, struct view value)
{
	(void)value;
	return close_label(r) &&
		add_item(r, (struct syslinux_item){ .kind = ITEM_DISABLED, .menu = r->current });
}

static bool menu_action(struct syslinux *r, struct view value)
{
	(void)value;
	r->item.kind = ITEM_ACTION;
	return true;
}

static bool menu_password(struct syslinux *r, struct view value)
{
	(void)value;
	if (r->is_open)
		finder_obstacle(
			r->menu.f, &r->label.entry, "line %u asks for a password", r->menu.line);
	return true;
}

static bool menu_save(struct syslinux *r, struct view value)
{
	(void)value;
	return menu_doubt(&r->menu,
		"%s, line %u: MENU SAVE makes what was chosen last the default, and that stands in "
		"no file",
		r->menu.file, r->menu.line);
}

static bool menu_start(struct syslinux *r, struct view value)
{
	(void)value;
	r->start = r->current;
	return true;
}

struct keyword {
	const char *name;
	bool in_label; /* means something behind a LABEL only */
	bool (*take)(struct syslinux *r, struct view value);
};

static const struct keyword menu_keywords[] = {
	{ "label", false, menu_label_title },
	{ "default", false, menu_default },
	{ "begin", false, menu_begin },
	{ "end", false, menu_end },
	{ "include", false, menu_includes },
	{ "hide", true, menu_hide },
	{ "disable", true, menu_disable },
	{ "disabled", true, menu_disable },
	{ "separator", false, menu_separator },
	{ "quit", true, menu_action },
	{ "goto", true, menu_action },
	{ "exit", true, menu_action },
	{ "passwd", false, menu_password },
	{ "save", false, menu_save },
	{ "start", false, menu_start },
};

#define COUNT(array) (sizeof(array) / sizeof *(array))

static bool take_keyword(
	struct syslinux *r, const struct keyword *table, size_t count, struct view line)
{
	struct view word;

	if (!text_word(&line, &word))
		return true;
	for (size_t i = 0; i < count; i++)
		if (text_is_any_case(word, table[i].name))
			return (table[i].in_label && !r->is_open) ||
				table[i].take(r, text_trim(line));
	return true;
}

static bool take_menu(struct syslinux *r, struct view value)
{
	return take_keyword(r, menu_keywords, COUNT(menu_keywords), value);
}

static const struct keyword keywords[] = {
	{ "menu", false, take_menu },
	{ "text", false, take_text },
	{ "include", false, take_include },
	{ "append", false, take_append },
	{ "initrd", true, take_initrd },
	{ "label", false, take_label },
	{ "kernel", true, take_kernel },
	{ "linux", true, take_linux },
	{ "boot", true, take_other },
	{ "bss", true, take_other },
	{ "pxe", true, take_other },
	{ "fdimage", true, take_other },
	{ "comboot", true, take_other },
	{ "com32", true, take_other },
	{ "config", true, take_other },
	{ "localboot", true, take_other },
	{ "ipappend", false, take_append_bits },
	{ "sysappend", false, take_append_bits },
	{ "fdt", true, take_device_tree },
	{ "devicetree", true, take_device_tree },
	{ "default", false, take_default },
	{ "ui", false, take_ui },
	{ "ontimeout", false, take_on_timeout },
	{ "prompt", false, take_prompt },
	{ "implicit", false, take_implicit },
};

static bool take_line(struct menu *m, struct view line)
{
	struct syslinux *r = (struct syslinux *)(void *)m;
	const uint8_t *end = line.n ? memchr(line.p, '\r', line.n) : NULL;
	struct view rest = line, word;

	if (line.n >= LINE_MAX_BYTES)
		return menu_doubt(m,
			"%s, line %u: syslinux does not take a line of %zu bytes whole", m->file,
			m->line, line.n);
	if (end)
		line = view_first(line, (uint64_t)(end - line.p));
	if (!r->in_text)
		return take_keyword(r, keywords, COUNT(keywords), line);
	r->in_text = !(text_word(&rest, &word) && text_is_any_case(word, "endtext"));
	return true;
}

bool syslinux_is_kernel_name(struct view name)
{
	return is_kernel_name(name);
}

/* The vector lies beside the configuration, where extlinux was installed. */
static bool read_once(struct syslinux *r)
{
	struct finder *f = r->menu.f;
	const char *file = r->menu.main->file, *slash = strrchr(file, '/');
	const char *path = arena_printf(f->arena, "%.*s/ldlinux.sys", (int)(slash - file), file);
	struct view bytes;

	if (path && finder_look(f, path, ADV_FILE_MAX, &bytes) &&
		!adv_find(bytes, ADV_BOOT_ONCE, &r->once))
		r->once = (struct view){ 0 };
	return path;
}

bool syslinux_read(struct menu *m, struct finding *ret)
{
	struct syslinux r = { .menu = *m };
	struct finding found = { .first = m->f->count };

	r.menu.take_line = take_line;
	if (!add_menu(&r, (struct syslinux_menu){ SYSLINUX_ROOT, 0, SYSLINUX_NONE }) ||
		!add_menu(&r, (struct syslinux_menu){ SYSLINUX_HIDDEN, 0, SYSLINUX_NONE }) ||
		!menu_read(&r.menu) || !close_label(&r) || !read_once(&r) ||
		!syslinux_pick(&r, &found))
		return false;
	found.count = m->f->count - found.first;
	found.doubt = r.menu.doubt;
	*ret = found;
	return true;
}
