/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Walks a path name by name; knows mounts and links, and no kind of boot entry. */
#include "entry/ground/follow.h"

#include <string.h>

/* As many as Linux follows on one path (path_resolution(7)). */
enum { LINKS_MAX = 40 };

/* A folder that a path went through before. */
struct crossing {
	struct crossing *next;
	const char *path;
	const char *target; /* NULL: it is no link */
};

struct walk {
	struct finder *f;
	const struct place *only;
	char *at; /* the part of the path that is behind us, without a link in it; "": the root */
	const char *rest; /* the part before us */
	unsigned links;
	bool differs; /* from what the running system makes of the path */
	const char *why;
};

static bool give_up(struct walk *w, const char *why)
{
	w->why = why ? why : "out of memory";
	return false;
}

/* The target of a link; NULL where it is none, and *ret_known is false where that cannot be told. */
static const char *ask(struct finder *f, const char *path, bool *ret_known)
{
	const char *target = NULL;
	struct error err;

	*ret_known = !f->source->link ||
		f->source->link(f->source, path + strspn(path, "/"), f->arena, &target, &err) !=
			IS_UNREADABLE;
	if (!*ret_known)
		finder_keep_unreadable(f, &err);
	return *ret_known ? target : NULL;
}

/* Folders are met again and again, files hardly are. */
static const char *target_of(struct finder *f, const char *path, bool is_last, bool *ret_known)
{
	struct crossing *c = is_last ? NULL : f->crossings;

	while (c && strcmp(c->path, path) != 0)
		c = c->next;
	*ret_known = true;
	if (c)
		return c->target;
	c = arena_alloc(f->arena, sizeof *c);
	if (!c)
		return *ret_known = false, NULL;
	*c = (struct crossing){ f->crossings, path, ask(f, path, ret_known) };
	if (!is_last && *ret_known)
		f->crossings = c;
	return c->target;
}

/* Folders that are the running system's wherever they are mounted from: hier(7). */
static bool is_of_system(const char *point)
{
	static const char *const folders[] = { "/dev", "/etc", "/home", "/opt", "/proc", "/root",
		"/run", "/srv", "/sys", "/usr", "/var" };

	for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
		size_t n = strlen(folders[i]);

		if (strncmp(point, folders[i], n) == 0 && (point[n] == '/' || !point[n]))
			return true;
	}
	return strcmp(point, "/") == 0;
}

const char *const *follow_confines(const struct places *places, struct arena *arena)
{
	const char **points = arena_alloc_array(arena, places->count + 1, sizeof *points);
	size_t count = 0;

	for (size_t i = 0; points && i < places->count; i++)
		if (!is_of_system(places->items[i].point))
			points[count++] = places->items[i].point;
	if (points)
		points[count] = NULL;
	return points;
}

/* The file system that what lies at a path is confined to; NULL: it is the running system's. */
static const struct place *confines_of(const struct walk *w, const char *path)
{
	const struct place *place = places_of(&w->f->places, path);

	return !place || (!w->only && is_of_system(place->point)) ? NULL : place;
}

static const char *point_of(const struct place *place)
{
	return !place || strcmp(place->point, "/") == 0 ? "" : place->point;
}

/* An absolute target begins at the top of the file system, of which a folder alone may be mounted. */
static const char *inside_of(const struct place *place, const char *target)
{
	const char *root = place ? place->root : "/";
	size_t n = strcmp(root, "/") == 0 ? 0 : strlen(root);
	bool is_below = strncmp(target, root, n) == 0 && (target[n] == '/' || !target[n]);

	return n && is_below ? target + n : target;
}

static bool stays(struct walk *w, const char *path)
{
	const struct place *place = places_of(&w->f->places, path);

	if (!w->only || place == w->only)
		return true;
	return give_up(w,
		arena_printf(w->f->arena,
			"%s%s is on the file system that is mounted at %s, and a boot loader sees "
			"that of %s alone",
			w->links ? "it is a link, and " : "", path, place ? place->point : "/",
			w->only->point));
}

