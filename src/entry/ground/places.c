/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "entry/ground/places.h"

#include <string.h>
#include <strings.h>

#include "machine/text.h"

enum { PLACES_MAX = 4096 };

struct reading {
	const struct source *source;
	struct arena *arena;
	struct place *places;
	size_t count;
	struct fstab_line *fstab;
	size_t fstab_count;
	const char *unreadable;
};

static bool is_octal(uint8_t c)
{
	return c >= '0' && c <= '7';
}

/* False where there is no such file, or none that can be read, which is kept. */
static bool take(struct reading *r, const char *path, struct view *ret)
{
	struct error err;

	if (source_take(r->source, path, r->arena, ret, &err))
		return ret->p != NULL;
	if (!r->unreadable)
		r->unreadable = arena_string(r->arena, view_of_string(err.reason));
	if (!r->unreadable)
		r->unreadable = "out of memory";
	return false;
}

/* Blanks and the like are \ooo in mountinfo and in fstab: proc(5), fstab(5). */
static const char *unescape(struct view word, struct arena *arena)
{
	char *s = arena_string(arena, word);
	size_t n = 0;

	for (size_t i = 0; s && i < word.n; n++) {
		const uint8_t *p = word.p + i;

		if (word.n - i >= 4 && p[0] == '\\' && is_octal(p[1]) && is_octal(p[2]) &&
			is_octal(p[3])) {
			s[n] = (char)((p[1] - '0') << 6 | (p[2] - '0') << 3 | (p[3] - '0'));
			i += 4;
		} else {
			s[n] = (char)p[0];
			i++;
		}
	}
	if (s)
		s[n] = '\0';
	return s;
}

static const char *value_after(struct view line, const char *prefix, struct arena *arena)
{
	struct view p = view_of_string(prefix);

	return view_starts_with(line, p) ? unescape(view_from(line, p.n), arena) : NULL;
}

/* udev's database: a file per block device, lines "E:NAME=VALUE". */
static bool read_udev(struct reading *r, struct view number, struct place *place)
{
	const char *path = arena_printf(
		r->arena, "run/udev/data/b%.*s", (int)number.n, (const char *)number.p);
	struct view text, line;

	if (!path)
		return false;
	if (!take(r, path, &text))
		return true;
	while (text_line(&text, &line)) {
		const char *uuid = value_after(line, "E:ID_FS_UUID=", r->arena);
		const char *label = value_after(line, "E:ID_FS_LABEL=", r->arena);

		place->uuid = uuid ? uuid : place->uuid;
		place->label = label ? label : place->label;
	}
	return true;
}

/* What is mounted over hides what was there before. */
static void drop_hidden(struct reading *r, const char *point)
{
	size_t kept = 0;

	for (size_t i = 0; i < r->count; i++)
		if (strcmp(r->places[i].point, point) != 0)
			r->places[kept++] = r->places[i];
	r->count = kept;
}

static bool add_place(struct reading *r, struct place place)
{
	if (!place.point || !place.root || !place.device || !place.type)
		return false;
	drop_hidden(r, place.point);
	r->places = arena_grow(r->arena, r->places, r->count, sizeof *r->places);
	if (!r->places)
		return false;
	r->places[r->count++] = place;
	return true;
}

/* 36 35 98:0 /root /point options optional... - type source options */
static bool read_mount(struct reading *r, struct view line)
{
	struct view number, root, point, word, source;
	struct place place = { .uuid = "", .label = "" };

	if (!text_word(&line, &word) || !text_word(&line, &word) || !text_word(&line, &number) ||
		!text_word(&line, &root) || !text_word(&line, &point))
		return true;
	while (text_word(&line, &word))
		if (text_is(word, "-"))
			break;
	if (!text_word(&line, &word) || !text_word(&line, &source) || point.p[0] != '/')
		return true;
	place.type = arena_string(r->arena, word);
	place.point = unescape(point, r->arena);
	place.root = unescape(root, r->arena);
	place.device = arena_printf(r->arena, "%.*s %.*s", (int)number.n, (const char *)number.p,
		(int)source.n, (const char *)source.p);
	return read_udev(r, number, &place) && add_place(r, place);
}

static bool read_mounts(struct reading *r)
{
	struct view text, line;

	if (!take(r, "proc/self/mountinfo", &text))
		return true;
	while (r->count < PLACES_MAX && text_line(&text, &line))
		if (!read_mount(r, line))
			return false;
	return true;
}

static bool read_fstab_line(struct reading *r, struct view line, unsigned number)
{
	struct fstab_line row = { .line = number };
	struct view what, point;

	if (!text_word(&line, &what) || what.p[0] == '#' || !text_word(&line, &point))
		return true;
	row.what = unescape(what, r->arena);
	row.point = unescape(point, r->arena);
	r->fstab = arena_grow(r->arena, r->fstab, r->fstab_count, sizeof *r->fstab);
	if (!row.what || !row.point || !r->fstab)
		return false;
	r->fstab[r->fstab_count++] = row;
	return true;
}

