/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Device trees as text in a test: compiled by libfdt's sequential writer, in order. */
#pragma once

#include <libfdt.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"

enum { TREE_FILE_SIZE = 1 << 16 };

struct tree_file {
	uint8_t *p; /* free() it */
	size_t n;
};

static inline void tree_file_check(int result)
{
	if (result < 0)
		abort();
}

static inline struct tree_file tree_begin_sized(size_t size)
{
	struct tree_file t = { calloc(1, size), size };

	if (!t.p)
		abort();
	tree_file_check(fdt_create(t.p, (int)t.n));
	return t;
}

static inline struct tree_file tree_begin(void)
{
	return tree_begin_sized(TREE_FILE_SIZE);
}

/* Behind the last reservation; the root is open then, with cells of two words. */
static inline void tree_root(struct tree_file *t)
{
	tree_file_check(fdt_finish_reservemap(t->p));
	tree_file_check(fdt_begin_node(t->p, ""));
	tree_file_check(fdt_property_u32(t->p, "#address-cells", 2));
	tree_file_check(fdt_property_u32(t->p, "#size-cells", 2));
}

static inline void tree_open(struct tree_file *t, const char *name)
{
	tree_file_check(fdt_begin_node(t->p, name));
}

static inline void tree_close(struct tree_file *t)
{
	tree_file_check(fdt_end_node(t->p));
}

static inline void tree_bytes(struct tree_file *t, const char *name, const void *p, size_t n)
{
	tree_file_check(fdt_property(t->p, name, p, (int)n));
}

static inline void tree_string(struct tree_file *t, const char *name, const char *value)
{
	tree_file_check(fdt_property(t->p, name, value, (int)strlen(value) + 1));
}

static inline void tree_u32(struct tree_file *t, const char *name, uint32_t value)
{
	tree_file_check(fdt_property_u32(t->p, name, value));
}

static inline void tree_u64(struct tree_file *t, const char *name, uint64_t value)
{
	tree_file_check(fdt_property_u64(t->p, name, value));
}

/* An address and a size of two cells each. */
static inline void tree_reg(struct tree_file *t, uint64_t start, uint64_t size)
{
	uint8_t cells[16];

	fdt64_st(cells, start);
	fdt64_st(cells + 8, size);
	tree_bytes(t, "reg", cells, sizeof cells);
}

static inline void tree_reservation(struct tree_file *t, uint64_t start, uint64_t size)
{
	tree_file_check(fdt_add_reservemap_entry(t->p, start, size));
}

/* Closes the root; the view is valid until the file is freed. */
static inline struct view tree_end(struct tree_file *t)
{
	tree_close(t);
	tree_file_check(fdt_finish(t->p));
	return (struct view){ t->p, fdt_totalsize(t->p) };
}
