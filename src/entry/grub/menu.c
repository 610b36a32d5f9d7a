/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Menus: their lines, and what is booted when one of them is chosen. */
#include <string.h>

#include "entry/bls/blscfg.h"
#include "entry/grub/grub.h"

struct grub_menu *grub_new_menu(struct grub *g)
{
	struct grub_menu *menu = arena_alloc(g->f->arena, sizeof *menu);

	g->is_out_of_memory |= !menu;
	return menu;
}

static void append(struct grub *g, struct grub_item item)
{
	struct grub_item *copy = arena_alloc(g->f->arena, sizeof *copy);

	g->is_out_of_memory |= !copy;
	if (!copy)
		return;
	*copy = item;
	if (g->menu->last)
		g->menu->last->next = copy;
	else
		g->menu->first = copy;
	g->menu->last = copy;
}

static bool is_doubt(const struct grub_item *item)
{
	return item && !item->node && !item->is_bls;
}

void grub_add_doubt(struct grub *g, const char *doubt)
{
	if (!is_doubt(g->menu->last))
		append(g, (struct grub_item){ .doubt = doubt });
}

static void add_item(struct grub *g, struct grub_item item)
{
	if (g->entries >= FINDER_ENTRIES_MAX) {
		if (!g->f->is_full)
			notes_add(g->f->notes,
				"%s, line %u: there are more than %d entries; the rest is left out",
				g->file, g->line, FINDER_ENTRIES_MAX);
		g->f->is_full = true;
		grub_add_doubt(g, grub_reason(g, "there are too many entries"));
		return;
	}
	g->entries++;
	item.doubt = item.doubt ? item.doubt : grub_doubt(g);
	item.file = g->file;
	item.line = g->line;
	append(g, item);
}

/* The doubt of the word that a text is a part of. */
static const char *doubt_of(const struct grub_arguments *a, const char *text)
{
	for (size_t i = 0; i < a->count; i++)
		if (text >= a->items[i].text && text <= a->items[i].text + strlen(a->items[i].text))
			return a->items[i].doubt ? a->items[i].doubt : a->doubt;
	return a->doubt;
}

enum { USERS, ID, SOURCE };

/* The rest is its block, and what $1 and on are in it. */
static void add_line(struct grub *g, const struct grub_node *node, const struct grub_arguments *a,
	struct grub_item item)
{
	const char *title = item.arguments.items[0].text;
	const char *id = item.id.text ? item.id.text : title;

	item.arguments.doubt = a->doubt;
	item.title = (struct grub_value){ title, doubt_of(a, title) };
	item.id = (struct grub_value){ id, doubt_of(a, id) };
	item.is_menu = a->items[0].text[0] == 's';
	item.doubt = a->doubt;
	item.node = node;
	add_item(g, item);
	grub_succeed(g);
}

void grub_run_menuentry(
	struct grub *g, const struct grub_node *node, const struct grub_arguments *a)
{
	struct grub_option options[] = { [USERS] = { .name = "users", .kind = GRUB_MAY_HAVE_VALUE },
		[ID] = { .name = "id", .kind = GRUB_VALUE },
		[SOURCE] = { .name = "source", .kind = GRUB_VALUE },
		{ .name = "class", .kind = GRUB_VALUE },
		{ .name = "hotkey", .kind = GRUB_VALUE },
		{ .name = "unrestricted" },
		{ .name = NULL } };
	struct grub_arguments words = grub_arguments_from(a, 1), rest;
	bool is_understood = grub_take_options(g, &words, options, true, &rest);

	if (g->entry)
		grub_lose(g, grub_reason(g, "an entry inside of an entry is not understood"));
	else if (!is_understood || (options[USERS].is_set && !options[USERS].value))
		grub_lose(g, grub_reason(g, "its options are not understood"));
	else if ((!node->body && !options[SOURCE].is_set) || (rest.count == 0 && !rest.doubt))
		grub_fail(g, -1);
	else if (rest.count == 0 || options[SOURCE].is_set)
		grub_lose(g,
			rest.count ? grub_reason(g, "a body in a word is not understood")
				   : rest.doubt);
	else
		add_line(g, node, a,
			(struct grub_item){ .id.text = options[ID].value, .arguments = rest });
}

