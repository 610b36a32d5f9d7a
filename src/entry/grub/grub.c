/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* grub.cfg as a whole: where it is, the entries of its menus, and which of them is the next one. */
#include <string.h>

#include "entry/ground/loader-files.h"
#include "entry/grub/grub.h"
#include "machine/text.h"

/* What GRUB itself sets before it reads the file. */
static void set_up(struct grub *g)
{
	static const char *const yes[] = { "feature_200_final", "feature_all_video_module",
		"feature_chainloader_bpb", "feature_default_font_path", "feature_menuentry_id",
		"feature_menuentry_options", "feature_nativedisk_cmd", "feature_ntldr",
		"feature_platform_search_hint", "feature_timeout_style" };
	bool x86 = g->f->arch == ARCH_X86_64 || g->f->arch == ARCH_I386;
	const char *prefix = arena_printf(g->f->arena, "(" GRUB_SYSTEM ")%s", g->folder);

	for (size_t i = 0; i < sizeof yes / sizeof *yes; i++)
		grub_set(g, yes[i], "y");
	grub_set(g, "menuentry_id_option", "--id");
	grub_set(g, "grub_platform", g->f->is_efi || !x86 ? "efi" : "pc");
	grub_set(g, "grub_cpu", g->f->uname_machine);
	grub_set(g, "prefix", prefix ? prefix : "");
	grub_set(g, "config_directory", prefix ? prefix : "");
}

static bool add_entry(struct grub *g, struct grub_item *item)
{
	struct entry entry = {
		.kind = ENTRY_GRUB, .file = item->body.file, .line = item->body.line
	};

	entry.title = finder_title(g->f, view_of_string(item->title));
	entry.id = item->id[0] ? finder_title(g->f, view_of_string(item->id)) : entry.title;
	if (!entry.title || !entry.id)
		return false;
	g->entry = &entry;
	g->locals = NULL;
	g->arguments = item->arguments;
	grub_run(g, item->body);
	g->entry = NULL;
	g->locals = NULL;
	g->arguments = NULL;
	item->has_entry = true;
	item->entry = g->f->count;
	return !g->is_out_of_memory && finder_add(g->f, entry);
}

static bool read_config(struct grub *g, const char *file, struct view text)
{
	g->menu = GRUB_TOP;
	g->scratch = arena_alloc(g->f->arena, FINDER_TEXT_MAX + 1);
	if (!g->scratch)
		return false;
	set_up(g);
	grub_run(g, (struct grub_cursor){ .file = file, .text = text, .line = 1 });
	for (size_t i = 0; !g->is_out_of_memory && i < g->item_count; i++)
		if (!g->items[i].is_menu && !g->items[i].is_bls && !add_entry(g, &g->items[i]))
			return false;
	return !g->is_out_of_memory;
}

static const char *config_in(struct finder *f, const char *folder, struct view *ret)
{
	const char *file = arena_printf(f->arena, "%s/grub.cfg", folder);

	return file && finder_read(f, file, ret) ? file : NULL;
}

/* Beside the program, as older Fedora has it; the small file that only leads on has no entries. */
static const char *config_on_esp(struct finder *f, struct view *ret)
{
	const char *const *names;
	const char *file = NULL;

	for (size_t k = 0; esp_folders[k] && !file; k++) {
		if (!finder_list(f, esp_folders[k], &names))
			continue;
		for (size_t i = 0; names[i] && !file; i++) {
			const char *inside =
				arena_printf(f->arena, "%s/%s", esp_folders[k], names[i]);

			file = inside ? config_in(f, inside, ret) : NULL;
		}
	}
	return file;
}

bool grub_find(struct finder *f, struct finding *ret)
{
	const char *file = NULL;
	struct view text;
	struct grub *g;

	ret->first = f->count;
	for (size_t i = 0; !file && grub_folders[i]; i++)
		file = config_in(f, grub_folders[i], &text);
	if (!file)
		file = config_on_esp(f, &text);
	if (!file)
		return true;
	g = arena_alloc(f->arena, sizeof *g);
	if (!g)
		return false;
	g->f = f;
	g->folder = arena_string(
		f->arena, view_first(view_of_string(file), (uint64_t)(strrchr(file, '/') - file)));
	if (!g->folder)
		return false;
	g->place = places_of(&f->places, file);
	f->grub = g;
	if (!read_config(g, file, text))
		return false;
	ret->count = f->count - ret->first;
	return true;
}

