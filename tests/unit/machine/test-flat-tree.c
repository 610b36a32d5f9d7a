/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Device trees that are none, are damaged or want too much, and what is read of sound ones. */
#include "test.h"

#include "machine/flat-tree.h"
#include "machine/tree-file.h"

enum {
	/* Offsets in the header: Devicetree Specification 0.4, 5.2. */
	MAGIC = 0,
	TOTAL_SIZE = 4,
	OFF_STRUCT = 8,
	OFF_STRINGS = 12,
	OFF_RESERVATIONS = 16,
	VERSION = 20,
	LAST_COMPATIBLE = 24,
	SIZE_STRINGS = 32,
	SIZE_STRUCT = 36,
};

static struct tree_file small_tree(void)
{
	struct tree_file t = tree_begin();

	tree_reservation(&t, 0x1000, 0x1000);
	tree_root(&t);
	tree_open(&t, "soc");
	tree_u32(&t, "#address-cells", 1);
	tree_u32(&t, "#size-cells", 1);
	tree_open(&t, "its@1000");
	tree_string(&t, "compatible", "arm,gic-v3-its");
	tree_bytes(&t, "reg", "\0\0\x10\0\0\0\x20\0", 8);
	tree_close(&t);
	tree_close(&t);
	tree_open(&t, "psci");
	tree_string(&t, "method", "smc");
	tree_u64(&t, "wide", 0x123456789abcdef0);
	tree_u32(&t, "narrow", 17);
	tree_close(&t);
	t.n = tree_end(&t).n;
	return t;
}

static void assert_refused_with(struct view bytes, enum fault fault, const char *words)
{
	struct arena a = { 0 };
	struct error err = { 0 };
	struct flat_tree tree;

	assert_false(flat_tree_open(bytes, &a, &tree, &err));
	assert_int_equal(err.fault, fault);
	assert_reason(err, words);
	arena_free(&a);
}

static void assert_refused(struct view bytes, const char *words)
{
	assert_refused_with(bytes, FAULT_DEVICE_TREE, words);
}