/* Its entries are found by others; the variables in them are those of now. */
void grub_run_blscfg(struct grub *g, const struct grub_node *node, const struct grub_arguments *a)
{
	struct grub_context *now = grub_context_on(g, g->variables, false);
	const char *doubt = grub_arguments_doubt(a, 1);

	(void)node;
	if (g->entry) {
		grub_lose(g, grub_reason(g, "\"blscfg\" is not understood"));
		return;
	}
	g->is_red_hat = true;
	add_item(g,
		(struct grub_item){
			.title = { "", NULL },
			.id = { "", NULL },
			.is_bls = true,
			.doubt = doubt,
		});
	if (now && !g->bls_variables)
		g->bls_variables = now;
	grub_wonder(g, NULL);
}

/* What an entry or a submenu may change, and must not change for others. */
struct state {
	struct grub_context *variables;
	struct grub_menu *menu;
	size_t function_count;
	const char *functions_doubt, *loaded;
};

static struct state begin(struct grub *g, const char *file, unsigned line)
{
	struct state before = { g->variables, g->menu, g->function_count, g->functions_doubt,
		g->loaded };

	g->doubt = g->rest_doubt = NULL;
	g->flow = GRUB_GOES_ON;
	g->loops = g->breaks = 0;
	g->steps = 0;
	g->has_linux = false;
	g->file = file;
	g->line = line;
	grub_succeed(g);
	return before;
}

static void end(struct grub *g, const struct state *before)
{
	g->variables = before->variables;
	g->menu = before->menu;
	g->function_count = before->function_count;
	g->functions_doubt = before->functions_doubt;
	g->loaded = before->loaded;
	g->flow = GRUB_GOES_ON;
}

static void set_chosen(struct grub *g)
{
	static const char doubt[] = "how an entry was chosen is not known";

	grub_assign(g, "chosen", (struct grub_value){ "", doubt });
	grub_export(g, "chosen");
}

/* "A>B" is B where A is chosen; a name's own ">" is doubled. */
static const char *rest_of(const char *path)
{
	for (; *path; path++) {
		if (path[0] == '>' && path[1] != '>')
			return path[1] ? path + 1 : NULL;
		path += path[0] == '>';
	}
	return NULL;
}

/* GNU's GRUB forgets the default that has led here, Red Hat's keeps it. */
static void set_default(struct grub *g, struct grub_value outside)
{
	const char *rest = rest_of(outside.text);

	if (outside.doubt)
		grub_assign(g, "default", outside);
	else if (rest)
		grub_set(g, "default", rest);
	else if (!g->is_red_hat)
		grub_unset(g, "default");
}

static void set_entrys_default(struct grub *g)
{
	struct grub_value outside = grub_value_of(g, "default");

	if (g->is_red_hat && !outside.doubt && outside.text[0] && !rest_of(outside.text))
		outside.doubt = "GRUBs differ in whether an entry sees the default";
	set_default(g, outside);
}

static void run_body(struct grub *g, const struct grub_item *item)
{
	grub_run_function(g, item->node->body, &item->arguments);
}

/* GRUB boots by itself what ends well. */
static void check_end(struct grub *g, struct entry *entry)
{
	if (g->status.answer == ANSWER_NO)
		finder_obstacle(g->f, entry,
			"%s, line %u: it ends with a failure, so that GRUB does not boot it",
			g->file, g->line);
}

/* By its id or title, in which a ">" is doubled, behind those of its submenus. NULL: not known. */
static const char *path_of(struct grub *g, const struct grub_item *item, const char *end)
{
	const char *name = item->id.text;
	char *path;
	size_t n;

	if (!g->path || item->doubt || item->id.doubt || !name || !name[0])
		return NULL;
	n = strlen(g->path);
	path = arena_alloc(g->f->arena, n + 2 * strlen(name) + strlen(end) + 1);
	if (!path)
		return NULL;
	memcpy(path, g->path, n);
	for (; *name; name++) {
		path[n++] = *name;
		if (*name == '>')
			path[n++] = '>';
	}
	strcpy(path + n, end);
	return path;
}

