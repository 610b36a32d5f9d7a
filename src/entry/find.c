/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The table of finders, and which of them has the say about the default. */
#include <string.h>

#include "entry/bls/bls.h"
#include "entry/bls/blscfg.h"
#include "entry/ground/finder.h"
#include "machine/text.h"
#include "machine/writers.h"

enum { FIND_GRUB, FIND_BLS, FINDERS = 7 };

/* In the order in which they are believed where nothing tells which boot loader was used. */
static bool (*const finders[FINDERS])(struct finder *f, struct finding *ret) = {
	[FIND_GRUB] = grub_find,
	[FIND_BLS] = bls_find, /* behind GRUB, whose variables it takes */
	extlinux_find,
	installkernel_find,
	kernel_install_find,
	links_find,
	files_find,
};

static const char *const names[ENTRY_KINDS] = {
	[ENTRY_BLS] = "bls",
	[ENTRY_UKI] = "uki",
	[ENTRY_GRUB] = "grub",
	[ENTRY_EXTLINUX] = "extlinux",
	[ENTRY_KERNEL_INSTALL] = "kernel-install",
	[ENTRY_INSTALLKERNEL] = "installkernel",
	[ENTRY_LINK] = "link",
	[ENTRY_FILE] = "file",
};

const char *entry_kind_name(enum entry_kind kind)
{
	return names[kind];
}

bool finder_set_up(struct finder *f)
{
	const char *const *efi = NULL;
	struct view text, word;
	struct error err;

	f->release = f->uname_machine = "";
	if (!source_take(f->source, "saut/uname", f->arena, &text, &err))
		finder_keep_unreadable(f, &err);
	else if (text.p) {
		f->release = text_word(&text, &word) ? arena_string(f->arena, word) : "";
		f->uname_machine = text_word(&text, &word) ? arena_string(f->arena, word) : "";
	}
	if (!f->release || !f->uname_machine)
		return false;
	f->arch = cpu_arch_by_uname(f->uname_machine);
	if (!source_take_names(f->source, "sys/firmware/efi", f->arena, &efi, &err))
		finder_keep_unreadable(f, &err);
	f->is_efi = efi != NULL;
	if (!places_read(f->source, f->arena, &f->places))
		return false;
	f->unreadable = f->unreadable ? f->unreadable : f->places.unreadable;
	return true;
}

/* GRUB may set this variable as well. */
static bool booted_by_bls(struct finder *f, const char **ret_doubt)
{
	const char *loader = bls_variable(f, "LoaderInfo", ret_doubt);

	if (f->unreadable)
		*ret_doubt = f->unreadable;
	return loader && strncmp(loader, "GRUB", 4) != 0;
}

/* What one finder could not read, whatever else it found; or what all of them stand on. */
static void note_unreadable(
	struct finder *f, struct finding *findings, size_t count, struct entries *found)
{
	if (!f->unreadable)
		return;
	notes_add(f->notes, "%s: what would be booted is not known", f->unreadable);
	for (size_t i = 0; i < count; i++)
		findings[i].doubt = findings[i].doubt ? findings[i].doubt : f->unreadable;
	found->incomplete = found->incomplete ? found->incomplete : f->unreadable;
	f->unreadable = NULL;
}

/* False when memory is out. */
static bool run_finders(struct finder *f, struct finding *findings, struct entries *found)
{
	const char *ground = f->unreadable;

	f->unreadable = NULL;
	for (size_t i = 0; i < FINDERS; i++)
		if (finders[i](f, &findings[i]))
			note_unreadable(f, &findings[i], 1, found);
		else
			return false;
	f->unreadable = ground;
	note_unreadable(f, findings, FINDERS, found);
	return true;
}

/* The first that has the say, be it in doubt. False: nothing tells, or *ret_doubt says why not. */
static bool find_by_order(
	const struct finder *f, const struct finding *findings, size_t *ret, const char **ret_doubt)
{
	for (size_t i = 0; i < FINDERS; i++) {
		*ret_doubt = findings[i].doubt;
		if (*ret_doubt)
			return false;
		if (!findings[i].has_default || findings[i].chosen >= f->count)
			continue;
		*ret = findings[i].chosen;
		return true;
	}
	return false;
}

/* The same, where the boot loader itself has not told that it is one of UAPI.1. */
static bool find_default(
	struct finder *f, struct finding *findings, size_t *ret, const char **ret_doubt)
{
	const struct finding *bls = &findings[FIND_BLS];

	grub_default(f, bls, &findings[FIND_GRUB]);
	if (bls->has_default || bls->doubt) {
		*ret_doubt = NULL;
		*ret = bls->chosen;
		if (booted_by_bls(f, ret_doubt))
			*ret_doubt = bls->doubt;
		else if (!*ret_doubt)
			return find_by_order(f, findings, ret, ret_doubt);
		return !*ret_doubt;
	}
	return find_by_order(f, findings, ret, ret_doubt);
}

