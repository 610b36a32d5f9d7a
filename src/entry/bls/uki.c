/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Type 2 of UAPI.1: unified kernel images in EFI/Linux, whose sections say what an entry says. Their
 * add-ons (UAPI.5, "PE Addons") lie in a folder beside each.
 */
#include "image/uki.h"

#include <string.h>

#include "entry/bls/bls.h"
#include "image/pe.h"
#include "machine/text.h"

/* A value of os-release(5), without its quotes; false where it has none. */
static bool os_value(struct view text, const char *key, struct view *ret)
{
	struct view value;

	if (!text_value(text, key, '=', &value))
		return false;
	if (value.n >= 2 && (value.p[0] == '"' || value.p[0] == '\'') &&
		value.p[value.n - 1] == value.p[0])
		value = view_first(view_from(value, 1), value.n - 2);
	*ret = value;
	return value.n > 0;
}

static const char *first_value(
	struct finder *f, struct view text, const char *const *keys, size_t count)
{
	struct view value;

	for (size_t i = 0; i < count; i++)
		if (os_value(text, keys[i], &value))
			return finder_title(f, value);
	return NULL;
}

#define FIRST_VALUE(f, text, ...)                                  \
	first_value(f, text, (const char *const[]){ __VA_ARGS__ }, \
		sizeof((const char *const[]){ __VA_ARGS__ }) / sizeof(const char *))

/* What an add-on adds to the command line; everything else that it may have is an obstacle. */
static bool take_section(
	struct finder *f, struct entry *entry, const char *name, const struct pe_section *section)
{
	static const char *const harmless[] = { ".linux", ".text", ".sbat", ".sdmagic", ".osrel",
		".uname", ".reloc", ".rodata", ".data", ".bss", ".dynamic", ".rela", ".dynsym" };
	struct view text = section->data;
	const char *line;

	if (strcmp(section->name, ".cmdline") == 0) {
		const uint8_t *zero = text.n ? memchr(text.p, 0, text.n) : NULL;

		if (zero)
			text = view_first(text, (uint64_t)(zero - text.p));
		if (finder_text(f, entry, "add-on's command line", text_trim(text), &line))
			entry->command_line =
				arena_printf(f->arena, "%s %s", entry->command_line, line);
		return entry->command_line;
	}
	for (size_t i = 0; i < sizeof harmless / sizeof *harmless; i++)
		if (strcmp(section->name, harmless[i]) == 0)
			return true;
	finder_obstacle(f, entry, "its add-on %s has a section %s, which is not applied here", name,
		section->name);
	return true;
}

static bool take_addon(struct finder *f, struct entry *entry, const char *name)
{
	const char *path = arena_printf(f->arena, "%s.extra.d/%s", entry->kernel, name);
	struct error ignored = { 0 };
	struct view bytes;
	struct pe pe;

	if (!path)
		return false;
	if (!finder_read(f, path, &bytes) || !pe_parse(bytes, &pe, &ignored)) {
		finder_obstacle(f, entry, "its add-on %s cannot be read", name);
		return true;
	}
	for (size_t i = 0; i < pe.section_count; i++) {
		struct pe_section section;

		if (!pe_section(&pe, i, &section, &ignored))
			finder_obstacle(f, entry, "its add-on %s is damaged", name);
		else if (!take_section(f, entry, name, &section))
			return false;
	}
	return true;
}

static bool take_addons(struct finder *f, struct entry *entry)
{
	const char *folder = arena_printf(f->arena, "%s.extra.d", entry->kernel);
	const char *const *names;

	if (!folder)
		return false;
	if (!finder_list(f, folder, &names))
		return true;
	for (size_t i = 0; names[i]; i++) {
		size_t n = strlen(names[i]);

		if (n > 10 && strcmp(names[i] + n - 10, ".addon.efi") == 0 &&
			!take_addon(f, entry, names[i]))
			return false;
	}
	return true;
}

/* The sections are read where they can be: a large file is still an entry by its name. */
static bool describe(struct finder *f, struct entry *entry)
{
	struct error err = { 0 };
	struct view bytes;
	struct uki uki;

	if (!finder_read(f, entry->kernel, &bytes)) {
		finder_remark(f, entry, "it was not looked into");
		return true;
	}
	if (!uki_parse(bytes, f->arena, &uki, &err)) {
		finder_obstacle(f, entry, "%s", err.reason);
		return true;
	}
	entry->arch = uki.arch;
	entry->release = uki.release;
	entry->command_line = uki.command_line ? uki.command_line : "";
	entry->title = FIRST_VALUE(f, uki.os_release, "PRETTY_NAME", "IMAGE_ID", "NAME", "ID");
	entry->sort_key = FIRST_VALUE(f, uki.os_release, "IMAGE_ID", "ID");
	entry->version = FIRST_VALUE(
		f, uki.os_release, "IMAGE_VERSION", "VERSION", "VERSION_ID", "BUILD_ID");
	return take_addons(f, entry);
}

static bool read_image(struct finder *f, const char *folder, const char *name)
{
	struct entry entry = { .kind = ENTRY_UKI };
	size_t n = strlen(name) - 4;
	const char *base = arena_string(f->arena, view_first(view_of_string(name), n));

	entry.file = entry.kernel = arena_printf(f->arena, "%s/%s", folder, name);
	base = base ? bls_uncount(f, base, &entry) : NULL;
	base = base ? arena_printf(f->arena, "%s.efi", base) : NULL;
	if (!base || !entry.kernel)
		return false;
	entry.id = finder_title(f, view_of_string(base));
	return entry.id && describe(f, &entry) && finder_add(f, entry);
}

bool uki_find(struct finder *f, const struct bls_root *root)
{
	const char *folder = arena_printf(f->arena, "%s/EFI/Linux", root->path);
	const char *const *names;

	if (!folder)
		return false;
	if (!finder_list(f, folder, &names))
		return true;
	for (size_t i = 0; names[i] && !f->is_full; i++) {
		size_t n = strlen(names[i]);

		if (n > 4 && strcmp(names[i] + n - 4, ".efi") == 0 &&
			!read_image(f, folder, names[i]))
			return false;
	}
	return true;
}
