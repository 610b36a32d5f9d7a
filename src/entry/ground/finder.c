/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Names, paths and values, the same for all kinds of boot entries; knows none of their formats. */
#include "entry/ground/finder.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "entry/ground/follow.h"
#include "machine/text.h"

struct folder {
	struct folder *next;
	const char *path;
	const char *const *names; /* NULL: there is none */
	const char *unreadable;   /* NULL: it is not */
};

static const char *relative(const char *path)
{
	return path + strspn(path, "/");
}

static const char *reason_of(struct finder *f, const struct error *err)
{
	const char *reason = arena_string(f->arena, view_of_string(err->reason));

	return reason ? reason : "out of memory";
}

/* The first one is what matters. */
static void keep_unreadable(struct finder *f, const char *reason)
{
	f->unreadable = f->unreadable ? f->unreadable : reason;
}

void finder_keep_unreadable(struct finder *f, const struct error *err)
{
	keep_unreadable(f, reason_of(f, err));
}

/* NULL: what it means cannot be told. */
static const char *meaning_of(struct finder *f, const char *path)
{
	const char *why, *meant = follow_links(f, path, NULL, &why), *reason;

	if (meant)
		return meant;
	reason = arena_printf(f->arena, "%s cannot be read: %s", path, why);
	keep_unreadable(f, reason ? reason : "out of memory");
	return NULL;
}

static bool list_plain(struct finder *f, const char *path, const char *const **ret)
{
	struct folder *folder = f->folders;

	while (folder && strcmp(folder->path, path) != 0)
		folder = folder->next;
	if (!folder) {
		const char *const *names;
		const char *inside = relative(path);
		struct error err;

		folder = arena_alloc(f->arena, sizeof *folder);
		if (!folder)
			return false;
		folder->path = arena_string(f->arena, view_of_string(path));
		if (!folder->path)
			return false;
		if (source_take_names(f->source, inside[0] ? inside : ".", f->arena, &names, &err))
			folder->names = names;
		else
			folder->unreadable = reason_of(f, &err);
		folder->next = f->folders;
		f->folders = folder;
	}
	keep_unreadable(f, folder->unreadable);
	*ret = folder->names;
	return folder->names != NULL;
}

bool finder_list(struct finder *f, const char *path, const char *const **ret)
{
	path = meaning_of(f, path);
	return path && list_plain(f, path, ret);
}

/* Whether there is something of this name, in a folder on the way to which there are no links. */
static bool exists_plain(struct finder *f, const char *path)
{
	const char *name = strrchr(path, '/');
	const char *folder = name
		? arena_string(f->arena, view_first(view_of_string(path), (uint64_t)(name - path)))
		: NULL;
	const char *const *names;
	struct view bytes;

	if (!folder)
		return false;
	/* Not every source lists its root. */
	if (!list_plain(f, folder, &names))
		return !folder[0] && (list_plain(f, path, &names) || finder_read(f, path, &bytes));
	return source_names_have(names, name + 1);
}

bool finder_exists(struct finder *f, const char *path)
{
	path = meaning_of(f, path);
	return path && exists_plain(f, path);
}

bool finder_read(struct finder *f, const char *path, struct view *ret)
{
	struct error err;

	path = meaning_of(f, path);
	if (!path)
		return false;
	if (source_take(f->source, relative(path), f->arena, ret, &err))
		return ret->p != NULL;
	keep_unreadable(f, reason_of(f, &err));
	return false;
}

bool finder_look(struct finder *f, const char *path, size_t limit, struct view *ret)
{
	struct error err;
	enum presence presence;

	path = meaning_of(f, path);
	if (!path)
		return false;
	presence = f->source->look(f->source, relative(path), limit, f->arena, ret, &err);
	if (presence == IS_UNREADABLE)
		keep_unreadable(f, reason_of(f, &err));
	return presence == IS_THERE;
}

bool finder_peek(struct finder *f, const char *path, struct view *ret)
{
	const char *why, *meant = follow_links(f, path, NULL, &why);

	return meant && source_read(f->source, relative(meant), f->arena, ret);
}

static bool is_control(uint8_t c)
{
	return c < ' ' || c == 0x7f;
}

char *finder_title(struct finder *f, struct view text)
{
	char *s = arena_string(f->arena, view_first(text, FINDER_PATH_MAX));

	for (size_t i = 0; s && i < text.n && i < FINDER_PATH_MAX; i++)
		if (!s[i])
			s[i] = '?';
	return s;
}

