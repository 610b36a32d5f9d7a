/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Type 2 of UAPI.1: unified kernel images in EFI/Linux, whose sections say what an entry says. Their
 * add-ons (UAPI.5, "PE Addons") and other companions lie in a folder beside each: systemd-stub(7).
 */
#include "image/uki.h"

#include <string.h>

#include "base/arith.h"
#include "base/sha256.h"
#include "entry/bls/bls.h"
#include "image/image.h"
#include "image/pe.h"
#include "machine/text.h"

/* With its initrd: more than any has. */
#define IMAGE_MAX MiB(1024)

/* What an add-on adds to the command line; everything else that it may have is an obstacle. */
static bool take_section(
	struct finder *f, struct entry *entry, const char *name, const struct pe_section *section)
{
	static const char *const harmless[] = { ".linux", ".text", ".sbat", ".sdmagic", ".osrel",
		".uname", ".reloc", ".rodata", ".data", ".bss", ".dynamic", ".rela", ".dynsym" };
	struct view text = section->data;
	const char *line;

	if (strcmp(section->name, ".cmdline") == 0) {
		text = text_trim(view_to_zero(text));
		if (finder_text(f, entry, "add-on's command line", text, &line))
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

static bool take_addon(struct finder *f, struct entry *entry, const char *folder, const char *name)
{
	const char *path = arena_printf(f->arena, "%s/%s", folder, name);
	struct error ignored = { 0 };
	struct view bytes;
	struct pe pe;

	if (!path)
		return false;
	if (!finder_look(f, path, MiB(16), &bytes) || !pe_parse(bytes, &pe, &ignored)) {
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

static bool ends_with(const char *s, const char *end)
{
	size_t n = strlen(s), m = strlen(end);

	return n > m && strcmp(s + n - m, end) == 0;
}

/* What the stub makes initrds of: credentials and extensions of the system. */
static bool is_companion(const char *name)
{
	return ends_with(name, ".cred") || ends_with(name, ".raw");
}

static bool take_companions(struct finder *f, struct entry *entry, const char *folder)
{
	const char *const *names;

	if (!folder)
		return false;
	if (!finder_list(f, folder, &names))
		return true;
	for (size_t i = 0; names[i]; i++) {
		if (ends_with(names[i], ".addon.efi") && !take_addon(f, entry, folder, names[i]))
			return false;
		if (is_companion(names[i]))
			finder_obstacle(f, entry, "its companion %s/%s is not passed on here",
				folder, names[i]);
	}
	return true;
}

/* Those of all images: which of them come first has changed, so that they are not applied. */
static void refuse_global(struct finder *f, struct entry *entry, const struct bls_root *root)
{
	static const char *const folders[] = { "loader/addons", "loader/credentials",
		"loader/extensions" };

	for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
		const char *path = arena_printf(f->arena, "%s/%s", root->path, folders[i]);
		const char *const *names;

		if (!path || !finder_list(f, path, &names))
			continue;
		for (size_t k = 0; names[k]; k++)
			if (is_companion(names[k]) || ends_with(names[k], ".addon.efi"))
				finder_obstacle(f, entry,
					"%s/%s is for all images, and is not "
					"passed on here",
					path, names[k]);
	}
}

/* Newer stubs look beside the name without its counter. */
static bool take_beside(struct finder *f, struct bls_file *file)
{
	size_t n = strlen(file->path);
	const char *stem = arena_string(f->arena, view_first(view_of_string(file->path), n - 4));
	struct entry counted = { 0 };
	const char *base = stem && n > 4 ? bls_uncount(f, stem, &counted) : NULL;

	refuse_global(f, &file->image, file->root);
	if (!take_companions(f, &file->image, arena_printf(f->arena, "%s.extra.d", file->path)))
		return false;
	return !counted.is_counted || !base ||
		take_companions(f, &file->image, arena_printf(f->arena, "%s.efi.extra.d", base));
}

static const uint8_t *keep_hash(struct finder *f, struct view hash)
{
	return (const uint8_t *)arena_string(f->arena, hash);
}

/* One whose sections are paths, with the digests of what lies there: Lanzaboote's stub. */
static bool follow_paths(struct finder *f, struct bls_file *file, const struct uki *uki)
{
	struct entry *entry = &file->image;
	struct bls_owner owner = { entry, file->root };
	const char *initrd;

	entry->kernel = NULL;
	if (uki->kernel_hash.n != SHA256_SIZE || uki->initrd_hash.n != SHA256_SIZE) {
		finder_obstacle(f, entry, "it has no SHA-256 for both its kernel and its initrd");
		return true;
	}
	if (!uki->command_line)
		finder_obstacle(
			f, entry, "it has no command line, without which it does not start");
	entry->kernel = bls_locate(f, owner, "kernel", uki->kernel);
	initrd = bls_locate(f, owner, "initrd", uki->initrd);
	entry->kernel_sha256 = keep_hash(f, uki->kernel_hash);
	entry->initrd_sha256 = keep_hash(f, uki->initrd_hash);
	if (!entry->kernel_sha256 || !entry->initrd_sha256)
		return false;
	return !initrd || finder_add_initrd(f, entry, initrd);
}

/* As the image says, else its kernel itself. */
static const char *release_of(struct finder *f, const struct uki *uki, struct arena *scratch)
{
	struct error ignored = { 0 };
	struct image image;
	struct view text, word;

	if (uki->release[0])
		return finder_title(f, view_of_string(uki->release));
	if (image_wrapper(uki->kernel) || !image_parse(uki->kernel, scratch, &image, &ignored) ||
		!image.version)
		return "";
	text = view_of_string(image.version);
	return text_word(&text, &word) ? finder_title(f, word) : "";
}

static bool take_image(
	struct finder *f, struct bls_file *file, const struct uki *uki, struct arena *scratch)
{
	struct entry *entry = &file->image;
	bool has_paths = uki->kernel_hash.n || uki->initrd_hash.n;

	entry->arch = uki->arch;
	entry->command_line =
		arena_string(f->arena, view_of_string(uki->command_line ? uki->command_line : ""));
	file->os_release.p = (const uint8_t *)arena_string(f->arena, uki->os_release);
	file->os_release.n = uki->os_release.n;
	file->profiles = uki->profiles;
	if (has_paths && !follow_paths(f, file, uki))
		return false;
	if (!has_paths)
		entry->release = release_of(f, uki, scratch);
	return entry->command_line && file->os_release.p && take_beside(f, file);
}

bool uki_describe(struct finder *f, struct bls_file *file)
{
	struct arena scratch = { 0 }; /* an image's bytes are not kept */
	struct entry *entry = &file->image;
	struct error err = { 0 };
	struct view bytes;
	struct uki uki;
	enum presence presence = f->source->look(
		f->source, file->path + strspn(file->path, "/"), IMAGE_MAX, &scratch, &bytes, &err);
	bool ok = true;

	*entry = (struct entry){ .kind = ENTRY_UKI, .file = file->path, .kernel = file->path };
	if (presence != IS_THERE)
		finder_obstacle(f, entry, "it cannot be read");
	else if (bytes.n == IMAGE_MAX)
		finder_obstacle(f, entry, "it is larger than any image that is known");
	else if (!uki_parse(bytes, &scratch, &uki, &err))
		finder_obstacle(f, entry, "%s", err.reason);
	else
		ok = take_image(f, file, &uki, &scratch);
	arena_free(&scratch);
	return ok;
}

enum field {
	PRETTY_NAME,
	IMAGE_ID,
	NAME,
	ID,
	IMAGE_VERSION,
	VERSION,
	VERSION_ID,
	BUILD_ID,
	FIELDS
};

static const char *const fields[FIELDS] = { "PRETTY_NAME", "IMAGE_ID", "NAME", "ID",
	"IMAGE_VERSION", "VERSION", "VERSION_ID", "BUILD_ID" };

/* Of those in order, up to end, the first that is there; NULL: none. */
static const char *first_of(const char *const *values, const enum field *order, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (values[order[i]])
			return values[order[i]];
	return NULL;
}

/*
 * os-release(5) as systemd-boot reads it, by its own rules on lines and quotes. The last line of a key
 * counts; an empty value is read as text by newer versions.
 */
static bool read_fields(struct finder *f, const struct bls_rules *rules, struct bls_item *item,
	const char *ret[static FIELDS])
{
	struct view text = item->file->os_release, key, value;

	while (bls_line(&text, "=", rules, &key, &value))
		for (size_t i = 0; i < FIELDS; i++) {
			struct entry tried = { 0 };
			const char *plain;

			if (!text_is(key, fields[i]))
				continue;
			ret[i] = finder_title(f, value);
			item->is_vague |=
				value.n == 0 || !bls_text(f, &tried, "name", value, &plain);
			if (!ret[i])
				return false;
		}
	return true;
}

bool uki_read_names(struct finder *f, const struct bls_rules *rules, struct bls_item *item)
{
	static const enum field names[] = { PRETTY_NAME, IMAGE_ID, NAME, ID };
	static const enum field versions[] = { IMAGE_VERSION, VERSION, VERSION_ID, BUILD_ID };
	static const enum field sort_keys[] = { IMAGE_ID, ID };
	const char *values[FIELDS] = { 0 };

	item->entry = item->file->image;
	if (!read_fields(f, rules, item, values))
		return false;
	item->entry.title = first_of(values, names, sizeof names / sizeof *names);
	item->version = first_of(values, versions, sizeof versions / sizeof *versions);
	item->sort_key = first_of(values, sort_keys, sizeof sort_keys / sizeof *sort_keys);
	item->entry.version = item->version;
	item->entry.sort_key = item->sort_key;
	/* A file that is no image here may be one there. */
	item->is_vague |= !item->file->os_release.p;
	item->is_shown = item->entry.title || !item->file->os_release.p;
	if (item->entry.arch != ARCH_UNKNOWN && f->arch != ARCH_UNKNOWN &&
		item->entry.arch != f->arch)
		item->is_shown = false;
	return true;
}
