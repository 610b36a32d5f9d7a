/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A folder of the running kernel's device tree, beside the tree of the boot, and what is flattened of both. */
#include "test.h"

#include "machine/flat-tree.h"
#include "machine/live-tree.h"
#include "machine/machine.h"
#include "table-source.h"
#include "tree-file.h"

#define BASE "sys/firmware/devicetree/base"

/* The boot's: a CPU, a terminal behind another, and memory of which one piece is there. */
static struct tree_file boot_tree(void)
{
	struct tree_file t = tree_begin();

	tree_reservation(&t, 0x2fff0000, 0x10000);
	tree_root(&t);
	tree_open(&t, "vdevice");
	tree_open(&t, "vty@2");
	tree_close(&t);
	tree_open(&t, "vty@1");
	tree_close(&t);
	tree_close(&t);
	tree_open(&t, "cpus");
	tree_open(&t, "PowerPC,POWER9@0");
	tree_close(&t);
	tree_close(&t);
	tree_end(&t);
	fdt_set_boot_cpuid_phys(t.p, 8);
	return t;
}

#define CELLS "\0\0\0\2"

/* What came since: a CPU, and a second piece of memory. */
#define FILES(tree)                                                                             \
	{ "sys/firmware/fdt", (const char *)(tree).p, (tree).n },                               \
		{ BASE "/#address-cells", CELLS, 4 }, { BASE "/#size-cells", CELLS, 4 },        \
		{ BASE "/cpus/PowerPC,POWER9@0/l2", "\0\0\0\1", 4 },                            \
		{ BASE "/cpus/PowerPC,POWER9@0/l2#1/reg", "\0\0\0\7", 4 },                      \
		{ BASE "/cpus/PowerPC,POWER9@0/name", "PowerPC,POWER9", 15 },                   \
		{ BASE "/cpus/PowerPC,POWER9@8/ibm,flag", "", 0 },                              \
		{ BASE "/cpus/PowerPC,POWER9@8/reg", "\0\0\0\x08", 4 },                         \
		{ BASE "/ibm,dynamic-reconfiguration-memory/ibm,dynamic-memory", "pieces", 6 }, \
		{ BASE "/name", "", 1 }, { BASE "/vdevice/vty@1/reg", "\0\0\0\1", 4 },          \
		{ BASE "/vdevice/vty@2/reg", "\0\0\0\2", 4 }

static const void *flatten(
	const struct table_source *source, struct arena *arena, struct flat_tree *tree)
{
	struct view bytes;
	struct error err;

	if (live_tree_flatten(&source->source, arena, &bytes, &err) != IS_THERE)
		fail_msg("%s", err.reason);
	if (!flat_tree_open(bytes, arena, tree, &err))
		fail_msg("%s", err.reason);
	return tree->fdt;
}

static void what_came_since_the_boot_is_in_it(void **state)
{
	struct tree_file boot = boot_tree();
	const struct table_source source = TABLE_SOURCE(FILES(boot));
	struct arena arena = { 0 };
	struct flat_tree tree;
	const void *fdt = flatten(&source, &arena, &tree);
	struct range r;
	int node, size;

	(void)state;
	assert_true(fdt_path_offset(fdt, "/cpus/PowerPC,POWER9@8") > 0);
	assert_int_equal(flat_tree_property(&tree, "/cpus/PowerPC,POWER9@8", "reg").p[3], 8);
	node = fdt_path_offset(fdt, "/cpus/PowerPC,POWER9@8");
	assert_non_null(fdt_getprop(fdt, node, "ibm,flag", &size));
	assert_int_equal(size, 0);
	assert_memory_equal(flat_tree_property(&tree, "/ibm,dynamic-reconfiguration-memory",
				    "ibm,dynamic-memory")
				    .p,
		"pieces", 6);
	assert_true(flat_tree_reservation(fdt, 0, &r));
	assert_int_equal(r.start, 0x2fff0000);
	assert_int_equal(r.size, 0x10000);
	assert_false(flat_tree_reservation(fdt, 1, &r));
	assert_int_equal(fdt_boot_cpuid_phys(fdt), 8);
	arena_free(&arena);
	free(boot.p);
}

