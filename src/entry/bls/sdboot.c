/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Which entry systemd-boot takes, by the facts of its versions. Where the version is not known, all
 * that may run are asked; where they disagree, so is the answer.
 */
#include <stdlib.h>
#include <string.h>

#include "entry/bls/bls.h"
#include "machine/text.h"

static const struct bls_rules all_rules[] = {
	{ .first = 249, .last = 249, .has_counters_in_ids = true },
	{ .first = 250, .last = 251, .has_counters_in_ids = true, .has_sort_keys = true },
	{ .first = 252,
		.last = 256,
		.has_counters_in_ids = true,
		.has_sort_keys = true,
		.has_own_patterns = true },
	{ .first = 253,
		.last = 257,
		.has_counters_in_ids = true,
		.has_sort_keys = true,
		.has_own_patterns = true,
		.has_single_quotes = true },
	{ .first = 258,
		.last = 259,
		.has_counters_in_ids = true,
		.has_sort_keys = true,
		.has_own_patterns = true,
		.has_single_quotes = true,
		.has_uki_key = true },
	{ .first = 258,
		.last = 259,
		.has_sort_keys = true,
		.has_own_patterns = true,
		.has_single_quotes = true,
		.has_uki_key = true },
	{ .first = 260,
		.last = UINT32_MAX,
		.has_sort_keys = true,
		.has_own_patterns = true,
		.has_single_quotes = true,
		.has_uki_key = true,
		.has_preferred = true },
};

enum { RULES = sizeof all_rules / sizeof *all_rules };

/* From this version on it follows UAPI.1 as it is today: what is asked where nothing is known. */
enum { FIRST_OF_TODAY = 252 };

struct menu {
	struct finder *f;
	const struct bls_rules *rules;
	struct bls_item *items;
	size_t count;
	struct bls_wishes wishes;
	const struct bls_item *chosen; /* NULL: none */
	bool is_wished;                /* not only the first */
	const char *doubt;
};

/* "systemd-boot 252.39-1~deb12u1"; 0 where it is none, or not known. */
static unsigned version_of(const char *loader)
{
	static const char name[] = "systemd-boot ";
	unsigned version = 0;

	if (!loader || strncmp(loader, name, sizeof name - 1) != 0)
		return 0;
	loader += sizeof name - 1;
	loader += *loader == 'v';
	for (; *loader >= '0' && *loader <= '9' && version < 100000; loader++)
		version = version * 10 + (unsigned)(*loader - '0');
	return version;
}

static bool may_run(const struct bls_rules *rules, unsigned version)
{
	return version ? rules->first <= version && version <= rules->last
		       : rules->first >= FIRST_OF_TODAY;
}

static bool is_plain(const char *s)
{
	while (*s >= ' ' && *s <= '~')
		s++;
	return *s == '\0';
}

static bool read_item(struct menu *m, const struct bls_file *file, struct bls_item *item)
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

static bool read_menu(struct menu *m, const struct bls_files *files)
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
static void sort(struct menu *m, struct bls_item *items, struct bls_item *room, size_t count)
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
static bool may_mean_profile(const struct menu *m, const char *pattern)
{
	size_t n = strlen(pattern);
	bool is_open = n && strcspn(pattern, "*?[") < n - 1;

	for (size_t i = 0; i < m->count; i++)
		if (m->items[i].file->profiles > 1 && (is_open || strchr(pattern, '@')))
			return true;
	return false;
}

/* Entries that the boot loader finds itself, and that are no kernels: behind all others. */
static const char *automatic(const struct menu *m, const char *pattern)
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

static void doubt(struct menu *m, const char *format, const char *what)
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
static bool take(struct menu *m, const char *pattern, bool skips_bad)
{
	const char *other;

	if (!pattern || !pattern[0])
		return false;
	if (!m->rules->has_own_patterns && pattern[strcspn(pattern, "\\[")])
		doubt(m, "an old systemd-boot leaves the pattern \"%s\" to the firmware", pattern);
	if (may_mean_profile(m, pattern))
		doubt(m, "\"%s\" may mean a profile of an image", pattern);
	other = automatic(m, pattern);
	for (size_t i = 0; i < m->count && !(other && !m->rules->has_sort_keys); i++) {
		if (!m->items[i].is_shown || (skips_bad && is_bad(&m->items[i])) ||
			!bls_matches(pattern, m->items[i].id))
			continue;
		m->chosen = &m->items[i];
		return true;
	}
	if (other)
		doubt(m, "the boot loader's default is %s, which is no kernel", other);
	return m->doubt;
}

static bool is_saved(const char *pattern)
{
	return pattern && strcmp(pattern, "@saved") == 0;
}

static bool take_preferred(struct menu *m)
{
	const struct bls_wishes *w = &m->wishes;
	bool saved_now = is_saved(w->preferred_now);

	return take(m, saved_now ? w->saved : w->preferred_now, true) ||
		take(m, is_saved(w->preferred) ? (saved_now ? NULL : w->saved) : w->preferred,
			true);
}

