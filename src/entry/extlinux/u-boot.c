/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * extlinux.conf as U-Boot reads it (doc/README.pxe, and what its parser does with the rest): a label
 * ends at the first line that is nothing of a label's, DEFAULT and ONTIMEOUT are the same, values go
 * to the end of their line. What its versions do differently is refused.
 */
#include <string.h>

#include "entry/extlinux/menu.h"
#include "machine/text.h"

struct named {
	struct view name;
	size_t entry;
};

struct reading {
	struct menu menu;
	struct label label;
	struct view name; /* of the label, with the blanks at its end */
	bool is_open;
	unsigned cut; /* the line at which the label ends, at least for some versions; 0: none */
	struct view wanted; /* p NULL: none */
	struct named *labels;
	size_t count;
};

static struct reading *reading_of(struct menu *m)
{
	return (struct reading *)(void *)m;
}

static bool close_label(struct reading *r)
{
	struct menu *m = &r->menu;
	struct named *grown;

	if (!r->is_open || m->f->is_full)
		return true;
	r->is_open = false;
	grown = arena_grow(m->f->arena, r->labels, r->count, sizeof *grown);
	if (!grown)
		return false;
	grown[r->count++] = (struct named){ r->name, m->f->count };
	r->labels = grown;
	return menu_add(m, r->label, 0);
}

static bool take_label(struct reading *r, struct view value)
{
	if (!close_label(r))
		return false;
	r->label = menu_label(&r->menu);
	r->label.entry.id = finder_title(r->menu.f, text_trim(value));
	r->name = value;
	r->is_open = true;
	r->cut = 0;
	return r->label.entry.id;
}

/* Its configuration of a FIT image stands behind a "#". */
static bool take_kernel(struct reading *r, struct view value)
{
	if (memchr(value.p, '#', value.n))
		finder_obstacle(r->menu.f, &r->label.entry,
			"line %u has a part of a FIT image, which is not looked into",
			r->menu.line);
	r->label.kernel = text_trim(value);
	return true;
}

static bool is_set_by_u_boot(struct view line)
{
	for (size_t i = 0; i < line.n; i++) {
		uint8_t c = line.p[i], next = i + 1 < line.n ? line.p[i + 1] : 0;

		if (c == '\'' || c == '\\' || (c == '$' && (next == '{' || next == '(')))
			return true;
	}
	return false;
}

static bool take_append(struct reading *r, struct view value)
{
	struct finder *f = r->menu.f;
	struct entry *e = &r->label.entry;
	struct view initrd;
	bool is_word;

	if (is_set_by_u_boot(value))
		finder_obstacle(f, e,
			"line %u has what U-Boot replaces by values of its own environment: ${…}, "
			"quotes or backslashes",
			r->menu.line);
	r->label.command_line = text_trim(value);
	if (r->label.initrds.p || !menu_initrd_in(r->label.command_line, &initrd, &is_word))
		return true;
	if (!is_word)
		finder_obstacle(f, e, "line %u has \"initrd=\" inside of a word", r->menu.line);
	r->label.initrds = initrd;
	return true;
}

/* The first one counts; U-Boot takes the name in a second one for a line that ends the label. */
static bool take_once(struct reading *r, struct view *to, struct view value)
{
	if (to->p)
		r->cut = r->cut ? r->cut : r->menu.line;
	else
		*to = text_trim(value);
	return true;
}

static bool take_initrd(struct reading *r, struct view value)
{
	return take_once(r, &r->label.initrds, value);
}

/* "-" asks for none from a file. */
static bool take_device_tree(struct reading *r, struct view value)
{
	return text_is(text_trim(value), "-") || take_once(r, &r->label.device_tree, value);
}

/* Which file of the folder it is, only the board's firmware knows. */
static bool take_device_trees(struct reading *r, struct view value)
{
	(void)value;
	finder_remark(r->menu.f, &r->label.entry,
		"the running system's device tree is taken, not one of FDTDIR");
	return true;
}

static bool take_overlays(struct reading *r, struct view value)
{
	(void)value;
	finder_obstacle(r->menu.f, &r->label.entry,
		"line %u has device tree overlays, which are not applied here", r->menu.line);
	return true;
}

static bool take_local_boot(struct reading *r, struct view value)
{
	(void)value;
	finder_obstacle(r->menu.f, &r->label.entry,
		"line %u has LOCALBOOT: what that starts is U-Boot's own", r->menu.line);
	return true;
}

static bool take_ip_append(struct reading *r, struct view value)
{
	if (!text_is(text_trim(value), "0"))
		finder_obstacle(r->menu.f, &r->label.entry,
			"line %u has IPAPPEND: U-Boot adds words of its own to the command line",
			r->menu.line);
	return true;
}

static bool take_default(struct reading *r, struct view value)
{
	r->wanted = value;
	return true;
}

static bool give_up(struct reading *r, const char *why)
{
	r->menu.has_ended = true;
	return menu_doubt(&r->menu, "%s, line %u: %s, at which U-Boot gives the file up",
		r->menu.file, r->menu.line, why);
}

static bool take_include(struct reading *r, struct view value)
{
	bool found;

	if (!menu_include(&r->menu, text_trim(value), &found))
		return false;
	return found || give_up(r, "the file that it includes is not there");
}