bool finder_text(
	struct finder *f, struct entry *entry, const char *what, struct view text, const char **ret)
{
	char *s;

	if (text.n > FINDER_TEXT_MAX) {
		finder_obstacle(f, entry, "its %s has %zu bytes", what, text.n);
		return false;
	}
	s = arena_string(f->arena, text);
	for (size_t i = 0; s && i < text.n; i++) {
		if (s[i] == '\t')
			s[i] = ' ';
		if (is_control((uint8_t)s[i])) {
			finder_obstacle(f, entry, "its %s has the control character 0x%02x", what,
				(unsigned)(uint8_t)s[i]);
			return false;
		}
	}
	*ret = s;
	return s != NULL;
}

static const char *print(struct finder *f, const char *format, va_list args)
{
	char text[ERROR_REASON_MAX / 2];

	vsnprintf(text, sizeof text, format, args);
	return finder_title(f, view_of_string(text));
}

void finder_obstacle(struct finder *f, struct entry *entry, const char *format, ...)
{
	va_list args;

	if (entry->obstacle)
		return;
	va_start(args, format);
	entry->obstacle = print(f, format, args);
	va_end(args);
	if (!entry->obstacle)
		entry->obstacle = "out of memory";
}

void finder_remark(struct finder *f, struct entry *entry, const char *format, ...)
{
	va_list args;

	if (entry->remark)
		return;
	va_start(args, format);
	entry->remark = print(f, format, args);
	va_end(args);
}

const char *finder_normalise(struct finder *f, const char *path)
{
	char *s = arena_alloc(f->arena, strlen(path) + 2);
	size_t n = 0;

	while (s && *path) {
		size_t length;

		path += strspn(path, "/");
		length = strcspn(path, "/");
		if (length == 2 && memcmp(path, "..", 2) == 0) {
			while (n && s[--n] != '/')
				;
			s[n] = '\0';
		} else if (length && !(length == 1 && path[0] == '.')) {
			s[n++] = '/';
			memcpy(s + n, path, length);
			n += length;
			s[n] = '\0';
		}
		path += length;
	}
	return s;
}

static bool leads_up(const char *path)
{
	for (const char *p = path; (p = strstr(p, "..")); p += 2)
		if ((p == path || p[-1] == '/') && (p[2] == '/' || p[2] == '\0'))
			return true;
	return false;
}

static const char *not_there(
	struct finder *f, struct entry *entry, const char *base, const char *what, const char *path)
{
	const struct fstab_line *line = places_missing(&f->places, base);
	size_t at = 0;

	line = line ? line : places_next_missing(&f->places, &at);
	if (line)
		finder_obstacle(f, entry,
			"its %s %s is not there, and %s is not mounted: /etc/fstab, line %u, has "
			"%s "
			"for it (mount %s)",
			what, path, line->point, line->line, line->what, line->point);
	else
		finder_obstacle(f, entry, "its %s %s is not there", what, path);
	return NULL;
}

/* The way by which the boot loader gets to a file, else NULL; *ret_why is kept where one is barred. */
static const char *try_way(
	struct finder *f, const struct place *place, const char *way, const char **ret_why)
{
	const char *why, *meant = follow_links(f, way, place, &why);

	if (!meant) {
		*ret_why = *ret_why ? *ret_why : why;
		return NULL;
	}
	return exists_plain(f, meant) ? meant : NULL;
}

const char *finder_locate(struct finder *f, struct entry *entry, const struct place *place,
	const char *base, const char *what, const char *path)
{
	enum { WAYS = 8 };
	struct way ways[WAYS + 2] = { 0 };
	const char *found = NULL, *why = NULL;
	size_t count = 0;

	if (strlen(path) > FINDER_PATH_MAX || leads_up(path)) {
		finder_obstacle(
			f, entry, "its %s is no path inside of a file system: %.80s", what, path);
		return NULL;
	}
	path = finder_normalise(f, path);
	if (!path)
		return NULL;
	if (place) {
		count = places_paths(&f->places, place, path, f->arena, ways, WAYS);
	} else {
		ways[count].path = arena_printf(f->arena, "%s%s", base, path);
		count += ways[count].path != NULL;
		ways[count++].path = path;
	}
	for (size_t i = 0; i < count && !found; i++)
		found = try_way(f, ways[i].place, ways[i].path, &why);
	if (found || !why)
		return found ? found : not_there(f, entry, base, what, path);
	finder_obstacle(f, entry, "its %s %s cannot be loaded: %s", what, path, why);
	return NULL;
}

