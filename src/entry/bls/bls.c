/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Type 1 of UAPI.1, "Boot Loader Specification": one text file per entry in loader/entries. */
#include "entry/bls/bls.h"

#include <stdlib.h>
#include <string.h>

#include "image/uki.h"
#include "machine/text.h"

struct reading {
	struct finder *f;
	const struct bls_root *root;
	struct entry *entry;
	unsigned options; /* lines of them */
};

enum { OPTIONS_MAX = 256 };

static const char *locate(struct reading *r, const char *what, struct view path)
{
	const char *text;

	if (!finder_text(r->f, r->entry, what, path, &text))
		return NULL;
	return finder_locate(r->f, r->entry, r->root->place, r->root->path, what, text);
}

static bool take_title(struct reading *r, struct view value)
{
	r->entry->title = finder_title(r->f, value);
	return r->entry->title;
}

static bool take_version(struct reading *r, struct view value)
{
	r->entry->version = finder_title(r->f, value);
	return r->entry->version;
}

static bool take_machine_id(struct reading *r, struct view value)
{
	r->entry->machine_id = finder_title(r->f, value);
	return r->entry->machine_id;
}

static bool take_sort_key(struct reading *r, struct view value)
{
	r->entry->sort_key = finder_title(r->f, value);
	return r->entry->sort_key;
}

static bool take_kernel(struct reading *r, struct view value)
{
	r->entry->kernel = locate(r, "kernel", value);
	return true;
}

/* An EFI program is a kernel only where it is one that brings its own along. */
static bool take_program(struct reading *r, struct view value)
{
	struct view bytes;

	r->entry->kernel = locate(r, "program", value);
	if (r->entry->kernel && finder_read(r->f, r->entry->kernel, &bytes) && !uki_probe(bytes))
		finder_obstacle(
			r->f, r->entry, "%s is an EFI program and no kernel", r->entry->kernel);
	return true;
}

/* GRUB takes several in one line; the specification has a line for each. */
static bool take_initrd(struct reading *r, struct view value)
{
	struct view word, text = grub_expand_bls(r->f, value);

	while (text_word(&text, &word)) {
		const char *path = locate(r, "initrd", word);

		if (path && !finder_add_initrd(r->f, r->entry, path))
			return false;
	}
	return true;
}

static bool take_options(struct reading *r, struct view value)
{
	const char *before = r->entry->command_line, *text;

	value = text_trim(grub_expand_bls(r->f, value));
	if (!finder_text(r->f, r->entry, "command line", value, &text))
		return true;
	if (++r->options > OPTIONS_MAX || (before && strlen(before) > FINDER_TEXT_MAX)) {
		finder_obstacle(r->f, r->entry, "its command line is too long");
		return true;
	}
	r->entry->command_line =
		before && before[0] ? arena_printf(r->f->arena, "%s %s", before, text) : text;
	return r->entry->command_line;
}

static bool take_device_tree(struct reading *r, struct view value)
{
	r->entry->device_tree = locate(r, "device tree", value);
	return true;
}

static bool take_overlays(struct reading *r, struct view value)
{
	(void)value;
	finder_obstacle(r->f, r->entry, "it has device tree overlays, which are not applied here");
	return true;
}

/* UEFI's names, "Removable Media Boot Behavior". */
static bool take_architecture(struct reading *r, struct view value)
{
	static const struct {
		const char *name;
		enum cpu_arch arch;
	} names[] = { { "x64", ARCH_X86_64 }, { "ia32", ARCH_I386 }, { "aa64", ARCH_ARM64 },
		{ "arm", ARCH_ARM }, { "riscv64", ARCH_RISCV64 },
		{ "loongarch64", ARCH_LOONGARCH64 } };

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (text_is_any_case(value, names[i].name))
			r->entry->arch = names[i].arch;
	if (r->entry->arch == ARCH_UNKNOWN)
		finder_obstacle(r->f, r->entry, "it is for the CPU \"%.*s\"",
			(int)(value.n < 32 ? value.n : 32), (const char *)value.p);
	return true;
}

