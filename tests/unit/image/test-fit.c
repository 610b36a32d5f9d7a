/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A FIT by the node that it has and no machine's tree has; cut at every byte, and with each byte changed. */
#include "test.h"

#include "image/fit.h"
#include "image/image.h"
#include "machine/tree-file.h"

/* One file in a node of this name, below one of that or in the root. */
static struct tree_file sample(const char *above, const char *name)
{
	struct tree_file t = tree_begin();

	tree_root(&t);
	tree_string(&t, "description", "a kernel and its tree");
	if (above)
		tree_open(&t, above);
	tree_open(&t, name);
	tree_open(&t, "kernel-1");
	tree_string(&t, "data", "a kernel");
	tree_close(&t);
	tree_close(&t);
	if (above)
		tree_close(&t);
	t.n = tree_end(&t).n;
	return t;
}

static struct view bytes_of(const struct tree_file *t)
{
	return (struct view){ t->p, t->n };
}

static void it_is_known_by_its_images(void **state)
{
	static const struct {
		const char *above, *name;
		bool is_fit;
	} rows[] = {
		{ NULL, "images", true },
		{ NULL, "image", false },
		{ NULL, "images@0", false },
		{ NULL, "cpus", false },
		{ "soc", "images", false },
		{ "images-of-it", "images", false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct tree_file file = sample(rows[i].above, rows[i].name);

		assert_int_equal(fit_probe(bytes_of(&file)), rows[i].is_fit);
		free(file.p);
	}
	assert_false(fit_probe((struct view){ 0 }));
}

static void it_is_named(void **state)
{
	struct tree_file file = sample(NULL, "images");
	struct arena a = { 0 };
	struct error err = { 0 };
	struct image image;

	(void)state;
	assert_true(image_parse(bytes_of(&file), &a, &image, &err));
	assert_int_equal(image.format, IMAGE_FOREIGN);
	assert_string_equal(image.name, "U-Boot FIT image");
	arena_free(&a);
	free(file.p);
}

/* In memory of their own, where a sanitizer sees a read behind them. */
static void cut_or_changed_it_is_read_without_harm(void **state)
{
	struct tree_file file = sample(NULL, "images");

	(void)state;
	for (size_t n = 0; n <= file.n; n++) {
		uint8_t *copy = malloc(n ? n : 1);

		assert_non_null(copy);
		memcpy(copy, file.p, n);
		(void)fit_probe((struct view){ copy, n });
		for (size_t at = 0; at < n && n == file.n; at++) {
			copy[at] ^= 0xff;
			(void)fit_probe((struct view){ copy, n });
			copy[at] ^= 0xff;
		}
		free(copy);
	}
	for (size_t n = 0; n < 40; n++)
		assert_false(fit_probe(view_first(bytes_of(&file), n)));
	free(file.p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(it_is_known_by_its_images),
		CASE(it_is_named),
		CASE(cut_or_changed_it_is_read_without_harm),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
