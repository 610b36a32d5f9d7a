/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Memory of one run: everything that the core builds comes from one arena and is freed with it.
 * Allocations are zeroed, aligned to 16 bytes and NULL when memory is out.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"

struct arena_chunk;

struct arena {
	struct arena_chunk *chunks; /* newest first */
};

void *arena_alloc(struct arena *a, uint64_t size);

/* count elements of size bytes each; NULL also when the product wraps. */
void *arena_alloc_array(struct arena *a, size_t count, size_t size);

/* Formats into the arena; NULL when memory is out. */
char *arena_printf(struct arena *a, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* A copy of v with a zero byte behind it; NULL when memory is out. */
char *arena_string(struct arena *a, struct view v);

/* Frees everything; the arena is empty and usable again. */
void arena_free(struct arena *a);

/*
 * The array *items of *count elements, grown so that one more fits: doubles where the count is a
 * power of two. NULL when memory is out; the old array stays as it was.
 */
void *arena_grow(struct arena *a, const void *items, size_t count, size_t size);
