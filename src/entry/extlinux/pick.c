/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What syslinux boots when nobody touches a key: what it is to boot once; else the command of UI or
 * DEFAULT; with PROMPT that of ONTIMEOUT. A menu (menu.c32, vesamenu.c32) takes the label of DEFAULT, else what MENU DEFAULT marks,
 * else its first item.
 */
#include <string.h>

#include "entry/extlinux/syslinux.h"
#include "machine/text.h"

static bool doubt(struct syslinux *r, const char *why)
{
	return menu_doubt(&r->menu, "%s: %s", r->menu.main->file, why);
}

/* By the first word of a command; SYSLINUX_NONE: no label has this name. */
static size_t find_label(const struct syslinux *r, struct view command)
{
	struct view name;

	if (!command.p || !text_word(&command, &name))
		return SYSLINUX_NONE;
	for (size_t i = 0; i < r->item_count; i++)
		if (r->items[i].name.p && view_equal(r->items[i].name, name))
			return i;
	return SYSLINUX_NONE;
}

/* Versions differ in where a label with blanks ends. */
static bool pick_item(struct syslinux *r, size_t which, struct finding *ret)
{
	const struct syslinux_item *item = &r->items[which];

	if (item->kind != ITEM_LABEL)
		return menu_doubt(&r->menu,
			"%s: the default, of line %u, is no label that starts something",
			r->menu.main->file, item->line);
	if (item->has_blanks)
		return menu_doubt(&r->menu,
			"%s: the default, the label of line %u, has a blank in it",
			r->menu.main->file, item->line);
	ret->has_default = true;
	ret->chosen = item->entry;
	return true;
}

static bool is_shown(const struct syslinux_item *item, size_t menu)
{
	return item->menu == menu && item->kind != ITEM_DISABLED;
}

/* From what is marked on, else from the first, the next one that can be taken. */
static size_t item_of_menu(const struct syslinux *r, size_t menu)
{
	size_t marked = r->menus[menu].marked, last = SYSLINUX_NONE;

	for (size_t i = 0; i < r->item_count; i++) {
		if (!is_shown(&r->items[i], menu))
			continue;
		last = i;
		if (marked == SYSLINUX_NONE || i >= marked)
			return i;
	}
	return last;
}

static bool has_words(struct view command)
{
	struct view name;

	return text_word(&command, &name) && text_trim(command).n;
}

static bool pick_by_menu(struct syslinux *r, struct finding *ret)
{
	size_t which = find_label(r, r->wanted), late = find_label(r, r->on_timeout);

	if (which == SYSLINUX_NONE || r->items[which].menu == SYSLINUX_HIDDEN)
		which = item_of_menu(r, r->start);
	if (which == SYSLINUX_NONE)
		return doubt(r, "its menu is empty");
	if (r->on_timeout.p && (late != which || has_words(r->on_timeout)))
		return doubt(r, "ONTIMEOUT counts for some versions of the menu only");
	return pick_item(r, which, ret);
}

/* menu.c32 and vesamenu.c32, wherever they lie. */
static bool is_menu(struct view name)
{
	static const char *const menus[] = { "menu.c32", "vesamenu.c32" };

	for (size_t i = name.n; i-- > 0;)
		if (name.p[i] == '/') {
			name = view_from(name, i + 1);
			break;
		}
	for (size_t i = 0; i < sizeof menus / sizeof *menus; i++)
		if (text_is_any_case(name, menus[i]))
			return true;
	return false;
}

/* Words behind a label are added to the command line. */
static bool pick_label(struct syslinux *r, size_t which, struct view words, struct finding *ret)
{
	struct entry *e;
	struct view ignored;
	bool is_word;

	if (!pick_item(r, which, ret))
		return false;
	if (!ret->has_default || !words.n)
		return true;
	e = &r->menu.f->entries[ret->chosen];
	if (menu_initrd_in(words, &ignored, &is_word))
		return doubt(r, "its DEFAULT names an initrd");
	e->command_line = arena_printf(r->menu.f->arena, "%s%s%.*s", e->command_line,
		e->command_line[0] ? " " : "", (int)words.n, (const char *)words.p);
	finder_remark(r->menu.f, e, "it has the words that stand behind DEFAULT");
	return e->command_line;
}