static bool enter_link(struct walk *w, const char *link, const char *target)
{
	const struct place *place = confines_of(w, link);
	const char *inside = inside_of(place, target), *point = point_of(place);

	if (++w->links > LINKS_MAX)
		return give_up(w, "too many links lead to one another");
	if (!stays(w, link))
		return false;
	if (target[0] == '/') {
		w->differs |= point[0] || inside != target;
		w->at = arena_string(w->f->arena, view_of_string(point));
	}
	w->rest = arena_printf(w->f->arena, "%s/%s", target[0] == '/' ? inside : target, w->rest);
	return (w->at && w->rest) || give_up(w, NULL);
}

/* The parent of what is the top of a file system is that top itself. */
static void leave_folder(struct walk *w)
{
	const char *point = point_of(confines_of(w, w->at));
	char *slash = strrchr(w->at, '/');

	if (strcmp(w->at, point) == 0)
		w->differs |= point[0];
	else if (slash)
		*slash = '\0';
}

static bool step(struct walk *w, const char *name, size_t n)
{
	const char *path, *target;
	bool known;

	if (n == 1 && name[0] == '.')
		return true;
	if (n == 2 && name[0] == '.' && name[1] == '.') {
		leave_folder(w);
		return true;
	}
	path = arena_printf(w->f->arena, "%s/%.*s", w->at, (int)n, name);
	target = path ? target_of(w->f, path, w->rest[strspn(w->rest, "/")] == '\0', &known) : NULL;
	if (!path || !known)
		return give_up(w, path ? "a link on the way to it cannot be read" : NULL);
	if (target)
		return enter_link(w, path, target);
	w->at = arena_string(w->f->arena, view_of_string(path));
	return w->at || give_up(w, NULL);
}

static bool walk_on(struct walk *w)
{
	while (w->rest += strspn(w->rest, "/"), w->rest[0]) {
		const char *name = w->rest;
		size_t n = strcspn(name, "/");

		w->rest += n;
		if (strlen(w->at) + n > FINDER_PATH_MAX)
			return give_up(w, "its path is too long");
		if (!step(w, name, n))
			return false;
	}
	return stays(w, w->at);
}

/* Whoever writes ".." means what the running system makes of it. */
static bool is_by_hand(const char *path)
{
	size_t n = strlen(path);

	return path[0] != '/' || strstr(path, "/../") ||
		(n > 2 && strcmp(path + n - 3, "/..") == 0);
}

const char *follow_links(
	struct finder *f, const char *path, const struct place *only, const char **ret_why)
{
	struct walk w = {
		.f = f, .only = only, .at = arena_string(f->arena, view_of_string("")), .rest = path
	};

	if (is_by_hand(path))
		return path;
	if (w.at && walk_on(&w))
		return w.differs ? w.at : path;
	*ret_why = w.why ? w.why : "out of memory";
	return NULL;
}

static const char *follow_file(
	struct finder *f, struct entry *entry, const char *what, const char *path)
{
	const char *why, *meant = path ? follow_links(f, path, NULL, &why) : NULL;

	if (path && !meant)
		finder_obstacle(f, entry, "its %s %s cannot be loaded: %s", what, path, why);
	return meant;
}

bool follow_files(struct finder *f, struct entry *entry)
{
	const char **initrds = arena_alloc_array(f->arena, entry->initrd_count, sizeof *initrds);

	if (!initrds)
		return false;
	entry->kernel = follow_file(f, entry, "kernel", entry->kernel);
	entry->device_tree = follow_file(f, entry, "device tree", entry->device_tree);
	for (size_t i = 0; i < entry->initrd_count; i++) {
		const char *meant = follow_file(f, entry, "initrd", entry->initrds[i]);

		initrds[i] = meant ? meant : entry->initrds[i];
	}
	entry->initrds = initrds;
	return true;
}
