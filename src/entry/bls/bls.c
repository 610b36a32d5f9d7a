/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * UAPI.1, "Boot Loader Specification": gathers the files that may be entries, and hands them to the
 * rules of the boot loader that reads them.
 */
#include "entry/bls/bls.h"

#include <string.h>

#include "entry/bls/blscfg.h"

struct gathering {
	struct finder *f;
	struct bls_files files;
};

static bool add_file(struct gathering *g, struct bls_file file)
{
	struct bls_files *files = &g->files;
	struct bls_file *grown;

	if (files->count == FINDER_ENTRIES_MAX)
		return true;
	grown = arena_grow(g->f->arena, files->items, files->count, sizeof *grown);
	if (!grown)
		return false;
	files->items = grown;
	files->items[files->count++] = file;
	return true;
}

/* Whether GRUB has listed it already. */
static bool is_known(const struct finder *f, const char *path)
{
	for (size_t i = 0; i < f->count; i++)
		if (f->entries[i].file && strcmp(f->entries[i].file, path) == 0)
			return true;
	return false;
}

static bool gather_file(struct gathering *g, struct bls_file file)
{
	if (!file.path)
		return false;
	if (is_known(g->f, file.path))
		return true;
	if (file.is_image)
		return uki_describe(g->f, &file) && add_file(g, file);
	return !finder_read(g->f, file.path, &file.text) || add_file(g, file);
}

static bool gather_folder(
	struct gathering *g, const struct bls_root *root, const char *inside, const char *suffix)
{
	const char *folder = arena_printf(g->f->arena, "%s/%s", root->path, inside);
	const char *const *names;

	if (!folder)
		return false;
	if (!finder_list(g->f, folder, &names))
		return true;
	for (size_t i = 0; names[i]; i++) {
		struct bls_file file = { .root = root, .name = names[i] };

		if (!bls_is_entry_name(names[i], suffix))
			continue;
		file.is_image = strcmp(suffix, ".efi") == 0;
		file.path = arena_printf(g->f->arena, "%s/%s", folder, names[i]);
		if (!gather_file(g, file))
			return false;
	}
	return true;
}

/* In the order in which systemd-boot reads them. */
static bool gather(struct gathering *g)
{
	const struct bls_roots *roots = &g->files.roots;

	for (size_t i = 0; i < roots->count; i++)
		if (!gather_folder(g, &roots->items[i], "EFI/Linux", ".efi") ||
			!gather_folder(g, &roots->items[i], "loader/entries", ".conf"))
			return false;
	if (g->files.count == FINDER_ENTRIES_MAX)
		notes_add(g->f->notes, "there are more than %d entries; the rest is left out",
			FINDER_ENTRIES_MAX);
	return true;
}

static bool is_systemd_boot(struct finder *f)
{
	const char *ignored, *loader = bls_variable(f, "LoaderInfo", &ignored);

	return loader && strncmp(loader, "systemd-boot ", 13) == 0;
}

bool bls_find(struct finder *f, struct finding *ret)
{
	bool is_for_efi = is_systemd_boot(f), has_blscfg = !is_for_efi && grub_has_blscfg(f);
	struct finding others = { 0 };
	struct gathering g = { .f = f };

	ret->first = f->count;
	if (has_blscfg && !blscfg_find(f, ret))
		return false;
	ret->count = f->count - ret->first;
	bls_list_roots(f, is_for_efi, &g.files.roots);
	if (!gather(&g) || !sdboot_find(f, &g.files, has_blscfg ? &others : ret))
		return false;
	if (!has_blscfg)
		ret->count = f->count - ret->first;
	return true;
}
