/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Chunks of malloc'd memory in a list; one allocation never spans two of them. */
#include "base/arena.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	CHUNK_SIZE = 64 * 1024,
	ALIGNMENT = 16,
	SHORT_TEXT = 256, /* a text that is shorter is formatted once */
};

struct arena_chunk {
	struct arena_chunk *next;
	size_t used, size;
	_Alignas(ALIGNMENT) uint8_t bytes[];
};

static struct arena_chunk *chunk_with_room(struct arena *a, size_t size)
{
	struct arena_chunk *c = a->chunks;
	size_t room = size > CHUNK_SIZE ? size : CHUNK_SIZE;

	if (c && size <= c->size - c->used)
		return c;
	if (room > SIZE_MAX - sizeof *c)
		return NULL;
	c = calloc(1, sizeof *c + room);
	if (!c)
		return NULL;
	*c = (struct arena_chunk){ .next = a->chunks, .size = room };
	a->chunks = c;
	return c;
}

void *arena_alloc(struct arena *a, uint64_t wanted)
{
	size_t size;
	struct arena_chunk *c;
	void *p;

	if (wanted > SIZE_MAX - ALIGNMENT)
		return NULL;
	size = (size_t)(wanted + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1);
	c = chunk_with_room(a, size);
	if (!c)
		return NULL;
	p = c->bytes + c->used;
	c->used += size;
	return p;
}

void *arena_alloc_array(struct arena *a, size_t count, size_t size)
{
	size_t bytes;

	return __builtin_mul_overflow(count, size, &bytes) ? NULL : arena_alloc(a, bytes);
}

char *arena_printf(struct arena *a, const char *format, ...)
{
	char most[SHORT_TEXT];
	va_list args, again;
	char *s = NULL;
	int length;

	va_start(args, format);
	va_copy(again, args);
	length = vsnprintf(most, sizeof most, format, args);
	va_end(args);
	if (length >= 0)
		s = arena_alloc(a, (size_t)length + 1);
	if (s && (size_t)length < sizeof most)
		memcpy(s, most, (size_t)length);
	else if (s)
		vsnprintf(s, (size_t)length + 1, format, again);
	va_end(again);
	return s;
}

char *arena_string(struct arena *a, struct view v)
{
	char *s = v.n == SIZE_MAX ? NULL : arena_alloc(a, v.n + 1);

	if (s && v.n)
		memcpy(s, v.p, v.n);
	return s;
}

void *arena_grow(struct arena *a, const void *items, size_t count, size_t size)
{
	enum { FIRST = 8 };
	void *grown;

	if (count != 0 && (count < FIRST || (count & (count - 1)) != 0))
		return (void *)(uintptr_t)items;
	if (count > SIZE_MAX / 2)
		return NULL;
	grown = arena_alloc_array(a, count < FIRST ? FIRST : 2 * count, size);
	if (grown && count)
		memcpy(grown, items, count * size);
	return grown;
}

void arena_free(struct arena *a)
{
	while (a->chunks) {
		struct arena_chunk *c = a->chunks;

		a->chunks = c->next;
		free(c);
	}
}
