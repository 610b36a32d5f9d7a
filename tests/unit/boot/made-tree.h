/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A device tree that is made in a test, and looked into. */
#pragma once

#include "test.h"

#include "boot/device-tree.h"
#include "machine/flat-tree.h"
#include "machine/tree-file.h"

static const uint8_t seed[DEVICE_TREE_SEED] = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 };

struct made {
	struct arena arena;
	struct tree_file file, running;
	struct device_tree_request request;
	struct device_tree made;
	struct flat_tree tree; /* what was made, verified again */
	struct notes notes;
	struct error error;
};

static inline void begin(struct made *m)
{
	*m = (struct made){ .file = tree_begin() };
	m->notes.arena = &m->arena;
	m->request = (struct device_tree_request){ .command_line = "root=/dev/vda1",
		.seed = { seed, sizeof seed } };
}

static inline void end(struct made *m)
{
	arena_free(&m->arena);
	free(m->file.p);
	free(m->running.p);
}

static inline bool try_make(struct made *m)
{
	return device_tree_make(&m->request, &m->arena, &m->notes, &m->made, &m->error);
}

static inline void make(struct made *m)
{
	if (!try_make(m))
		fail_msg("%s", m->error.reason);
	assert_true(flat_tree_open(m->made.bytes, &m->arena, &m->tree, &m->error));
	assert_int_equal(m->tree.size, m->made.bytes.n);
}

static inline struct view property(const struct made *m, const char *path, const char *name)
{
	return flat_tree_property(&m->tree, path, name);
}

static inline bool has(const struct made *m, const char *path, const char *name)
{
	int node = fdt_path_offset(m->tree.fdt, path);

	return node >= 0 && fdt_getprop(m->tree.fdt, node, name, NULL);
}

static inline uint64_t number(const struct made *m, const char *path, const char *name)
{
	uint64_t value = 0;

	assert_true(flat_tree_number(&m->tree, path, name, &value));
	return value;
}

static inline bool reserves(const struct made *m, uint64_t start, uint64_t size)
{
	uint64_t s, n;

	for (int i = 0; i < fdt_num_mem_rsv(m->tree.fdt); i++)
		if (fdt_get_mem_rsv(m->tree.fdt, i, &s, &n) == 0 && s == start && n == size)
			return true;
	return false;
}

static inline bool noted(const struct made *m, const char *text)
{
	for (size_t i = 0; i < m->notes.count; i++)
		if (strstr(m->notes.items[i], text))
			return true;
	return false;
}