static void every_header_field_may_be_wrong(void **state)
{
	static const struct {
		size_t at;
		uint32_t value;
		enum fault fault;
		const char *words;
	} cases[] = {
		{ MAGIC, 0xedfe0dd0, FAULT_DEVICE_TREE, "0xedfe0dd0 where the magic number" },
		{ TOTAL_SIZE, 64 << 20, FAULT_FIT_DEVICE_TREE, "67108864 bytes; kernels take" },
		{ TOTAL_SIZE, 0xffffffff, FAULT_FIT_DEVICE_TREE, "4294967295 bytes" },
		{ TOTAL_SIZE, 0x10000, FAULT_DEVICE_TREE, "the tree is 65536 bytes long" },
		{ TOTAL_SIZE, 8, FAULT_DEVICE_TREE, "damaged" },
		{ TOTAL_SIZE, 0, FAULT_DEVICE_TREE, "damaged" },
		{ OFF_STRUCT, 0xfffffff8, FAULT_DEVICE_TREE, "damaged" },
		{ OFF_STRUCT, 0, FAULT_DEVICE_TREE, "damaged" },
		{ OFF_STRINGS, 0x7ffffff8, FAULT_DEVICE_TREE, "damaged" },
		{ OFF_RESERVATIONS, 0xfffffff8, FAULT_DEVICE_TREE, "damaged" },
		{ VERSION, 15, FAULT_DEVICE_TREE, "version 15" },
		{ LAST_COMPATIBLE, 18, FAULT_DEVICE_TREE, "compatible with 18" },
		{ SIZE_STRINGS, 0xffffffff, FAULT_DEVICE_TREE, "damaged" },
		{ SIZE_STRUCT, 0xfffffffc, FAULT_DEVICE_TREE, "damaged" },
		{ SIZE_STRUCT, 8, FAULT_DEVICE_TREE, "damaged" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct tree_file t = small_tree();

		fdt32_st(t.p + cases[i].at, cases[i].value);
		assert_refused_with((struct view){ t.p, t.n }, cases[i].fault, cases[i].words);
		free(t.p);
	}
}

static void a_tree_may_end_anywhere(void **state)
{
	struct tree_file t = small_tree();

	(void)state;
	for (size_t n = 0; n < t.n; n++) {
		uint8_t *exact = malloc(n + (n == 0));

		memcpy(exact, t.p, n);
		assert_refused((struct view){ exact, n }, "file ends at");
		free(exact);
	}
	free(t.p);
}

/* Whatever it is, it is refused or can be walked. */
static void any_byte_of_a_tree_may_be_another(void **state)
{
	static const uint8_t others[] = { 0, 1, 2, 3, 9, 0x7f, 0x80, 0xff };
	struct tree_file t = small_tree();

	(void)state;
	for (size_t at = 0; at < t.n; at++) {
		uint8_t before = t.p[at];

		for (size_t k = 0; k < sizeof others; k++) {
			struct arena a = { 0 };
			struct error err = { 0 };
			struct flat_tree tree;
			struct ranges found = { 0 };

			t.p[at] = others[k];
			if (flat_tree_open((struct view){ t.p, t.n }, &a, &tree, &err)) {
				(void)flat_tree_has_device(&tree, "arm,gic-v3-its");
				(void)flat_tree_property(&tree, "/psci", "method");
				assert_true(flat_tree_reg(&tree, fdt_path_offset(tree.fdt, "/soc"),
					fdt_path_offset(tree.fdt, "/soc/its"), &a, &found));
			} else {
				assert_true(err.reason[0]);
				assert_int_equal(fault_class(err.fault),
					err.fault == FAULT_DEVICE_TREE ? CLASS_IMAGE : CLASS_FIT);
			}
			arena_free(&a);
		}
		t.p[at] = before;
	}
	free(t.p);
}

/* The block of structure begins in the reservations, or where the strings are. */
static void blocks_that_lie_in_each_other_do_no_harm(void **state)
{
	struct tree_file t = small_tree();

	(void)state;
	for (uint32_t at = 0; at < t.n; at += 4) {
		struct arena a = { 0 };
		struct error err = { 0 };
		struct flat_tree tree;

		fdt32_st(t.p + OFF_STRUCT, at);
		if (at != 72 && flat_tree_open((struct view){ t.p, t.n }, &a, &tree, &err))
			(void)flat_tree_has_device(&tree, "arm,gic-v3-its");
		arena_free(&a);
	}
	free(t.p);
}

static struct tree_file nested_tree(int depth)
{
	struct tree_file t = tree_begin_sized(1 << 20);

	tree_root(&t);
	for (int i = 0; i < depth; i++)
		tree_open(&t, "n");
	for (int i = 0; i < depth; i++)
		tree_close(&t);
	t.n = tree_end(&t).n;
	return t;
}

static void nodes_are_nested_so_deep_and_no_deeper(void **state)
{
	static const int depths[] = { 65, 10000 };
	struct tree_file t = nested_tree(64);
	struct arena a = { 0 };
	struct error err = { 0 };
	struct flat_tree tree;

	(void)state;
	assert_true(flat_tree_open((struct view){ t.p, t.n }, &a, &tree, &err));
	free(t.p);
	for (size_t i = 0; i < 2; i++) {
		t = nested_tree(depths[i]);
		assert_refused((struct view){ t.p, t.n }, "more than 64 deep");
		free(t.p);
	}
	arena_free(&a);
}

static void nodes_are_so_many_and_no_more(void **state)
{
	struct tree_file t = tree_begin_sized(2 << 20);

	(void)state;
	tree_root(&t);
	for (int i = 0; i < FLAT_TREE_NODES_MAX; i++) {
		tree_open(&t, "n");
		tree_close(&t);
	}
	t.n = tree_end(&t).n;
	assert_true(t.n < FLAT_TREE_SIZE_MAX);
	assert_refused((struct view){ t.p, t.n }, "more than 65536 nodes");
	free(t.p);
}

static void reservations_are_so_many_and_no_more(void **state)
{
	struct tree_file t = tree_begin_sized(1 << 20);

	(void)state;
	for (int i = 0; i <= FLAT_TREE_RESERVATIONS_MAX; i++)
		tree_reservation(&t, 0x1000, 0x1000);
	tree_root(&t);
	t.n = tree_end(&t).n;
	assert_refused((struct view){ t.p, t.n }, "has 4097 memory reservations");
	free(t.p);
}

/* As `dtc -S 1M` and boot loaders leave it. */
static void what_lies_behind_a_tree_is_left_out(void **state)
{
	struct tree_file t = small_tree();
	struct arena a = { 0 };
	struct error err = { 0 };
	struct flat_tree tree;

	(void)state;
	assert_true(flat_tree_open((struct view){ t.p, TREE_FILE_SIZE }, &a, &tree, &err));
	assert_int_equal(tree.size, t.n);
	arena_free(&a);
	free(t.p);
}

static void properties_are_read(void **state)
{
	struct tree_file t = small_tree();
	struct arena a = { 0 };
	struct error err = { 0 };
	struct flat_tree tree;
	uint64_t value;

	(void)state;
	assert_true(flat_tree_open((struct view){ t.p, t.n }, &a, &tree, &err));
	assert_true(flat_tree_says(&tree, "/psci", "method", "smc"));
	assert_false(flat_tree_says(&tree, "/psci", "method", "sm"));
	assert_false(flat_tree_says(&tree, "/psci", "method", "smc2"));
	assert_false(flat_tree_says(&tree, "/nowhere", "method", "smc"));
	assert_true(flat_tree_number(&tree, "/psci", "wide", &value));
	assert_int_equal(value, 0x123456789abcdef0);
	assert_true(flat_tree_number(&tree, "/psci", "narrow", &value));
	assert_int_equal(value, 17);
	assert_false(flat_tree_number(&tree, "/soc/its", "compatible", &value));
	arena_free(&a);
	free(t.p);
}

static void disabled_devices_are_none(void **state)
{
	static const struct {
		const char *status;
		bool is_there;
	} cases[] = { { NULL, true }, { "okay", true }, { "ok", true }, { "disabled", false } };

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct tree_file t = tree_begin();
		struct arena a = { 0 };
		struct error err = { 0 };
		struct flat_tree tree;

		tree_root(&t);
		tree_open(&t, "its");
		tree_string(&t, "compatible", "arm,gic-v3-its");
		if (cases[i].status)
			tree_string(&t, "status", cases[i].status);
		tree_close(&t);
		assert_true(flat_tree_open(tree_end(&t), &a, &tree, &err));
		assert_int_equal(flat_tree_has_device(&tree, "arm,gic-v3-its"), cases[i].is_there);
		assert_false(flat_tree_has_device(&tree, "arm,gic-v3"));
		arena_free(&a);
		free(t.p);
	}
}

