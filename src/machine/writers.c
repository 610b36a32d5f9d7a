/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Rights of files (inode(7)) → who else can write. Access lists are not read: their mask is the group's rights. */
#include "machine/writers.h"

#include <string.h>

#include "machine/text.h"

enum {
	LINKS_MAX = 40, /* as the kernel follows: path_resolution(7) */
	TYPE_MASK = 0170000,
	TYPE_FOLDER = 0040000,
	TYPE_LINK = 0120000,
	STICKY = 01000,
	BY_GROUP = 0020,
	BY_OTHERS = 0002,
};

/* A file's, as the live source tells them: "OWNER GROUP MODE kept|mount", the mode in octal digits. */
struct rights {
	uint64_t owner, group, mode;
	bool by_mount;
};

static bool octal(struct view word, uint64_t *ret)
{
	*ret = 0;
	for (size_t i = 0; i < word.n; i++) {
		if (word.p[i] < '0' || word.p[i] > '7' || *ret > UINT32_MAX)
			return false;
		*ret = *ret * 8 + (uint64_t)(word.p[i] - '0');
	}
	return word.n > 0;
}

static bool parse(struct view text, struct rights *ret)
{
	struct view owner, group, mode, by;

	if (!text_word(&text, &owner) || !text_word(&text, &group) || !text_word(&text, &mode) ||
		!text_word(&text, &by))
		return false;
	ret->by_mount = text_is(by, "mount");
	return text_decimal(owner, &ret->owner) && text_decimal(group, &ret->group) &&
		octal(mode, &ret->mode);
}

static enum presence read_rights(const struct source *source, const char *path, struct arena *arena,
	struct rights *ret, struct error *err)
{
	const char *name = arena_printf(arena, "saut/rights%s", path);
	enum presence presence = IS_UNREADABLE;
	struct view text;

	if (!name)
		fail_no_memory(err);
	else
		presence = source->read(source, name, arena, &text, err);
	if (presence == IS_THERE && !parse(text, ret)) {
		fail(err, FAULT_FILE_UNREADABLE, "the rights of %s cannot be read: \"%.64s\"", path,
			(const char *)text.p);
		return IS_UNREADABLE;
	}
	return presence;
}

/* Group root is root's own. In a sticky folder nobody touches the files of others. */
static const char *sentence(const char *path, const struct rights *r, struct arena *arena)
{
	const unsigned mode = (unsigned)r->mode & 07777;
	const bool is_shared = (r->mode & TYPE_MASK) == TYPE_FOLDER && r->mode & STICKY;

	if (r->owner != 0)
		return arena_printf(arena, "%s belongs to user %llu, who can change it", path,
			(unsigned long long)r->owner);
	if (r->mode & BY_OTHERS && !is_shared)
		return arena_printf(
			arena, "%s can be written by everybody (mode %04o)", path, mode);
	if (r->mode & BY_GROUP && r->group != 0 && !is_shared)
		return arena_printf(arena, "%s can be written by group %llu (mode %04o)", path,
			(unsigned long long)r->group, mode);
	return "";
}

/* A walk from the root on: what is done, without links, and what is left of the path. */
struct walk {
	const struct source *source;
	struct arena *arena;
	const char *done; /* "" is the root */
	const char *left;
	unsigned links;
};

static const char *parent_of(const struct walk *w, const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? arena_string(w->arena,
			       (struct view){ (const uint8_t *)path, (size_t)(slash - path) })
		     : "";
}

/* The path goes on with what the link says. */
static enum presence follow(struct walk *w, const char *path, struct error *err)
{
	const char *target;
	enum presence presence = w->source->link
		? w->source->link(w->source, path + 1, w->arena, &target, err)
		: IS_ABSENT;

	if (presence != IS_THERE)
		return presence;
	if (w->links++ == LINKS_MAX) {
		fail(err, FAULT_FILE_UNREADABLE, "%s: there are too many links", path);
		return IS_UNREADABLE;
	}
	w->done = target[0] == '/' ? "" : w->done;
	w->left = arena_printf(w->arena, "%s/%s", target, w->left);
	if (w->left)
		return IS_THERE;
	fail_no_memory(err);
	return IS_UNREADABLE;
}

/* One name further; *ret_path is what it is now, NULL where the walk only turned. */
static enum presence step(
	struct walk *w, const char **ret_path, struct rights *ret, struct error *err)
{
	struct view name = { (const uint8_t *)w->left, strcspn(w->left, "/") };
	const char *path = arena_printf(w->arena, "%s/%.*s", w->done, (int)name.n, w->left);
	enum presence presence;

	*ret_path = NULL;
	w->left += name.n + strspn(w->left + name.n, "/");
	if (text_is(name, ".."))
		w->done = parent_of(w, w->done);
	if (!path || !w->done) {
		fail_no_memory(err);
		return IS_UNREADABLE;
	}
	if (name.n == 0 || text_is(name, ".") || text_is(name, ".."))
		return IS_THERE;
	presence = read_rights(w->source, path, w->arena, ret, err);
	if (presence == IS_THERE && (ret->mode & TYPE_MASK) == TYPE_LINK)
		return follow(w, path, err);
	if (presence == IS_THERE)
		w->done = *ret_path = path;
	return presence;
}

enum presence writers_find(const struct source *source, const char *path, struct arena *arena,
	struct writers *ret, struct error *err)
{
	struct walk w = { source, arena, "", path + strspn(path, "/"), 0 };
	const char *at = "/";
	struct rights rights;
	enum presence presence = read_rights(source, at, arena, &rights, err);

	while (presence == IS_THERE) {
		const char *what = at ? sentence(at, &rights, arena) : "";

		if (!what) {
			fail_no_memory(err);
			return IS_UNREADABLE;
		}
		if (what[0]) {
			*ret = (struct writers){ at, what, rights.by_mount };
			return IS_THERE;
		}
		if (!w.left[0])
			return IS_ABSENT;
		presence = step(&w, &at, &rights, err);
	}
	return presence;
}