/* A folder of kernels that fstab has and that is not mounted: what is found may be older. */
static const struct fstab_line *note_missing(struct finder *f)
{
	const struct fstab_line *first = NULL, *line;

	for (size_t at = 0; (line = places_next_missing(&f->places, &at));) {
		notes_add(f->notes, "%s is not mounted, though /etc/fstab, line %u, has %s for it",
			line->point, line->line, line->what);
		first = first ? first : line;
	}
	return first;
}

/* The word "init=/nix/store/…" of a command line; false: it has none. */
static bool system_of(struct view line, struct view *ret)
{
	while (text_word(&line, ret))
		if (view_starts_with(*ret, view_of_string("init=/nix/store/")))
			return true;
	return false;
}

/* NixOS has many systems with one kernel: the one that runs is told by its init. */
static void tell_systems_apart(struct finder *f)
{
	struct view line, running = { 0 }, other;
	struct error ignored;

	/* Where it cannot be read, none of those systems is known to be the one that runs. */
	if (source_take(f->source, "proc/cmdline", f->arena, &line, &ignored) &&
		!system_of(line, &running))
		return;
	for (size_t i = 0; i < f->count; i++) {
		struct entry *entry = &f->entries[i];

		if (entry->command_line && system_of(view_of_string(entry->command_line), &other) &&
			!view_equal(running, other))
			entry->is_running = false;
	}
}

/* Text files alone: what else there is are kernels, which signatures are for. */
static bool is_of_menu(const struct entry *e)
{
	return e->kind == ENTRY_BLS || e->kind == ENTRY_GRUB || e->kind == ENTRY_EXTLINUX;
}

/*
 * A menu that others can write is told and taken: the boot loader takes it as well, so that a refusal would only lead
 * there through the firmware. Each file or folder that is theirs is told once.
 */
static void note_writers(struct finder *f)
{
	const char *file = "", *told = "";
	struct writers writers;
	struct error err;

	for (size_t i = 0; i < f->count; i++) {
		const struct entry *e = &f->entries[i];

		if (!is_of_menu(e) || strcmp(e->file, file) == 0)
			continue;
		file = e->file;
		switch (writers_find(f->source, file, f->arena, &writers, &err)) {
		case IS_ABSENT:
			break;
		case IS_UNREADABLE:
			notes_add(f->notes, "who can write %s is not known: %s", file, err.reason);
			break;
		case IS_THERE:
			if (strcmp(writers.path, told) != 0)
				notes_add(f->notes, "%s, and so what is booted next", writers.what);
			told = writers.path;
			break;
		}
	}
}

static const char *first_doubt(const struct finding *findings)
{
	const char *doubt = NULL;

	for (size_t i = 0; i < FINDERS && !doubt; i++)
		doubt = findings[i].doubt;
	return doubt;
}

static bool nothing_found(const struct fstab_line *missing, const struct entries *found,
	const char *doubt, struct error *err)
{
	if (found->incomplete)
		return fail(
			err, FAULT_FILE_UNREADABLE, "no kernel is found: %s", found->incomplete);
	if (doubt)
		return fail(err, FAULT_NO_ENTRY, "no kernel is found: %s", doubt);
	if (missing)
		return fail(err, FAULT_NOT_MOUNTED,
			"no kernel is found, and %s is not mounted: /etc/fstab, line %u, has %s "
			"for it",
			missing->point, missing->line, missing->what);
	fail(err, FAULT_NO_ENTRY, "no boot entry and no kernel is found in /boot or /efi");
	err->closed[WAY_LIST] = true;
	return false;
}

bool entry_find(
	const struct source *source, struct arena *arena, struct entries *ret, struct error *err)
{
	struct entries found = { .notes = { .arena = arena } };
	struct finding findings[FINDERS] = { 0 };
	struct finder f = { .source = source, .arena = arena, .notes = &found.notes };
	const struct fstab_line *missing;
	size_t chosen;
	bool is_found;

	if (!finder_set_up(&f))
		return fail_no_memory(err);
	if (!run_finders(&f, findings, &found))
		return fail_no_memory(err);
	tell_systems_apart(&f);
	note_writers(&f);
	missing = note_missing(&f);
	is_found = find_default(&f, findings, &chosen, &found.no_default);
	if (f.count == 0)
		return nothing_found(missing, &found, first_doubt(findings), err);
	if (is_found)
		f.entries[chosen].is_default = true;
	for (size_t i = 0; i < FINDERS && !found.incomplete; i++)
		found.incomplete = findings[i].incomplete;
	found.items = f.entries;
	found.count = f.count;
	*ret = found;
	return true;
}
