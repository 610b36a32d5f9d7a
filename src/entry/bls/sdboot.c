/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Which entry systemd-boot takes, by the facts of its versions. Where the version is not known, all
 * that may run are asked; where they disagree, so is the answer.
 */
#include <string.h>

#include "entry/bls/sdboot-menu.h"
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
static const char *old_default(struct sdboot_menu *m)
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
static bool is_alone(const struct sdboot_menu *m)
{
	return m->count == 1 && m->chosen;
}

static const char *disagreement(const struct sdboot_menu *x, const struct sdboot_menu *y)
{
	return arena_printf(x->f->arena,
		"versions of systemd-boot take %s or %s, and which of them runs is not known",
		x->chosen ? x->chosen->file->path : "none",
		y->chosen ? y->chosen->file->path : "none");
}

/* The menu of the newest that may run; its doubt is that of all of them. */
static bool open_all(
	struct finder *f, unsigned version, const struct bls_files *files, struct sdboot_menu *ret)
{
	bool any = false;

	for (size_t i = RULES; i-- > 0;) {
		struct sdboot_menu menu;

		if (!may_run(&all_rules[i], version) && (any || i > 0))
			continue;
		if (!sdboot_menu_open(f, &all_rules[i], files, &menu))
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
static void tell_releases(struct sdboot_menu *m)
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
	const struct sdboot_menu *m, size_t index, const struct bls_files *files, unsigned version)
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
	struct sdboot_menu menu = { 0 };

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
	if (!open_all(f, version, files, &menu))
		return false;
	strange = strange_loader(f, loader, version);
	old = version >= FIRST_OF_TODAY ? NULL : old_default(&menu);
	if (!menu.doubt && !is_alone(&menu))
		menu.doubt = strange ? strange
			: has_no_variables(f)
			? "the EFI variables, which tell what the boot loader takes, are not there"
			: NULL;
	if (old)
		sdboot_doubt(&menu,
			"the default \"%s\" has no suffix, which old versions of systemd-boot "
			"add",
			old);
	if (!menu.chosen)
		sdboot_doubt(&menu, "the boot loader would show none of the entries%s", "");
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
