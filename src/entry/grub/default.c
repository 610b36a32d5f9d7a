/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which line of a menu GRUB takes by itself: GNU's GRUB, and Red Hat's. */
#include <string.h>

#include "entry/bls/blscfg.h"
#include "entry/grub/grub.h"

/* The entries of UAPI.1 that stand where "blscfg" is. */
struct lines {
	const struct grub *g;
	const struct finding *bls;
	uint64_t number; /* that is looked for */
};

/* A line: an item, or one of the entries of UAPI.1. */
struct line {
	const struct grub_item *item; /* NULL: there is none */
	size_t entry;                 /* of UAPI.1, where the item stands for those */
	const char *doubt;            /* which line it is is not known */
};

typedef bool line_test(const struct lines *lines, struct line line, const char *wanted,
	size_t index, const char **ret_doubt);

static bool is_shown(const struct lines *lines, size_t entry)
{
	return lines->g->f->entries[entry].kind == ENTRY_BLS;
}

/* The first line for which it is so. */
static struct line find_line(const struct lines *lines, const struct grub_menu *menu,
	line_test *test, const char *wanted)
{
	size_t index = 0;
	const char *doubt = NULL;

	for (const struct grub_item *item = menu->first; item && !doubt; item = item->next) {
		struct line line = { .item = item };
		bool is_found = false;

		if (!item->node && !item->is_bls)
			return (struct line){ .doubt = item->doubt };
		if (item->is_bls && lines->bls->doubt)
			return (struct line){ .doubt = lines->bls->doubt };
		if (!item->is_bls)
			is_found = test(lines, line, wanted, index++, &doubt);
		for (size_t i = 0; item->is_bls && i < lines->bls->count && !is_found; i++) {
			line.entry = lines->bls->first + i;
			if (is_shown(lines, line.entry))
				is_found = test(lines, line, wanted, index++, &doubt);
		}
		if (doubt)
			break;
		/* Where it may be missing, what follows has another number. */
		if (item->doubt && (is_found || !wanted))
			return (struct line){ .doubt = item->doubt };
		if (is_found)
			return line;
	}
	return (struct line){ .doubt = doubt };
}

static bool has_number(const struct lines *lines, struct line line, const char *wanted,
	size_t index, const char **ret_doubt)
{
	(void)line;
	(void)wanted;
	(void)ret_doubt;
	return index == lines->number;
}

static struct line line_by_number(
	const struct lines *lines, const struct grub_menu *menu, uint64_t number)
{
	struct lines numbered = { lines->g, lines->bls, number };

	return find_line(&numbered, menu, has_number, NULL);
}

static const char *text_of(
	const struct lines *lines, struct line line, bool is_id, const char **ret_doubt)
{
	const struct grub_value *value = is_id ? &line.item->id : &line.item->title;
	const struct entry *entry = &lines->g->f->entries[line.entry];

	if (line.item->is_bls)
		return is_id ? entry->id : entry->title;
	*ret_doubt = *ret_doubt ? *ret_doubt : value->doubt;
	return value->text;
}

/* Up to a ">" that is not doubled; *ret_end: what follows in the path. */
static bool is_name(const char *name, const char *path, const char **ret_end)
{
	for (;; name++, path++) {
		bool is_end = path[0] == '>' && path[1] != '>';

		*ret_end = path;
		if (is_end || !*path)
			return !*name;
		path += path[0] == '>';
		if (*name != *path)
			return false;
	}
}

static bool has_name(const struct lines *lines, struct line line, const char *wanted, size_t index,
	const char **ret_doubt)
{
	const char *end;

	(void)index;
	return is_name(text_of(lines, line, false, ret_doubt), wanted, &end) ||
		is_name(text_of(lines, line, true, ret_doubt), wanted, &end);
}

/* A number that does not fit GRUB's int differs between machines. */
static struct line numbered(
	const struct lines *lines, const struct grub_menu *menu, uint64_t number)
{
	if (number > UINT32_MAX && number != UINT64_MAX)
		return (struct line){ .doubt = "such a number is only known to GRUB" };
	return number > INT32_MAX ? (struct line){ 0 } : line_by_number(lines, menu, number);
}

static bool is_same_line(struct line a, struct line b)
{
	return a.item == b.item && a.entry == b.entry;
}

/*
 * A number comes first, whatever follows it. An entry without a title is chosen by a default that is
 * empty, and the first one by a default that is not set, which is told apart by GRUB only.
 */
static struct line gnus_line(
	const struct lines *lines, const struct grub_menu *menu, const char *path)
{
	struct line line;
	const char *end;
	uint64_t number;

	if (grub_number(path, 0, &number, &end))
		return numbered(lines, menu, number);
	line = find_line(lines, menu, has_name, path);
	if (!path[0] && line.item && !is_same_line(line, line_by_number(lines, menu, 0)))
		return (struct line){ .doubt = "its default is empty, and an entry has no title" };
	return line;
}

static bool is_blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

static size_t first_word(const char *path)
{
	size_t n = 0;

	while (path[n] && !is_blank(path[n]))
		n++;
	return n;
}

/* Of a path with blanks, the first word may be an id. */
static bool has_id(const struct lines *lines, struct line line, const char *wanted, size_t index,
	const char **ret_doubt)
{
	const char *id = text_of(lines, line, true, ret_doubt), *end;
	size_t n = first_word(wanted);

	(void)index;
	if (!id[0] || strlen(id) > n)
		return false;
	if (is_name(id, wanted, &end))
		return true;
	return n > 1 && strlen(id) == n && strncmp(id, wanted, n) == 0 && !memchr(id, '>', n);
}