/* MENU LABEL and MENU DEFAULT of a label; MENU INCLUDE outside of them. */
static bool take_menu(struct reading *r, struct view value)
{
	struct view word;

	if (!text_word(&value, &word))
		return true;
	if (!r->is_open)
		return !text_is_any_case(word, "include") || take_include(r, value);
	if (text_is_any_case(word, "default") && !r->wanted.p)
		r->wanted = r->name;
	if (!text_is_any_case(word, "label"))
		return true;
	r->label.entry.title = menu_title(&r->menu, value);
	return r->label.entry.title;
}

static bool take_nothing(struct reading *r, struct view value)
{
	(void)r;
	(void)value;
	return true;
}

enum where { OF_A_LABEL, OF_THE_MENU };

static const struct keyword {
	const char *name;
	enum where where;
	bool may_be_alone; /* nothing need stand behind it */
	bool (*take)(struct reading *r, struct view value);
} keywords[] = {
	{ "menu", OF_A_LABEL, true, take_menu },
	{ "linux", OF_A_LABEL, false, take_kernel },
	{ "kernel", OF_A_LABEL, false, take_kernel },
	{ "append", OF_A_LABEL, false, take_append },
	{ "initrd", OF_A_LABEL, false, take_initrd },
	{ "fdt", OF_A_LABEL, false, take_device_tree },
	{ "devicetree", OF_A_LABEL, false, take_device_tree },
	{ "fdtdir", OF_A_LABEL, false, take_device_trees },
	{ "devicetreedir", OF_A_LABEL, false, take_device_trees },
	{ "fdtoverlays", OF_A_LABEL, false, take_overlays },
	{ "devicetree-overlay", OF_A_LABEL, false, take_overlays },
	{ "localboot", OF_A_LABEL, false, take_local_boot },
	{ "ipappend", OF_A_LABEL, false, take_ip_append },
	{ "kaslrseed", OF_A_LABEL, true, take_nothing },
	{ "label", OF_THE_MENU, false, take_label },
	{ "default", OF_THE_MENU, false, take_default },
	{ "ontimeout", OF_THE_MENU, false, take_default },
	{ "timeout", OF_THE_MENU, false, take_nothing },
	{ "prompt", OF_THE_MENU, true, take_nothing },
	{ "include", OF_THE_MENU, false, take_include },
};

static const struct keyword *find_keyword(struct view word)
{
	for (size_t i = 0; i < sizeof keywords / sizeof *keywords; i++)
		if (text_is_any_case(word, keywords[i].name))
			return &keywords[i];
	return NULL;
}

/* Behind the end of its label a keyword is none. Some versions know more of them, and go on. */
static bool take_of_label(struct reading *r, const struct keyword *keyword, struct view value)
{
	if (!r->is_open && keyword->take != take_menu)
		return true;
	if (!r->cut)
		return keyword->take(r, value);
	if (keyword->take != take_menu)
		finder_obstacle(r->menu.f, &r->label.entry,
			"line %u ends its label, for some versions of U-Boot at least, and line %u "
			"has more of it",
			r->cut, r->menu.line);
	return true;
}

static bool take_line(struct menu *m, struct view line)
{
	struct reading *r = reading_of(m);
	const struct keyword *keyword;
	struct view rest = line, word, value;

	if (!text_word(&rest, &word) || word.p[0] == '#')
		return true;
	if (memchr(line.p, '\r', line.n))
		return menu_doubt(m,
			"%s, line %u: there is a carriage return, which U-Boot takes "
			"for a part of the name before it",
			m->file, m->line);
	keyword = find_keyword(word);
	value = view_from(line, (uint64_t)(word.p - line.p) + word.n);
	while (value.n && (value.p[0] == ' ' || value.p[0] == '\t'))
		value = view_from(value, 1);
	if (keyword && !keyword->may_be_alone && (!value.n || value.p[0] == '#') &&
		(keyword->where == OF_THE_MENU || r->is_open))
		return give_up(r, "nothing stands behind its keyword");
	if (keyword && keyword->where == OF_A_LABEL)
		return take_of_label(r, keyword, value);
	if (r->is_open && !r->cut && !(keyword && keyword->take == take_label))
		r->cut = m->line;
	return !keyword || keyword->take(r, value);
}

/* Of several of one name the last; without any that is named, they are tried one after the other. */
static void find_default(struct reading *r, struct finding *ret)
{
	for (size_t i = 0; i < r->count; i++)
		if (r->wanted.p && view_equal(r->labels[i].name, r->wanted)) {
			ret->has_default = true;
			ret->chosen = r->labels[i].entry;
		}
	if (ret->has_default || !r->count)
		return;
	ret->has_default = true;
	ret->chosen = r->labels[0].entry;
}

bool u_boot_read(struct menu *m, struct finding *ret)
{
	struct reading r = { .menu = *m };
	struct finding found = { .first = m->f->count };

	r.menu.take_line = take_line;
	if (!menu_read(&r.menu) || !close_label(&r))
		return false;
	found.count = m->f->count - found.first;
	find_default(&r, &found);
	if (!found.count &&
		!menu_doubt(&r.menu, "%s has no label that can be booted", m->main->file))
		return false;
	found.doubt = r.menu.doubt;
	*ret = found;
	return true;
}