static bool show_entry(struct grub *g, struct grub_item *item)
{
	struct entry entry = {
		.kind = ENTRY_GRUB, .file = item->node->file, .line = item->node->line
	};
	struct state before;

	entry.title = finder_title(g->f, view_of_string(item->title.text));
	entry.id =
		item->id.text[0] ? finder_title(g->f, view_of_string(item->id.text)) : entry.title;
	if (!entry.title || !entry.id)
		return false;
	entry.boot_once = path_of(g, item, "");
	entry.boot_once_by = ONCE_BY_GRUB;
	before = begin(g, item->node->file, item->node->line);
	g->entry = &entry;
	g->variables = grub_context_on(g, g->variables, false);
	if (g->variables) {
		if (item->doubt)
			finder_obstacle(g->f, &entry, "%s", item->doubt);
		set_chosen(g);
		set_entrys_default(g);
		run_body(g, item);
		check_end(g, &entry);
	}
	g->entry = NULL;
	end(g, &before);
	item->has_entry = true;
	item->entry = g->f->count;
	return !g->is_out_of_memory && finder_add(g->f, entry);
}

/* The same for a body that stands elsewhere, in the menu as it is shown. */
bool grub_run_body(struct finder *f, struct entry *entry, const char *file, struct view body)
{
	struct grub *g = f->grub;
	struct grub_arguments none = { 0 };
	struct state before = begin(g, file, 1);

	g->entry = entry;
	g->scope = &none;
	g->variables = grub_context_on(g, g->menu->context, false);
	if (g->variables) {
		set_chosen(g);
		set_entrys_default(g);
		grub_run_text(g, (struct grub_text){ .file = file, .text = body, .line = 1 });
		check_end(g, entry);
	}
	g->scope = NULL;
	g->entry = NULL;
	end(g, &before);
	entry->line = 0;
	return !g->is_out_of_memory;
}

/* Whether the menu itself sets it. */
static bool is_own(const struct grub_context *c, const char *name)
{
	for (size_t i = 0; i < c->count; i++)
		if (strcmp(c->items[i].name, name) == 0)
			return true;
	return c->doubt;
}

static void choose_in(struct grub *g, struct grub_menu *menu, struct grub_value outside)
{
	menu->context = g->variables;
	menu->chosen = grub_value_of(g, "default");
	if (!g->is_red_hat || is_own(g->variables, "default"))
		return;
	menu->chosen = (struct grub_value){ .text = "" };
	menu->inherited = outside;
}

static bool show_menu(struct grub *g, struct grub_item *item)
{
	struct grub_value outside = grub_value_of(g, "default");
	struct grub_menu *menu = grub_new_menu(g);
	const char *path = g->path;
	struct state before = begin(g, item->node->file, item->node->line);
	bool ok;

	g->variables = grub_context_on(g, g->variables, true);
	if (!menu || !g->variables)
		return false;
	g->menu = menu;
	g->path = path_of(g, item, ">");
	set_chosen(g);
	set_default(g, outside);
	if (++g->menus > GRUB_MENUS_MAX)
		grub_lose_the_rest(g, grub_reason(g, "its menus are too deep"));
	else
		run_body(g, item);
	item->menu = g->menu;
	g->flow = GRUB_GOES_ON;
	choose_in(g, g->menu, outside);
	if (item->doubt)
		grub_add_doubt(g, item->doubt);
	ok = !g->is_out_of_memory && grub_show(g, g->menu);
	g->menus--;
	g->path = path;
	end(g, &before);
	return ok;
}

bool grub_show(struct grub *g, struct grub_menu *menu)
{
	for (struct grub_item *item = menu->first; item; item = item->next)
		if (item->node && !(item->is_menu ? show_menu(g, item) : show_entry(g, item)))
			return false;
	return true;
}
