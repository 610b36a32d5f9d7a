/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * extlinux.conf and syslinux.cfg, as syslinux and U-Boot's distro boot read them (syslinux's
 * doc/syslinux.txt; U-Boot's doc/README.pxe). Keywords are of either case.
 */
#include <string.h>

#include "entry/ground/finder.h"
#include "machine/text.h"

enum { INCLUDES_MAX = 16, FILES_MAX = 64 };

struct reading {
	struct finder *f;
	const char *base; /* the folder of the first file, without its last name: "/boot" */
	const struct place *place;
	const char *file;
	unsigned line, depth, files;
	bool is_noted; /* that there are too many files */
	struct entry entry;
	bool is_open;              /* an entry was begun */
	const char *append;        /* before the first LABEL: for all that have none */
	const char *wanted, *once; /* DEFAULT, ONTIMEOUT; NULL: not there */
	const char *marked;        /* the label with MENU DEFAULT */
};

static bool close_entry(struct reading *r)
{
	struct entry entry = r->entry;

	if (!r->is_open)
		return true;
	r->is_open = false;
	if (!entry.command_line)
		entry.command_line = r->append ? r->append : "";
	/* Labels that only lead to other menus are no entries. */
	if (!entry.kernel && !entry.obstacle)
		return true;
	return finder_add(r->f, entry);
}

/* A relative path begins at the folder of the file. */
static const char *locate(struct reading *r, const char *what, struct view value)
{
	const char *path;

	if (!finder_text(r->f, &r->entry, what, value, &path))
		return NULL;
	if (path[0] != '/') {
		const char *slash = strrchr(r->file, '/');
		const char *beside =
			arena_printf(r->f->arena, "%.*s/%s", (int)(slash - r->file), r->file, path);

		if (beside && strlen(beside) < FINDER_PATH_MAX && !strstr(path, "..") &&
			finder_exists(r->f, beside))
			return beside;
	}
	return finder_locate(r->f, &r->entry, r->place, r->base, what, path);
}

static bool take_label(struct reading *r, struct view value)
{
	if (!close_entry(r))
		return false;
	r->entry = (struct entry){ .kind = ENTRY_EXTLINUX, .file = r->file, .line = r->line };
	r->entry.id = finder_title(r->f, value);
	r->is_open = true;
	return r->entry.id;
}

static bool take_menu(struct reading *r, struct view value)
{
	struct view word;
	char *title, *to;

	if (!r->is_open || !text_word(&value, &word))
		return true;
	if (text_is_any_case(word, "default"))
		r->marked = r->entry.id;
	if (!text_is_any_case(word, "label"))
		return true;
	title = finder_title(r->f, text_trim(value));
	r->entry.title = title;
	if (!title)
		return false;
	/* "^" marks the letter that selects it. */
	to = strchr(title, '^');
	if (to)
		memmove(to, to + 1, strlen(to));
	return true;
}

static bool take_kernel(struct reading *r, struct view value)
{
	static const char *const others[] = { ".c32", ".com", ".bin", ".bss", ".0", ".img" };

	for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
		size_t n = strlen(others[i]);

		if (value.n > n && text_is_any_case(view_from(value, value.n - n), others[i]))
			return true; /* a module of syslinux, or a boot sector */
	}
	r->entry.kernel = locate(r, "kernel", value);
	return true;
}

static bool take_initrd(struct reading *r, struct view value)
{
	struct view name;

	while (value.n) {
		const char *path;

		if (!text_cut(&value, ',', &name)) {
			name = value;
			value = view_from(value, value.n);
		}
		path = name.n ? locate(r, "initrd", text_trim(name)) : NULL;
		if (path && !finder_add_initrd(r->f, &r->entry, path))
			return false;
	}
	return true;
}

/* syslinux takes an initrd out of the command line, and leaves the word there. */
static bool take_append(struct reading *r, struct view value)
{
	const char *text;
	struct view word, rest = value;

	if (text_is(value, "-"))
		value = view_first(value, 0);
	if (!finder_text(r->f, &r->entry, "command line", value, &text))
		return true;
	if (!r->is_open) {
		r->append = text;
		return true;
	}
	r->entry.command_line = text;
	while (text_word(&rest, &word))
		if (view_starts_with(word, view_of_string("initrd=")) &&
			!take_initrd(r, view_from(word, 7)))
			return false;
	return true;
}

static bool take_device_tree(struct reading *r, struct view value)
{
	r->entry.device_tree = locate(r, "device tree", value);
	return true;
}

/* Which file of the folder it is, only the board's firmware knows. */
static bool take_device_trees(struct reading *r, struct view value)
{
	(void)value;
	finder_remark(
		r->f, &r->entry, "the running system's device tree is taken, not one of FDTDIR");
	return true;
}