static bool has_title(const struct lines *lines, struct line line, const char *wanted, size_t index,
	const char **ret_doubt)
{
	const char *title = text_of(lines, line, false, ret_doubt), *end;

	(void)index;
	return title[0] && is_name(title, wanted, &end);
}

/* Ids come first, then titles, then numbers that are all there is. */
static struct line red_hats_line(
	const struct lines *lines, const struct grub_menu *menu, const char *path)
{
	struct line line = find_line(lines, menu, has_id, path);
	const char *end;
	uint64_t number;

	if (line.item)
		return path[first_word(path)] ? (struct line){ 0 } : line;
	if (!line.doubt)
		line = find_line(lines, menu, has_title, path);
	if (line.item || line.doubt || !grub_number(path, 0, &number, &end) || *end)
		return line;
	return numbered(lines, menu, number);
}

typedef struct line choose_line(
	const struct lines *lines, const struct grub_menu *menu, const char *path);

struct choice {
	bool is_found;
	size_t entry;
	const char *doubt;
};

static struct choice in_doubt(const char *doubt)
{
	return (struct choice){ .doubt = doubt };
}

static struct choice choose(const struct lines *lines, choose_line *by,
	const struct grub_menu *menu, struct grub_value path);

static struct choice choose_below(
	const struct lines *lines, choose_line *by, const struct grub_menu *menu)
{
	struct choice choice, other;

	if (!menu)
		return in_doubt("the submenu that is chosen was not looked into");
	choice = choose(lines, by, menu, menu->chosen);
	if (choice.doubt || !menu->inherited.text)
		return choice;
	other = choose(lines, by, menu, menu->inherited);
	if (other.doubt)
		return other;
	if (other.entry != choice.entry)
		return in_doubt("GRUBs differ in the default of the submenu that is chosen");
	return choice;
}

/* What is no line of the menu is its first one. */
static struct choice choose(const struct lines *lines, choose_line *by,
	const struct grub_menu *menu, struct grub_value path)
{
	struct line line;

	if (path.doubt)
		return in_doubt(path.doubt);
	if (grub_names_device(path.text))
		return in_doubt("the default is the name of a device, known to GRUB only");
	line = by(lines, menu, path.text);
	if (!line.item && !line.doubt) {
		if (path.text[0])
			notes_add(lines->g->f->notes,
				"GRUB's default \"%.80s\" is no entry; it takes the first one",
				path.text);
		line = line_by_number(lines, menu, 0);
	}
	if (line.doubt)
		return in_doubt(line.doubt);
	if (!line.item)
		return in_doubt("there is no entry in the menu");
	if (line.item->is_bls)
		return (struct choice){ .is_found = true, .entry = line.entry };
	if (line.item->is_menu)
		return choose_below(lines, by, line.item->menu);
	return (struct choice){ .is_found = line.item->has_entry, .entry = line.item->entry };
}

/* By its name: a number would be that of another line as soon as an entry is added. */
static bool leads_to(const struct lines *lines, choose_line *by, size_t entry)
{
	const char *id = lines->g->f->entries[entry].id;
	const struct line line = by(lines, lines->g->menu, id);

	return line.item && line.item->is_bls && !line.doubt && line.entry == entry &&
		!grub_names_device(id);
}

/* The entries of UAPI.1 are named by their ids, where these are neither numbers nor paths to a GRUB. */
static void tell_how_once(const struct lines *lines)
{
	struct finder *f = lines->g->f;
	const bool is_red_hats = blscfg_is_red_hats(f);
	const char *end;
	uint64_t number;

	for (size_t i = lines->bls->first; i < lines->bls->first + lines->bls->count; i++) {
		struct entry *entry = &f->entries[i];

		if (entry->id[strcspn(entry->id, " >")] || !leads_to(lines, red_hats_line, i) ||
			(!is_red_hats &&
				(grub_number(entry->id, 0, &number, &end) ||
					!leads_to(lines, gnus_line, i))))
			continue;
		entry->boot_once = entry->id;
		entry->boot_once_by = ONCE_BY_GRUB;
	}
}

static const char *with_file(struct finder *f, const char *doubt)
{
	const char *text = doubt[0] == '/'
		? doubt
		: arena_printf(f->arena, "%s: %s", f->grub->main_file, doubt);

	return text ? text : "out of memory";
}

void grub_default(struct finder *f, const struct finding *bls, struct finding *ret)
{
	struct lines lines = { f->grub, bls, 0 };
	struct choice choice, other;
	struct grub_value path;

	if (!f->grub || ret->doubt)
		return;
	f->grub->variables = f->grub->menu->context;
	path = grub_value_of(f->grub, "default");
	if (f->grub->bls_variables) {
		choice = choose(&lines, red_hats_line, f->grub->menu, path);
	} else {
		choice = choose(&lines, gnus_line, f->grub->menu, path);
		other = f->grub->is_red_hat && !choice.doubt
			? choose(&lines, red_hats_line, f->grub->menu, path)
			: choice;
		if (!choice.doubt && (other.doubt || other.entry != choice.entry))
			choice = other.doubt ? other
					     : in_doubt("GRUBs differ in what its default means");
	}
	if (grub_has_blscfg(f))
		tell_how_once(&lines);
	ret->has_default = choice.is_found;
	ret->chosen = choice.entry;
	ret->doubt = choice.doubt ? with_file(f, choice.doubt) : NULL;
}
