/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "entry/bls/sdboot-menu.h"

#include <string.h>

static bool is_plain(const char *s)
{
	while (*s >= ' ' && *s <= '~')
		s++;
	return *s == '\0';
}

static bool read_item(struct sdboot_menu *m, const struct bls_file *file, struct bls_item *item)
{
	struct finder *f = m->f;
	const char *suffix = file->is_image ? ".efi" : ".conf", *stem, *base;
	size_t n = strlen(file->name) - strlen(suffix);

	item->file = file;
	item->is_shown = true;
	item->entry = (struct entry){ .kind = ENTRY_BLS, .file = file->path };
	if (!(file->is_image ? uki_read_names : bls_read_conf)(f, m->rules, item))
		return false;
	stem = arena_string(f->arena, view_first(view_of_string(file->name), n));
	base = stem ? bls_uncount(f, stem, &item->entry) : NULL;
	if (!base)
		return false;
	item->entry.id = file->is_image ? arena_printf(f->arena, "%s.efi", base) : base;
	item->entry.id = item->entry.id ? finder_title(f, view_of_string(item->entry.id)) : NULL;
	base = m->rules->has_counters_in_ids ? file->name
					     : arena_printf(f->arena, "%s%s", base, file->name + n);
	item->id = base ? bls_lower(f, base) : NULL;
	item->is_vague |= !is_plain(file->name);
	return item->id && item->entry.id;
}

static bool read_menu(struct sdboot_menu *m, const struct bls_files *files)
{
	size_t count = files->count;

	m->items = arena_alloc_array(m->f->arena, count + 1, sizeof *m->items);
	for (size_t i = 0; m->items && i < count; i++) {
		struct bls_item *item = &m->items[m->count++];

		item->order = i;
		if (!read_item(m, &files->items[i], item))
			return false;
	}
	return m->items;
}

static bool comes_before(
	const struct bls_item *x, const struct bls_item *y, const struct bls_rules *rules)
{
	int order = bls_compare(x, y, rules);

	return order ? order < 0 : x->order < y->order;
}

/* Into m->items, halves first: what they are compared by is no argument of qsort's. */
static void sort(struct sdboot_menu *m, struct bls_item *items, struct bls_item *room, size_t count)
{
	size_t half = count / 2, i = 0, k = half, n = 0;

	if (count < 2)
		return;
	sort(m, items, room, half);
	sort(m, items + half, room, count - half);
	while (i < half || k < count) {
		bool second =
			i == half || (k < count && comes_before(&items[k], &items[i], m->rules));

		room[n++] = items[second ? k++ : i++];
	}
	memcpy(items, room, count * sizeof *items);
}

static bool is_bad(const struct bls_item *item)
{
	return item->entry.is_counted && item->entry.tries_left == 0;
}

/* Whether it may mean an image's other profile, "a.efi@b", where it does not mean the image. */
static bool may_mean_profile(const struct sdboot_menu *m, const char *pattern)
{
	size_t n = strlen(pattern);
	bool is_open = n && strcspn(pattern, "*?[") < n - 1;

	for (size_t i = 0; i < m->count; i++)
		if (m->items[i].file->profiles > 1 && (is_open || strchr(pattern, '@')))
			return true;
	return false;
}

/* Entries that the boot loader finds itself, and that are no kernels: behind all others. */
static const char *automatic(const struct sdboot_menu *m, const char *pattern)
{
	static const char *const known[] = { "auto-efi-default", "auto-efi-shell", "auto-osx",
		"auto-poweroff", "auto-reboot", "auto-reboot-to-firmware-setup", "auto-windows",
		NULL };
	const char *const *listed = bls_listed_ids(m->f);

	for (listed = listed ? listed : known; *listed; listed++)
		if ((strncmp(*listed, "auto-", 5) == 0 ||
			    strncmp(*listed, "secure-boot-keys-", 17) == 0) &&
			bls_matches(pattern, *listed))
			return *listed;
	return NULL;
}

