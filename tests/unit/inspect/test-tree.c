/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Of a device tree: what it is for, and how large it is; cut at every byte it is none. */
#include "test.h"

#include "inspect/inspect.h"
#include "machine/tree-file.h"

static struct tree_file sample(void)
{
	struct tree_file t = tree_begin();

	tree_reservation(&t, 0x1000, 0x1000);
	tree_root(&t);
	tree_string(&t, "model", "Saut Board");
	tree_bytes(&t, "compatible", "saut,board\0saut,any", sizeof "saut,board\0saut,any");
	tree_open(&t, "cpus");
	tree_close(&t);
	t.n = tree_end(&t).n;
	return t;
}

static struct view bytes_of(const struct tree_file *t)
{
	return (struct view){ t->p, t->n };
}

static void it_is_described(void **state)
{
	const struct tree_file file = sample();
	struct inspect_tree tree;
	struct arena a = { 0 };
	struct error err = { 0 };

	(void)state;
	assert_true(inspect_tree(bytes_of(&file), &a, &tree, &err));
	assert_string_equal(tree.model, "Saut Board");
	assert_string_equal(tree.compatible[0], "saut,board");
	assert_string_equal(tree.compatible[1], "saut,any");
	assert_null(tree.compatible[2]);
	assert_int_equal(tree.nodes, 2);
	assert_int_equal(tree.reservations, 1);
	assert_int_equal(tree.size, file.n);
	assert_in_range(tree.structure + tree.strings, 1, tree.size);
	arena_free(&a);
	free(file.p);
}

static void cut_at_every_byte_it_is_none(void **state)
{
	const struct tree_file file = sample();

	(void)state;
	for (size_t n = 0; n < file.n; n++) {
		struct inspect_tree tree;
		struct arena a = { 0 };
		struct error err = { 0 };

		assert_false(inspect_tree(view_first(bytes_of(&file), n), &a, &tree, &err));
		arena_free(&a);
	}
	free(file.p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(it_is_described),
		CASE(cut_at_every_byte_it_is_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