/* The entries of UAPI.1, which stand in a menu where "blscfg" is. */
struct bls_range {
	const struct finder *f;
	size_t first, count;
};

/* GRUB's own order of them is by their names, newest first, as theirs is here without sort keys. */
static bool bls_by_name(const struct bls_range *bls, struct view name, size_t *ret)
{
	for (size_t i = bls->first; i < bls->first + bls->count; i++) {
		const struct entry *entry = &bls->f->entries[i];

		if (!text_is(name, entry->id) && !text_is(name, entry->title))
			continue;
		*ret = i;
		return true;
	}
	return false;
}

/* One name of the path to an entry: its index in the menu, its id or its title. */
static bool is_item(const struct grub_item *item, struct view name, size_t index)
{
	uint64_t number;

	if (text_decimal(name, &number))
		return number == index;
	return (item->id[0] && text_is(name, item->id)) || text_is(name, item->title);
}

/* Below a menu; *ret_item GRUB_TOP for an entry of UAPI.1, which *ret is then. */
static bool find_item(const struct grub *g, size_t menu, struct view name,
	const struct bls_range *bls, size_t *ret_item, size_t *ret)
{
	size_t index = 0;
	uint64_t number;
	bool is_number = text_decimal(name, &number);

	for (size_t i = 0; i < g->item_count; i++) {
		const struct grub_item *item = &g->items[i];

		if (item->parent != menu)
			continue;
		if (item->is_bls &&
			(is_number ? number >= index && number - index < bls->count
				   : bls_by_name(bls, name, ret))) {
			if (is_number)
				*ret = bls->first + (size_t)(number - index);
			*ret_item = GRUB_TOP;
			return true;
		}
		if (!item->is_bls && is_item(item, name, index)) {
			*ret_item = i;
			return true;
		}
		index += item->is_bls ? bls->count : 1;
	}
	return false;
}

/* Cuts "A>B"; a title's own ">" is doubled. */
static struct view cut_name(struct view *path, struct arena *arena)
{
	char *name = arena_alloc(arena, path->n + 1);
	size_t n = 0, i = 0;

	for (; name && i < path->n; i++) {
		if (path->p[i] == '>' && (i + 1 == path->n || path->p[i + 1] != '>'))
			break;
		i += path->p[i] == '>';
		name[n++] = (char)path->p[i];
	}
	*path = view_from(*path, i + 1);
	return (struct view){ (const uint8_t *)name, name ? n : 0 };
}

static bool resolve(
	const struct grub *g, struct view path, const struct bls_range *bls, size_t *ret)
{
	size_t menu = GRUB_TOP, item;

	for (unsigned depth = 0; depth < GRUB_DEPTH_MAX; depth++) {
		/* A menu that is all there is to the path begins with its first line. */
		struct view name = path.n ? cut_name(&path, g->f->arena) : view_of_string("0");

		if (!find_item(g, menu, name, bls, &item, ret))
			return false;
		if (item == GRUB_TOP)
			return true;
		*ret = g->items[item].entry;
		if (!g->items[item].is_menu)
			return g->items[item].has_entry;
		menu = item;
	}
	return false;
}

bool grub_default(const struct finder *f, size_t first, size_t count, size_t *ret)
{
	struct bls_range bls = { f, first, count };
	const char *name = f->grub ? grub_get(f->grub, "default") : "";

	if (!f->grub)
		return false;
	if (name[0] && resolve(f->grub, view_of_string(name), &bls, ret))
		return true;
	if (name[0])
		notes_add(f->notes, "GRUB's default \"%.80s\" is no entry; it takes the first one",
			name);
	return resolve(f->grub, view_of_string("0"), &bls, ret);
}