static bool read_fstab(struct reading *r)
{
	struct view text, line;

	if (!take(r, "etc/fstab", &text))
		return true;
	for (unsigned number = 1; number <= PLACES_MAX && text_line(&text, &line); number++)
		if (!read_fstab_line(r, line, number))
			return false;
	return true;
}

/* "UUID=…", with or without quotes, or the same as a path. */
static bool names(const char *what, const char *tag, const char *folder, const char *value)
{
	size_t n = strlen(tag), quoted;

	if (strncmp(what, folder, strlen(folder)) == 0)
		return strcasecmp(what + strlen(folder), value) == 0;
	if (strncasecmp(what, tag, n) != 0)
		return false;
	quoted = what[n] == '"';
	return strncasecmp(what + n + quoted, value, strlen(value)) == 0 &&
		strlen(what + n + quoted) == strlen(value) + quoted;
}

static bool line_has(const struct fstab_line *line, const char *uuid, const char *label)
{
	return uuid ? names(line->what, "UUID=", "/dev/disk/by-uuid/", uuid)
		    : names(line->what, "LABEL=", "/dev/disk/by-label/", label);
}

const struct fstab_line *places_in_fstab(
	const struct places *places, const char *uuid, const char *label)
{
	for (size_t i = 0; i < places->fstab_count; i++)
		if (line_has(&places->fstab[i], uuid, label))
			return &places->fstab[i];
	return NULL;
}

bool places_read(const struct source *source, struct arena *arena, struct places *ret)
{
	struct reading r = { .source = source, .arena = arena };

	if (!read_mounts(&r) || !read_fstab(&r))
		return false;
	*ret = (struct places){
		.items = r.places,
		.count = r.count,
		.fstab = r.fstab,
		.fstab_count = r.fstab_count,
		.unreadable = r.unreadable,
	};
	for (size_t i = 0; i < r.count; i++)
		ret->has_uuids |= r.places[i].uuid[0] != '\0';
	return true;
}

/* Whether path is folder or lies below it; *ret_rest is what comes behind, from its slash on. */
static bool below(const char *folder, const char *path, const char **ret_rest)
{
	size_t n = strlen(folder);

	while (n && folder[n - 1] == '/')
		n--;
	if (strncmp(folder, path, n) != 0 || (path[n] != '/' && path[n] != '\0'))
		return false;
	*ret_rest = path + n;
	return true;
}

static const struct place *at_point(const struct places *places, const char *point)
{
	for (size_t i = 0; i < places->count; i++)
		if (strcmp(places->items[i].point, point) == 0)
			return &places->items[i];
	return NULL;
}

const struct place *places_of(const struct places *places, const char *path)
{
	const struct place *best = NULL;
	const char *rest;

	for (size_t i = 0; i < places->count; i++) {
		const struct place *p = &places->items[i];

		if (below(p->point, path, &rest) &&
			(!best || strlen(p->point) > strlen(best->point)))
			best = p;
	}
	return best;
}

const struct place *places_find(const struct places *places, const char *uuid, const char *label)
{
	const struct fstab_line *line;

	for (size_t i = 0; i < places->count; i++) {
		const struct place *p = &places->items[i];

		if (uuid ? p->uuid[0] && strcasecmp(p->uuid, uuid) == 0
			 : p->label[0] && strcmp(p->label, label) == 0)
			return p;
	}
	line = places_in_fstab(places, uuid, label);
	return line ? at_point(places, line->point) : NULL;
}

bool places_is_automount(const struct places *places, const char *point)
{
	const struct place *place = at_point(places, point);

	return place && strcmp(place->type, "autofs") == 0;
}

const struct fstab_line *places_missing(const struct places *places, const char *point)
{
	if (places->count == 0 || (at_point(places, point) && !places_is_automount(places, point)))
		return NULL;
	for (size_t i = 0; i < places->fstab_count; i++)
		if (strcmp(places->fstab[i].point, point) == 0)
			return &places->fstab[i];
	return NULL;
}

const struct fstab_line *places_next_missing(const struct places *places, size_t *at)
{
	static const char *const points[] = { "/boot", "/efi", "/boot/efi" };
	const struct fstab_line *line = NULL;

	while (!line && *at < sizeof points / sizeof *points)
		line = places_missing(places, points[(*at)++]);
	return line;
}

static const char *join(const struct place *place, const char *rest, struct arena *arena)
{
	const char *point = strcmp(place->point, "/") == 0 ? "" : place->point;

	return arena_printf(arena, "%s%s%s", point, rest[0] == '/' ? "" : "/", rest);
}

/* First as the file system has it, then as a boot loader that starts in a subvolume sees it. */
size_t places_paths(const struct places *places, const struct place *place, const char *path,
	struct arena *arena, struct way *ret, size_t max)
{
	size_t count = 0;

	for (size_t i = 0; i < 2 * places->count && count < max; i++) {
		const struct place *p = &places->items[i % places->count];
		bool subvolume = i >= places->count;
		const char *rest = path;

		if (strcmp(p->device, place->device) != 0 ||
			(subvolume ? strcmp(p->root, "/") == 0 : !below(p->root, path, &rest)))
			continue;
		ret[count] = (struct way){ join(p, rest, arena), p };
		count += ret[count].path != NULL;
	}
	return count;
}