static const struct {
	const char *key;
	bool (*take)(struct reading *r, struct view value);
} keys[] = {
	{ "title", take_title },
	{ "version", take_version },
	{ "machine-id", take_machine_id },
	{ "sort-key", take_sort_key },
	{ "linux", take_kernel },
	{ "efi", take_program },
	{ "uki", take_program },
	{ "initrd", take_initrd },
	{ "options", take_options },
	{ "devicetree", take_device_tree },
	{ "devicetree-overlay", take_overlays },
	{ "architecture", take_architecture },
};

/* Keys that are not known are ignored, as the specification wants it. */
static bool read_line(struct reading *r, struct view line)
{
	struct view key;

	if (!text_word(&line, &key) || key.p[0] == '#')
		return true;
	line = text_trim(line);
	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
		if (text_is(key, keys[i].key))
			return keys[i].take(r, line);
	return true;
}

static bool read_entry(struct finder *f, const struct bls_root *root, const char *name)
{
	struct entry entry = { .kind = ENTRY_BLS };
	struct reading r = { .f = f, .root = root, .entry = &entry };
	struct view text, line, stem = view_first(view_of_string(name), strlen(name) - 5);
	const char *base = arena_string(f->arena, stem);

	entry.file = arena_printf(f->arena, "%s/loader/entries/%s", root->path, name);
	if (!base || !entry.file)
		return false;
	base = bls_uncount(f, base, &entry);
	entry.id = base ? finder_title(f, view_of_string(base)) : NULL;
	if (!entry.id)
		return false;
	if (!finder_read(f, entry.file, &text)) {
		finder_obstacle(f, &entry, "it cannot be read");
		return finder_add(f, entry);
	}
	while (text_line(&text, &line))
		if (!read_line(&r, line))
			return false;
	if (!entry.command_line)
		entry.command_line = entry_is_program(&entry) ? NULL : "";
	return finder_add(f, entry);
}

static bool ends_with(const char *s, const char *end)
{
	size_t n = strlen(s), m = strlen(end);

	return n > m && strcmp(s + n - m, end) == 0;
}

static bool read_entries(struct finder *f, const struct bls_root *root)
{
	const char *folder = arena_printf(f->arena, "%s/loader/entries", root->path);
	const char *const *names;

	if (!folder)
		return false;
	if (!finder_list(f, folder, &names))
		return true;
	for (size_t i = 0; names[i] && !f->is_full; i++)
		if (ends_with(names[i], ".conf") && !read_entry(f, root, names[i]))
			return false;
	return true;
}

/* A folder of the same file system as another one, as where /efi is /boot: read once. */
static bool is_same(const struct bls_root *x, const struct bls_root *y)
{
	return x->place && y->place && strcmp(x->place->device, y->place->device) == 0 &&
		strcmp(x->place->point, x->path) == 0 && strcmp(y->place->point, y->path) == 0;
}

bool bls_find(struct finder *f, struct finding *ret)
{
	static const char *const paths[] = { "/boot", "/efi", "/boot/efi" };
	enum { ROOTS = sizeof paths / sizeof *paths };
	struct bls_root roots[ROOTS];

	ret->first = f->count;
	for (size_t i = 0; i < ROOTS; i++) {
		bool known = false;

		roots[i] = (struct bls_root){ paths[i], places_of(&f->places, paths[i]) };
		for (size_t k = 0; k < i; k++)
			known |= is_same(&roots[i], &roots[k]);
		if (!known && (!read_entries(f, &roots[i]) || !uki_find(f, &roots[i])))
			return false;
	}
	ret->count = f->count - ret->first;
	if (ret->count)
		qsort(f->entries + ret->first, ret->count, sizeof *f->entries, bls_compare);
	ret->has_default = bls_default(f, ret->first, ret->count, &ret->chosen);
	return true;
}