static void reg_is_in_the_parents_cells(void **state)
{
	struct tree_file t = small_tree();
	struct arena a = { 0 };
	struct error err = { 0 };
	struct flat_tree tree;
	struct ranges found = { 0 };

	(void)state;
	assert_true(flat_tree_open((struct view){ t.p, t.n }, &a, &tree, &err));
	assert_true(flat_tree_reg(&tree, fdt_path_offset(tree.fdt, "/soc"),
		fdt_path_offset(tree.fdt, "/soc/its"), &a, &found));
	assert_int_equal(found.count, 1);
	assert_int_equal(found.items[0].start, 0x1000);
	assert_int_equal(found.items[0].size, 0x2000);
	/* Eight bytes are no range in the root's cells. */
	found = (struct ranges){ 0 };
	assert_true(flat_tree_reg(&tree, 0, fdt_path_offset(tree.fdt, "/soc/its"), &a, &found));
	assert_int_equal(found.count, 0);
	arena_free(&a);
	free(t.p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(every_header_field_may_be_wrong),
		CASE(a_tree_may_end_anywhere),
		CASE(any_byte_of_a_tree_may_be_another),
		CASE(blocks_that_lie_in_each_other_do_no_harm),
		CASE(nodes_are_nested_so_deep_and_no_deeper),
		CASE(nodes_are_so_many_and_no_more),
		CASE(reservations_are_so_many_and_no_more),
		CASE(what_lies_behind_a_tree_is_left_out),
		CASE(properties_are_read),
		CASE(disabled_devices_are_none),
		CASE(reg_is_in_the_parents_cells),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