bool finder_add_initrd(struct finder *f, struct entry *entry, const char *path)
{
	const char **grown;

	if (entry->initrd_count == FINDER_INITRDS_MAX) {
		finder_obstacle(f, entry, "it has more than %d initrds", FINDER_INITRDS_MAX);
		return true;
	}
	grown = arena_grow(f->arena, entry->initrds, entry->initrd_count, sizeof *grown);
	if (!grown)
		return false;
	grown[entry->initrd_count++] = path;
	entry->initrds = grown;
	return true;
}

static const char *or_empty(const char *s)
{
	return s ? s : "";
}

/* "6.1.0-18-amd64", and not "12 (bookworm)" or a digest. */
static bool looks_like_release(const char *version)
{
	return version[0] >= '0' && version[0] <= '9' && strchr(version, '.') &&
		!strpbrk(version, " \t()");
}

static void complete(struct finder *f, struct entry *entry)
{
	entry->version = or_empty(entry->version);
	entry->release = or_empty(entry->release);
	entry->machine_id = or_empty(entry->machine_id);
	entry->sort_key = or_empty(entry->sort_key);
	if (!entry->release[0] && entry->kernel)
		entry->release = finder_release_of(f, entry->kernel);
	if (!entry->release[0] && looks_like_release(entry->version))
		entry->release = entry->version;
	if (!entry->version[0])
		entry->version = entry->release;
	if (!entry->id || !entry->id[0])
		entry->id = entry->kernel ? entry->kernel : "?";
	if (!entry->title || !entry->title[0])
		entry->title = entry->id;
	if (!entry->kernel)
		finder_obstacle(f, entry, "it names no kernel");
	if (entry->arch != ARCH_UNKNOWN && f->arch != ARCH_UNKNOWN && entry->arch != f->arch)
		finder_obstacle(f, entry, "it is for %s, and this is %s",
			cpu_arch_name(entry->arch), cpu_arch_name(f->arch));
	if (entry->device_tree && cpu_arch_is_x86(f->arch))
		finder_obstacle(
			f, entry, "it has a device tree, which kernels for x86 are not given");
	entry->is_running = f->release[0] && strcmp(entry->release, f->release) == 0;
}

bool finder_add(struct finder *f, struct entry entry)
{
	if (f->count == FINDER_ENTRIES_MAX) {
		if (!f->is_full)
			notes_add(f->notes, "there are more than %d entries; the rest is left out",
				FINDER_ENTRIES_MAX);
		f->is_full = true;
		return true;
	}
	if (!follow_files(f, &entry))
		return false;
	complete(f, &entry);
	f->entries = arena_grow(f->arena, f->entries, f->count, sizeof *f->entries);
	if (!f->entries)
		return false;
	f->entries[f->count++] = entry;
	return true;
}

void finder_end(
	const struct finder *f, struct finding *ret, int (*compare)(const void *, const void *))
{
	ret->count = f->count - ret->first;
	ret->has_default = ret->count > 0;
	if (compare && ret->count)
		qsort(f->entries + ret->first, ret->count, sizeof *f->entries, compare);
}

bool finder_has_kernel(const struct finder *f, const char *kernel)
{
	for (size_t i = 0; i < f->count; i++)
		if (f->entries[i].kernel && strcmp(f->entries[i].kernel, kernel) == 0)
			return true;
	return false;
}

/* In one line. "#" begins a comment: kernel-install(8). */
static const char *one_line(struct finder *f, struct view text)
{
	char *line = text.n > FINDER_TEXT_MAX ? NULL : arena_alloc(f->arena, text.n + 2);
	struct view row, word;
	size_t n = 0;

	while (line && text_line(&text, &row)) {
		if (row.n && row.p[0] == '#')
			continue;
		while (text_word(&row, &word)) {
			if (n)
				line[n++] = ' ';
			memcpy(line + n, word.p, word.n);
			n += word.n;
		}
	}
	return line;
}

const char *finder_command_line(struct finder *f)
{
	static const char *const files[] = { "/etc/kernel/cmdline", "/usr/lib/kernel/cmdline" };
	struct entry none = { 0 };
	struct view text;

	for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
		const char *line = finder_read(f, files[i], &text) ? one_line(f, text) : NULL;

		if (line && line[0] && finder_text(f, &none, "", view_of_string(line), &line))
			return line;
	}
	return NULL;
}