static bool take_overlays(struct reading *r, struct view value)
{
	(void)value;
	finder_obstacle(r->f, &r->entry,
		"line %u has device tree overlays, which are not applied here", r->line);
	return true;
}

static bool take_default(struct reading *r, struct view value)
{
	struct view word;

	if (!text_word(&value, &word))
		return true;
	r->wanted = finder_title(r->f, word);
	return r->wanted;
}

static bool take_on_timeout(struct reading *r, struct view value)
{
	struct view word;

	if (!text_word(&value, &word))
		return true;
	r->once = finder_title(r->f, word);
	return r->once;
}

static bool read_file(struct reading *r, const char *path);

/* Below the file system's top, else beside the file that says so. */
static const char *find_include(struct reading *r, const char *name)
{
	struct entry none = { 0 };
	const char *path = finder_locate(r->f, &none, r->place, r->base, "file", name);
	const char *slash = strrchr(r->file, '/');

	return path ? path
		    : arena_printf(r->f->arena, "%.*s/%s", (int)(slash - r->file), r->file, name);
}

static bool take_include(struct reading *r, struct view value)
{
	const struct reading before = *r;
	struct entry none = { 0 };
	const char *name, *path;
	bool done;

	if (r->depth == INCLUDES_MAX || r->files == FILES_MAX) {
		if (!r->is_noted)
			notes_add(r->f->notes, "%s, line %u: too many files include one another",
				r->file, r->line);
		r->is_noted = true;
		return true;
	}
	if (!finder_text(r->f, &none, "name", value, &name) || strstr(name, ".."))
		return true;
	path = find_include(r, name);
	if (!path)
		return false;
	r->depth++;
	done = read_file(r, path);
	r->depth--;
	r->file = before.file;
	r->line = before.line;
	return done;
}

static const struct {
	const char *keyword;
	bool in_entry; /* means something behind a LABEL only */
	bool (*take)(struct reading *r, struct view value);
} keywords[] = {
	{ "label", false, take_label },
	{ "menu", true, take_menu },
	{ "linux", true, take_kernel },
	{ "kernel", true, take_kernel },
	{ "initrd", true, take_initrd },
	{ "append", false, take_append },
	{ "fdt", true, take_device_tree },
	{ "devicetree", true, take_device_tree },
	{ "fdtdir", true, take_device_trees },
	{ "devicetreedir", true, take_device_trees },
	{ "fdtoverlays", true, take_overlays },
	{ "devicetree-overlay", true, take_overlays },
	{ "default", false, take_default },
	{ "ontimeout", false, take_on_timeout },
	{ "include", false, take_include },
};

static bool read_line(struct reading *r, struct view line)
{
	struct view word;

	if (!text_word(&line, &word) || word.p[0] == '#')
		return true;
	for (size_t i = 0; i < sizeof keywords / sizeof *keywords; i++)
		if (text_is_any_case(word, keywords[i].keyword))
			return keywords[i].in_entry && !r->is_open
				? true
				: keywords[i].take(r, text_trim(line));
	return true;
}

static bool read_file(struct reading *r, const char *path)
{
	struct view text, line;

	if (!finder_read(r->f, path, &text))
		return true;
	r->files++;
	r->file = path;
	for (r->line = 1; text_line(&text, &line) && !r->f->is_full; r->line++)
		if (!read_line(r, line))
			return false;
	return true;
}

static bool find_label(const struct reading *r, const char *label, struct finding *ret)
{
	struct view wanted = view_of_string(label ? label : "");

	for (size_t i = ret->first; label && i < r->f->count; i++) {
		if (!text_is_any_case(wanted, r->f->entries[i].id))
			continue;
		ret->chosen = i;
		return true;
	}
	return false;
}

bool extlinux_find(struct finder *f, struct finding *ret)
{
	static const struct {
		const char *base, *file;
	} files[] = {
		{ "/boot", "/boot/extlinux/extlinux.conf" },
		{ "/boot", "/boot/extlinux.conf" },
		{ "", "/extlinux/extlinux.conf" },
		{ "/boot", "/boot/syslinux/syslinux.cfg" },
		{ "/boot", "/boot/syslinux/extlinux.conf" },
		{ "/boot/efi", "/boot/efi/extlinux/extlinux.conf" },
	};
	struct view text;

	ret->first = f->count;
	for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
		struct reading r = { .f = f, .base = files[i].base };

		if (!finder_read(f, files[i].file, &text))
			continue;
		r.place = places_of(&f->places, files[i].file);
		if (!read_file(&r, files[i].file) || !close_entry(&r))
			return false;
		ret->count = f->count - ret->first;
		ret->has_default = find_label(&r, r.once, ret) || find_label(&r, r.marked, ret) ||
			find_label(&r, r.wanted, ret);
		if (!ret->has_default && ret->count) {
			ret->has_default = true;
			ret->chosen = ret->first;
		}
		return true;
	}
	return true;
}