/* A node and a property of one name have one again; the names of nodes are no properties. */
static void names_are_the_trees_own(void **state)
{
	struct tree_file boot = boot_tree();
	const struct table_source source = TABLE_SOURCE(FILES(boot));
	struct arena arena = { 0 };
	struct flat_tree tree;
	const void *fdt = flatten(&source, &arena, &tree);

	(void)state;
	assert_int_equal(flat_tree_property(&tree, "/cpus/PowerPC,POWER9@0", "l2").p[3], 1);
	assert_int_equal(flat_tree_property(&tree, "/cpus/PowerPC,POWER9@0/l2", "reg").p[3], 7);
	assert_int_equal(flat_tree_property(&tree, "/cpus/PowerPC,POWER9@0", "name").n, 0);
	assert_null(fdt_getprop(fdt, 0, "name", NULL));
	assert_int_equal(flat_tree_property(&tree, "/", "#address-cells").n, 4);
	arena_free(&arena);
	free(boot.p);
}

static void the_boots_order_stays(void **state)
{
	static const char *const order[] = { "vdevice", "cpus",
		"ibm,dynamic-reconfiguration-memory" };
	struct tree_file boot = boot_tree();
	const struct table_source source = TABLE_SOURCE(FILES(boot));
	struct arena arena = { 0 };
	struct flat_tree tree;
	const void *fdt = flatten(&source, &arena, &tree);
	int node, i = 0;

	(void)state;
	fdt_for_each_subnode(node, fdt, 0)
		assert_string_equal(fdt_get_name(fdt, node, NULL), order[i++]);
	assert_int_equal(i, 3);
	node = fdt_first_subnode(fdt, fdt_path_offset(fdt, "/vdevice"));
	assert_string_equal(fdt_get_name(fdt, node, NULL), "vty@2");
	node = fdt_first_subnode(fdt, fdt_path_offset(fdt, "/cpus"));
	assert_string_equal(fdt_get_name(fdt, node, NULL), "PowerPC,POWER9@0");
	arena_free(&arena);
	free(boot.p);
}

static void what_cannot_be_read_is_not_left_out(void **state)
{
	struct tree_file boot = boot_tree();
	const struct table_source absent =
		TABLE_SOURCE({ "sys/firmware/fdt", (const char *)boot.p, boot.n });
	const struct table_source alone = TABLE_SOURCE({ BASE "/name", "", 1 });
	const struct table_source secret =
		TABLE_SOURCE(FILES(boot), { BASE "/vdevice/vty@3/key", .is_unreadable = true });
	const struct table_source cut = TABLE_SOURCE(
		{ "sys/firmware/fdt", (const char *)boot.p, 60 }, { BASE "/name", "", 1 });
	struct arena arena = { 0 };
	struct view bytes;
	struct error err;

	(void)state;
	assert_int_equal(live_tree_flatten(&absent.source, &arena, &bytes, &err), IS_ABSENT);
	assert_int_equal(live_tree_flatten(&alone.source, &arena, &bytes, &err), IS_ABSENT);
	assert_int_equal(live_tree_flatten(&secret.source, &arena, &bytes, &err), IS_UNREADABLE);
	assert_reason(err, "vty@3/key cannot be read");
	assert_int_equal(live_tree_flatten(&cut.source, &arena, &bytes, &err), IS_UNREADABLE);
	assert_reason(err, "/sys/firmware/fdt: device tree");
	arena_free(&arena);
	free(boot.p);
}

/* A file that its folder names and that is not there any more. */
static enum presence read_without_cpu(const struct source *source, const char *path,
	struct arena *arena, struct view *ret, struct error *err)
{
	return strstr(path, "@8/reg") ? IS_ABSENT : table_read(source, path, arena, ret, err);
}

static void a_tree_that_changes_meanwhile_is_none(void **state)
{
	struct tree_file boot = boot_tree();
	struct table_source source = TABLE_SOURCE(FILES(boot));
	struct arena arena = { 0 };
	struct view bytes;
	struct error err;

	(void)state;
	source.source.read = read_without_cpu;
	assert_int_equal(live_tree_flatten(&source.source, &arena, &bytes, &err), IS_UNREADABLE);
	assert_reason(err, "POWER9@8/reg is gone: the device tree has changed while it was read");
	arena_free(&arena);
	free(boot.p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(what_came_since_the_boot_is_in_it),
		CASE(names_are_the_trees_own),
		CASE(the_boots_order_stays),
		CASE(what_cannot_be_read_is_not_left_out),
		CASE(a_tree_that_changes_meanwhile_is_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
