/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "machine/remember.h"

#include <stdlib.h>
#include <string.h>

#include "base/whole.h"

enum question { ASKED_READ, ASKED_LOOK, ASKED_LIST, ASKED_LINK };

struct asked {
	enum question question;
	const char *path;
	size_t limit; /* of a look */
};

struct remembered {
	struct remembered *next;
	struct asked asked;
	enum presence presence;
	struct view bytes;
	const char *const *names;
	const char *target;      /* of a link */
	const struct error *err; /* of what is unreadable; NULL: memory was out for it as well */
};

/* It is not const, though a source is. */
static struct remembering *whole_of(const struct source *source)
{
	return WHOLE_OF(source, struct remembering, source);
}

/* FNV-1a: draft-eastlake-fnv, section 2. */
static size_t slot_of(const char *path)
{
	uint32_t hash = 0x811c9dc5;

	for (; *path; path++)
		hash = (hash ^ (uint8_t)*path) * 0x01000193;
	return hash % REMEMBER_SLOTS;
}

/* What a look found is all of the file where it is less than the look would have taken. */
static bool answers(const struct remembered *one, const struct asked *asked)
{
	bool is_all = one->presence != IS_THERE || one->bytes.n < one->asked.limit;

	if (strcmp(one->asked.path, asked->path) != 0)
		return false;
	if (one->asked.question == ASKED_LOOK &&
		(asked->question == ASKED_LOOK || asked->question == ASKED_READ))
		return is_all ||
			(asked->question == ASKED_LOOK && one->asked.limit >= asked->limit);
	if (one->asked.question == ASKED_READ && asked->question == ASKED_LOOK)
		return one->presence == IS_THERE;
	return one->asked.question == asked->question;
}

static struct remembered *find(const struct remembering *r, const struct asked *asked)
{
	struct remembered *one = r->slots[slot_of(asked->path)];

	while (one && !answers(one, asked))
		one = one->next;
	return one;
}

static const struct error *keep(struct arena *arena, const struct error *err)
{
	struct error *kept = arena_alloc(arena, sizeof *kept);

	if (kept)
		*kept = *err;
	return kept;
}

static enum presence pass_on(const struct remembering *r, struct remembered *one, struct error *err)
{
	const struct asked *a = &one->asked;

	switch (a->question) {
	case ASKED_READ:
		return r->from->read(r->from, a->path, r->arena, &one->bytes, err);
	case ASKED_LOOK:
		return r->from->look(r->from, a->path, a->limit, r->arena, &one->bytes, err);
	case ASKED_LIST:
		return r->from->list(r->from, a->path, r->arena, &one->names, err);
	case ASKED_LINK:
		break;
	}
	return r->from->link ? r->from->link(r->from, a->path, r->arena, &one->target, err)
			     : IS_ABSENT;
}

/* NULL when memory is out. */
static struct remembered *ask(struct remembering *r, struct asked asked)
{
	struct remembered **slot = &r->slots[slot_of(asked.path)];
	struct remembered *one = arena_alloc(r->arena, sizeof *one);
	struct error err = { 0 };

	asked.path = arena_string(r->arena, view_of_string(asked.path));
	if (!one || !asked.path)
		return NULL;
	*one = (struct remembered){ .next = *slot, .asked = asked };
	one->presence = pass_on(r, one, &err);
	if (one->presence == IS_UNREADABLE)
		one->err = keep(r->arena, &err);
	*slot = one;
	return one;
}

static const struct remembered *answer(
	const struct source *source, struct asked asked, struct error *err)
{
	struct remembering *r = whole_of(source);
	struct remembered *one = find(r, &asked);

	one = one ? one : ask(r, asked);
	if (!one || (one->presence == IS_UNREADABLE && !one->err))
		fail_no_memory(err);
	else if (one->presence == IS_UNREADABLE)
		*err = *one->err;
	return one;
}

static enum presence read_once(const struct source *source, const char *path, struct arena *arena,
	struct view *ret, struct error *err)
{
	const struct remembered *one = answer(source, (struct asked){ ASKED_READ, path, 0 }, err);

	(void)arena;
	if (one && one->presence == IS_THERE)
		*ret = one->bytes;
	return one ? one->presence : IS_UNREADABLE;
}

/* A kernel is looked into for a moment: to keep all of them would fill the memory. */
static enum presence look_once(const struct source *source, const char *path, size_t limit,
	struct arena *arena, struct view *ret, struct error *err)
{
	const struct source *from = whole_of(source)->from;
	const struct remembered *one;

	if (limit > REMEMBER_LOOK_MAX)
		return from->look(from, path, limit, arena, ret, err);
	one = answer(source, (struct asked){ ASKED_LOOK, path, limit }, err);
	if (one && one->presence == IS_THERE)
		*ret = view_first(one->bytes, limit);
	return one ? one->presence : IS_UNREADABLE;
}

static enum presence list_once(const struct source *source, const char *path, struct arena *arena,
	const char *const **ret, struct error *err)
{
	const struct remembered *one = answer(source, (struct asked){ ASKED_LIST, path, 0 }, err);

	(void)arena;
	if (one && one->presence == IS_THERE)
		*ret = one->names;
	return one ? one->presence : IS_UNREADABLE;
}

static enum presence link_once(const struct source *source, const char *path, struct arena *arena,
	const char **ret, struct error *err)
{
	const struct remembered *one = answer(source, (struct asked){ ASKED_LINK, path, 0 }, err);

	(void)arena;
	if (one && one->presence == IS_THERE)
		*ret = one->target;
	return one ? one->presence : IS_UNREADABLE;
}

struct remembering remembering_make(const struct source *from, struct arena *arena)
{
	return (struct remembering){ .source = { read_once, look_once, list_once, link_once },
		.from = from,
		.arena = arena };
}

static bool is_file(const struct remembered *one)
{
	return (one->asked.question == ASKED_READ || one->asked.question == ASKED_LOOK) &&
		one->presence != IS_ABSENT;
}

/* Of one path, what has more comes first. */
static int by_path(const void *x, const void *y)
{
	const struct remembered_file *a = x, *b = y;
	const int order = strcmp(a->path, b->path);

	return order ? order : (a->bytes.n < b->bytes.n) - (a->bytes.n > b->bytes.n);
}

static size_t once(struct remembered_file *files, size_t count)
{
	size_t kept = 0;

	for (size_t i = 0; i < count; i++)
		if (!kept || strcmp(files[kept - 1].path, files[i].path) != 0)
			files[kept++] = files[i];
	return kept;
}

bool remembering_files(const struct remembering *remembering, struct arena *arena,
	const struct remembered_file **ret, size_t *ret_count)
{
	struct remembered_file *files = NULL;
	size_t count = 0;

	for (size_t slot = 0; slot < REMEMBER_SLOTS; slot++)
		for (const struct remembered *one = remembering->slots[slot]; one;
			one = one->next) {
			if (!is_file(one))
				continue;
			files = arena_grow(arena, files, count, sizeof *files);
			if (!files)
				return false;
			files[count++] = (struct remembered_file){ one->asked.path, one->bytes,
				one->presence == IS_THERE ? NULL
					: one->err        ? one->err->reason
							  : "out of memory" };
		}
	if (count)
		qsort(files, count, sizeof *files, by_path);
	*ret = files;
	*ret_count = once(files, count);
	return true;
}