static bool take_default(struct menu *m)
{
	const struct bls_wishes *w = &m->wishes;
	bool saved_now = is_saved(w->default_now);

	return take(m, saved_now ? w->saved : w->default_now, false) ||
		take(m, is_saved(w->chosen) ? (saved_now ? NULL : w->saved) : w->chosen, false);
}

static void choose(struct menu *m)
{
	m->doubt = m->wishes.doubt;
	for (size_t i = 0; i < m->count; i++)
		if (m->items[i].is_vague)
			doubt(m, "nothing tells whether or where the boot loader shows %s",
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
static void check_tie(struct menu *m)
{
	for (size_t i = 0; m->chosen && i < m->count; i++) {
		const struct bls_item *item = &m->items[i];
		bool is_ordered = item->file->root != m->chosen->file->root &&
			(item->file->root->partition == BLS_ESP ||
				m->chosen->file->root->partition == BLS_ESP);

		if (item != m->chosen && item->is_shown && !is_ordered &&
			bls_compare(item, m->chosen, m->rules) == 0)
			doubt(m, "%s has the same place in the order as another entry",
				item->file->path);
	}
}

static bool open_menu(struct finder *f, const struct bls_rules *rules,
	const struct bls_files *files, struct menu *ret)
{
	struct bls_item *room = arena_alloc_array(f->arena, files->count + 1, sizeof *room);

	*ret = (struct menu){ .f = f, .rules = rules };
	if (!room || !read_menu(ret, files))
		return false;
	sort(ret, ret->items, room, ret->count);
	bls_read_wishes(f, &files->roots, rules, &ret->wishes);
	choose(ret);
	check_tie(ret);
	return true;
}

static bool is_same_text(const char *x, const char *y)
{
	return x == y || (x && y && strcmp(x, y) == 0);
}

static bool is_same_choice(const struct bls_item *x, const struct bls_item *y)
{
	const struct entry *a = x ? &x->entry : NULL, *b = y ? &y->entry : NULL;
	bool same = a && b && x->file == y->file && is_same_text(a->kernel, b->kernel) &&
		is_same_text(a->command_line, b->command_line) &&
		is_same_text(a->device_tree, b->device_tree) &&
		a->initrd_count == b->initrd_count && !a->obstacle == !b->obstacle;

	for (size_t i = 0; same && i < a->initrd_count; i++)
		same = is_same_text(a->initrds[i], b->initrds[i]);
	return same || (!x && !y);
}

/* Before about 2019 ids were compared without their suffix, and such files are still around. */
static const char *old_default(struct menu *m)
{
	const char *pattern = m->wishes.chosen;
	const char *full = pattern ? arena_printf(m->f->arena, "%s.conf", pattern) : NULL;

	for (size_t i = 0; full && !m->is_wished && i < m->count; i++)
		if (m->items[i].is_shown && &m->items[i] != m->chosen &&
			bls_matches(full, m->items[i].id))
			return pattern;
	return NULL;
}

/*
 * Whether the firmware tells more entries or words for a command line: systemd-boot(7) and
 * systemd-stub(7), "SMBIOS Type 11 Strings".
 */
static bool has_smbios_entries(struct finder *f)
{
	static const char path[] = "/sys/firmware/dmi/entries/11-%u/raw";
	static const char boot[] = "io.systemd.boot.", stub[] = "io.systemd.stub.";
	bool found = false;

	for (unsigned i = 0; i < 8 && !found; i++) {
		const char *file = arena_printf(f->arena, path, i);
		struct view bytes;

		if (!file || !finder_read(f, file, &bytes))
			break;
		found = bytes.n &&
			(memmem(bytes.p, bytes.n, boot, sizeof boot - 1) ||
				memmem(bytes.p, bytes.n, stub, sizeof stub - 1));
	}
	return found;
}

/* Why it may be another one than systemd-boot, or one of which nothing is known. */
static const char *strange_loader(struct finder *f, const char *loader, unsigned version)
{
	const char *doubt = NULL;
	struct view text;

	if (version && version < all_rules[0].first)
		return arena_printf(f->arena, "the boot loader is %s, an old one", loader);
	if (!loader && bls_variable(f, "StubInfo", &doubt))
		return "the firmware started the kernel without a boot loader";
	if (f->arch == ARCH_X86_64 && finder_read(f, "/sys/firmware/efi/fw_platform_size", &text) &&
		text_is(text_trim(text), "32"))
		return "the firmware is of 32 bits, and so is the boot loader";
	if (has_smbios_entries(f))
		return "the firmware tells the boot loader more by SMBIOS";
	return doubt;
}

/* Where no choice is left, it does not matter who chooses. */
static bool is_alone(const struct menu *m)
{
	return m->count == 1 && m->chosen;
}

static const char *disagreement(const struct menu *x, const struct menu *y)
{
	return arena_printf(x->f->arena,
		"versions of systemd-boot take %s or %s, and which of them runs is not known",
		x->chosen ? x->chosen->file->path : "none",
		y->chosen ? y->chosen->file->path : "none");
}

/* The menu of the newest that may run; its doubt is that of all of them. */
static bool open_menus(
	struct finder *f, unsigned version, const struct bls_files *files, struct menu *ret)
{
	bool any = false;

	for (size_t i = RULES; i-- > 0;) {
		struct menu menu;

		if (!may_run(&all_rules[i], version) && (any || i > 0))
			continue;
		if (!open_menu(f, &all_rules[i], files, &menu))
			return false;
		if (!any)
			*ret = menu;
		else if (!ret->doubt)
			ret->doubt = menu.doubt ? menu.doubt
				: is_same_choice(ret->chosen, menu.chosen)
				? NULL
				: disagreement(ret, &menu);
		any = true;
	}
	return true;
}

/* The variables say what the boot loader was told; where there are none, that is not known. */
static bool has_no_variables(struct finder *f)
{
	const char *const *names;

	return f->is_efi && (!finder_list(f, "/sys/firmware/efi/efivars", &names) || !names[0]);
}

/* By name, by what the entry says, else by the kernel itself, which many entries may share. */
static void tell_releases(struct menu *m)
{
	for (size_t i = 0; i < m->count; i++) {
		struct entry *entry = &m->items[i].entry;

		if (!entry->kernel || (entry->release && entry->release[0]))
			continue;
		entry->release = finder_release_of(m->f, entry->kernel);
		for (size_t k = 0; k < i && !entry->release[0]; k++)
			if (is_same_text(m->items[k].entry.kernel, entry->kernel))
				entry->release = m->items[k].entry.release;
		if (!entry->release[0])
			entry->release = finder_release_in(m->f, entry->kernel);
	}
}

/* From this version on a counter is no part of an id, whichever the rules of a version are. */
enum { FIRST_WITHOUT_COUNTERS = 260 };

/*
 * Whether the file's name, as a pattern, means this entry and no other one. A name that has a counter in
 * it is another one after the next boot, or once that is found good (UAPI.1, "Boot counting").
 */
static bool is_told_once(
	const struct menu *m, size_t index, const struct bls_files *files, unsigned version)
{
	const struct bls_item *item = &m->items[index];

	if (!version || files->roots.doubt || !item->is_shown || item->is_vague ||
		item->file->profiles > 1 || item->id[strcspn(item->id, "*?[\\")] ||
		(item->entry.is_counted && version < FIRST_WITHOUT_COUNTERS))
		return false;
	for (size_t i = 0; i < m->count; i++)
		if (i != index && strcmp(m->items[i].id, item->id) == 0)
			return false;
	return true;
}

bool sdboot_find(struct finder *f, const struct bls_files *files, struct finding *ret)
{
	const char *loader = bls_variable(f, "LoaderInfo", &ret->doubt), *strange, *old;
	unsigned version = version_of(loader);
	struct menu menu = { 0 };

	if (loader && !version)
		ret->doubt = arena_printf(f->arena,
			"the boot loader is %s, and which entry that takes is not known", loader);
	if (files->count == 0 && version)
		ret->doubt = arena_printf(f->arena,
			"the boot loader is %s, and none of its entries is found", loader);
	if (files->count == 0) {
		/* What cannot be read of it is told all the same. */
		bls_read_wishes(f, &files->roots, &all_rules[RULES - 1], &menu.wishes);
		return true;
	}
	if (!open_menus(f, version, files, &menu))
		return false;
	strange = strange_loader(f, loader, version);
	old = version >= FIRST_OF_TODAY ? NULL : old_default(&menu);
	if (!menu.doubt && !is_alone(&menu))
		menu.doubt = strange ? strange
			: has_no_variables(f)
			? "the EFI variables, which tell what the boot loader takes, are not there"
			: NULL;
	if (old)
		doubt(&menu,
			"the default \"%s\" has no suffix, which old versions of systemd-boot "
			"add",
			old);
	if (!menu.chosen)
		doubt(&menu, "the boot loader would show none of the entries%s", "");
	tell_releases(&menu);
	for (size_t i = 0; i < menu.count; i++) {
		struct entry *entry = &menu.items[i].entry;

		if (&menu.items[i] == menu.chosen)
			ret->chosen = f->count;
		if (is_told_once(&menu, i, files, version)) {
			entry->boot_once = menu.items[i].id;
			entry->boot_once_by = ONCE_BY_EFI;
		}
		if (!finder_add(f, *entry))
			return false;
	}
	ret->has_default = menu.chosen;
	ret->doubt = ret->doubt ? ret->doubt : menu.doubt;
	return true;
}