/*
 * syslinux looks for NAME.c32, NAME.img and so on first where what it is to start is no label, and
 * takes NAME itself as a kernel where none of them is there. The answer is an ending that is there.
 */
static const char *other_ending(struct syslinux *r, struct view name)
{
	static const char *const endings[] = { ".com", ".cbt", ".c32", ".img", ".bss", ".bin",
		".bs", ".0" };

	for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
		const char *other = arena_printf(
			r->menu.f->arena, "%.*s%s", (int)name.n, (const char *)name.p, endings[i]);

		if (!other || menu_has_file(&r->menu, view_of_string(other)))
			return endings[i];
	}
	return NULL;
}

/* A kernel and its command line, without a label. */
static bool pick_kernel(
	struct syslinux *r, struct view name, struct view words, struct finding *ret)
{
	struct label label = menu_label(&r->menu);
	const char *other;
	struct view initrd;
	bool is_word;

	if (r->no_implicit)
		return doubt(r, "DEFAULT is no label, and IMPLICIT 0 lets nothing else be started");
	if (!syslinux_is_kernel_name(name))
		return menu_doubt(&r->menu, "%s: DEFAULT starts %.*s, which is no Linux kernel",
			r->menu.main->file, (int)name.n, (const char *)name.p);
	other = other_ending(r, name);
	if (other)
		return menu_doubt(&r->menu, "%s: DEFAULT is no label, and starts %.*s%s",
			r->menu.main->file, (int)name.n, (const char *)name.p, other);
	label.entry.file = r->menu.main->file;
	label.entry.line = r->wanted_line;
	label.entry.id = finder_title(r->menu.f, name);
	label.kernel = name;
	label.command_line = words;
	if (!label.entry.id)
		return false;
	if (r->append.n)
		finder_obstacle(r->menu.f, &label.entry,
			"whether APPEND belongs to a kernel without a label differs among "
			"versions");
	if (menu_initrd_in(words, &initrd, &is_word)) {
		label.initrds = initrd;
		if (!is_word)
			finder_obstacle(
				r->menu.f, &label.entry, "it has \"initrd=\" inside of a word");
	}
	ret->chosen = r->menu.f->count;
	ret->has_default = true;
	return menu_add(&r->menu, label, ',');
}

static size_t only_label(const struct syslinux *r)
{
	size_t only = SYSLINUX_NONE;

	for (size_t i = 0; i < r->item_count; i++) {
		if (r->items[i].kind != ITEM_LABEL)
			continue;
		if (only != SYSLINUX_NONE)
			return SYSLINUX_NONE;
		only = i;
	}
	return only;
}

/* Then it asks; where there is but one answer, that is it. */
static bool pick_without_default(struct syslinux *r, struct finding *ret)
{
	size_t which = only_label(r);

	return which == SYSLINUX_NONE
		? doubt(r, "it has neither DEFAULT nor UI, so that syslinux waits for an answer")
		: pick_item(r, which, ret);
}

bool syslinux_pick(struct syslinux *r, struct finding *ret)
{
	struct view command = r->ui.n ? r->ui : r->wanted, name;
	size_t which;

	if (r->asks && r->on_timeout.n)
		command = r->on_timeout;
	if (r->once.n)
		command = r->once;
	if (!command.n)
		return pick_without_default(r, ret);
	which = find_label(r, command);
	if (!text_word(&command, &name))
		return true;
	command = text_trim(command);
	if (which != SYSLINUX_NONE)
		return pick_label(r, which, command, ret);
	if (!is_menu(name))
		return pick_kernel(r, name, command, ret);
	return command.n ? doubt(r, "its menu is of other files") : pick_by_menu(r, ret);
}