void sdboot_doubt(struct sdboot_menu *m, const char *format, const char *what)
{
	char *text = arena_alloc(m->f->arena, strlen(format) + strlen(what) + 1);
	const char *at = strstr(format, "%s");

	if (m->doubt || !text || !at)
		return;
	memcpy(text, format, (size_t)(at - format));
	strcpy(stpcpy(text + (at - format), what), at + 2);
	m->doubt = finder_title(m->f, view_of_string(text));
}

/* True where it decides, be it in doubt. */
static bool take(struct sdboot_menu *m, const char *pattern, bool skips_bad)
{
	const char *other;

	if (!pattern || !pattern[0])
		return false;
	if (!m->rules->has_own_patterns && pattern[strcspn(pattern, "\\[")])
		sdboot_doubt(m, "an old systemd-boot leaves the pattern \"%s\" to the firmware",
			pattern);
	if (may_mean_profile(m, pattern))
		sdboot_doubt(m, "\"%s\" may mean a profile of an image", pattern);
	other = automatic(m, pattern);
	for (size_t i = 0; i < m->count && !(other && !m->rules->has_sort_keys); i++) {
		if (!m->items[i].is_shown || (skips_bad && is_bad(&m->items[i])) ||
			!bls_matches(pattern, m->items[i].id))
			continue;
		m->chosen = &m->items[i];
		return true;
	}
	if (other)
		sdboot_doubt(m, "the boot loader's default is %s, which is no kernel", other);
	return m->doubt;
}

static bool is_saved(const char *pattern)
{
	return pattern && strcmp(pattern, "@saved") == 0;
}

static bool take_preferred(struct sdboot_menu *m)
{
	const struct bls_wishes *w = &m->wishes;
	bool saved_now = is_saved(w->preferred_now);

	return take(m, saved_now ? w->saved : w->preferred_now, true) ||
		take(m, is_saved(w->preferred) ? (saved_now ? NULL : w->saved) : w->preferred,
			true);
}

static bool take_default(struct sdboot_menu *m)
{
	const struct bls_wishes *w = &m->wishes;
	bool saved_now = is_saved(w->default_now);

	return take(m, saved_now ? w->saved : w->default_now, false) ||
		take(m, is_saved(w->chosen) ? (saved_now ? NULL : w->saved) : w->chosen, false);
}

static void choose(struct sdboot_menu *m)
{
	m->doubt = m->wishes.doubt;
	for (size_t i = 0; i < m->count; i++)
		if (m->items[i].is_vague)
			sdboot_doubt(m, "nothing tells whether or where the boot loader shows %s",
				m->items[i].file->path);
	if (take(m, m->wishes.one_shot, false) || (m->rules->has_preferred && take_preferred(m)) ||
		take_default(m)) {
		m->is_wished = true;
		return;
	}
	for (size_t i = 0; i < m->count && !m->chosen; i++)
		if (m->items[i].is_shown)
			m->chosen = &m->items[i];
}

/* Another one at the same place of the order: which of them is read first, the folder tells alone. */
static void check_tie(struct sdboot_menu *m)
{
	for (size_t i = 0; m->chosen && i < m->count; i++) {
		const struct bls_item *item = &m->items[i];
		bool is_ordered = item->file->root != m->chosen->file->root &&
			(item->file->root->partition == BLS_ESP ||
				m->chosen->file->root->partition == BLS_ESP);

		if (item != m->chosen && item->is_shown && !is_ordered &&
			bls_compare(item, m->chosen, m->rules) == 0)
			sdboot_doubt(m, "%s has the same place in the order as another entry",
				item->file->path);
	}
}

bool sdboot_menu_open(struct finder *f, const struct bls_rules *rules,
	const struct bls_files *files, struct sdboot_menu *ret)
{
	struct bls_item *room = arena_alloc_array(f->arena, files->count + 1, sizeof *room);

	*ret = (struct sdboot_menu){ .f = f, .rules = rules };
	if (!room || !read_menu(ret, files))
		return false;
	sort(ret, ret->items, room, ret->count);
	bls_read_wishes(f, &files->roots, rules, &ret->wishes);
	choose(ret);
	check_tie(ret);
	return true;
}
