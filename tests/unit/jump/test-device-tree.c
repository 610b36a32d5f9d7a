/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which device tree a job takes: the user's, one of a UKI's, or the running machine's. */
#include "test.h"

#include <stdio.h>
#include <unistd.h>

#include "jump/device-tree.h"
#include "machine/tree-file.h"

enum { AUTO = 2 };

struct fixture {
	struct job job;
	struct tree_file machine, any, automatic[AUTO];
	struct view views[AUTO];
	struct error err;
};

/* A tree for this machine, and for another one that it is nearly like. */
static struct tree_file tree_for(const char *model, const char *like)
{
	struct tree_file t = tree_begin();
	char names[64];
	int first = snprintf(names, sizeof names, "%s", model) + 1;
	int second = snprintf(names + first, sizeof names - (size_t)first, "%s", like) + 1;

	tree_root(&t);
	tree_bytes(&t, "compatible", names, (size_t)(first + second));
	tree_end(&t);
	return t;
}

static struct view view_of(const struct tree_file *t)
{
	return (struct view){ t->p, fdt_totalsize(t->p) };
}

static int begin(void **state)
{
	struct fixture *f = calloc(1, sizeof *f);

	if (!f)
		return -1;
	f->machine = tree_for("maker,board-2", "maker,family");
	f->any = tree_for("any", "thing");
	f->automatic[0] = tree_for("maker,board-1", "maker,board-2");
	f->automatic[1] = tree_for("maker,board-2", "other");
	for (int i = 0; i < AUTO; i++)
		f->views[i] = view_of(&f->automatic[i]);
	f->job.wanted.kernel = "/boot/uki.efi";
	f->job.notes.arena = &f->job.arena;
	f->job.machine.arch = ARCH_ARM64;
	f->job.machine.device_tree = view_of(&f->machine);
	f->job.uki.uki = (struct uki){ .device_tree = view_of(&f->any),
		.device_trees_auto = f->views,
		.device_tree_auto_count = AUTO };
	*state = f;
	return 0;
}

static int end(void **state)
{
	struct fixture *f = *state;

	free(f->machine.p);
	free(f->any.p);
	for (int i = 0; i < AUTO; i++)
		free(f->automatic[i].p);
	file_close(&f->job.device_tree);
	arena_free(&f->job.arena);
	free(f);
	return 0;
}

static void assert_takes(struct fixture *f, struct view tree, const char *note)
{
	if (!device_tree_gather(&f->job, &f->err))
		fail_msg("%s", f->err.reason);
	assert_ptr_equal(f->job.request.device_tree.bytes.p, tree.p);
	assert_int_equal(f->job.request.device_tree.bytes.n, tree.n);
	assert_int_equal(f->job.notes.count, 1);
	assert_string_equal(f->job.notes.items[0], note);
}

/* By the first name alone: what a board is like as well, others are like too. */
static void the_one_for_this_machine(void **state)
{
	struct fixture *f = *state;

	assert_takes(f, f->views[1], "the device tree is the one in the UKI (.dtbauto)");
	assert_string_equal(f->job.request.device_tree.name, ".dtbauto in /boot/uki.efi");
	assert_int_equal(f->job.request.device_tree.fd, -1);
}

static void the_one_for_all_machines(void **state)
{
	struct fixture *f = *state;

	f->job.uki.uki.device_tree_auto_count = 1;
	assert_takes(f, view_of(&f->any), "the device tree is the one in the UKI (.dtb)");
}

/* The firmware told of the machine by ACPI. */
static void a_machine_without_a_tree(void **state)
{
	struct fixture *f = *state;

	f->job.machine.device_tree = (struct view){ 0 };
	assert_takes(f, view_of(&f->any), "the device tree is the one in the UKI (.dtb)");
}

static void none_for_this_machine(void **state)
{
	struct fixture *f = *state;

	f->job.uki.uki.device_tree = (struct view){ 0 };
	f->job.uki.uki.device_tree_auto_count = 1;
	assert_takes(f, (struct view){ 0 },
		"none of the device trees in the UKI (1) is for this machine");
}

/* Two trees that say of no machine that they are for it do not fit each other. */
static void trees_without_a_name(void **state)
{
	struct fixture *f = *state;
	struct tree_file bare = tree_begin();

	tree_root(&bare);
	f->job.machine.device_tree = f->views[0] = tree_end(&bare);
	f->job.uki.uki.device_tree_auto_count = 1;
	assert_takes(f, view_of(&f->any), "the device tree is the one in the UKI (.dtb)");
	free(bare.p);
}

static void damaged_ones(void **state)
{
	struct fixture *f = *state;

	f->views[0].n = 50;
	assert_false(device_tree_gather(&f->job, &f->err));
	assert_int_equal(f->err.fault, FAULT_DEVICE_TREE);
	assert_reason(f->err, ".dtbauto 1 in the UKI: ");
	f->job.uki.uki.device_tree_auto_count = 0;
	f->any.p[0] = 0;
	f->err = (struct error){ 0 };
	assert_false(device_tree_gather(&f->job, &f->err));
	assert_int_equal(f->err.fault, FAULT_DEVICE_TREE);
	assert_reason(f->err, ".dtb in the UKI: ");
}

static void the_users_goes_before_all(void **state)
{
	struct fixture *f = *state;

	f->job.wanted.device_tree = "/nowhere/tree.dtb";
	assert_false(device_tree_gather(&f->job, &f->err));
	assert_int_equal(f->err.fault, FAULT_FILE_MISSING);
	assert_string_equal(f->err.attempt, "load the device tree /nowhere/tree.dtb");
	assert_string_equal(
		f->job.notes.items[0], "the device tree in the UKI is replaced by the one given");
}

/* It begins as a tree does, and is none of a machine. */
static void the_users_is_a_fit(void **state)
{
	struct fixture *f = *state;
	struct tree_file fit = tree_begin();
	char path[] = "/tmp/saut-test-fit-XXXXXX";
	int fd = mkstemp(path);

	assert_true(fd >= 0);
	tree_root(&fit);
	tree_open(&fit, "images");
	tree_close(&fit);
	tree_end(&fit);
	assert_int_equal(write(fd, view_of(&fit).p, view_of(&fit).n), view_of(&fit).n);
	close(fd);
	f->job.wanted.device_tree = path;
	assert_false(device_tree_gather(&f->job, &f->err));
	unlink(path);
	assert_int_equal(f->err.fault, FAULT_DEVICE_TREE);
	assert_reason(f->err, "it is a FIT image of U-Boot");
	file_close(&f->job.device_tree);
	free(fit.p);
}

static void a_kernel_that_takes_none(void **state)
{
	struct fixture *f = *state;

	f->job.machine.arch = ARCH_X86_64;
	assert_takes(f, (struct view){ 0 }, "the UKI has 3 device trees, not passed on");
}

static void nothing_is_there(void **state)
{
	struct fixture *f = *state;

	f->job.uki.uki = (struct uki){ 0 };
	assert_true(device_tree_gather(&f->job, &f->err));
	assert_int_equal(f->job.notes.count, 0);
	assert_int_equal(f->job.request.device_tree.bytes.n, 0);
}

#define FRESH(function) cmocka_unit_test_setup_teardown(function, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		FRESH(the_one_for_this_machine),
		FRESH(the_one_for_all_machines),
		FRESH(a_machine_without_a_tree),
		FRESH(none_for_this_machine),
		FRESH(trees_without_a_name),
		FRESH(damaged_ones),
		FRESH(the_users_goes_before_all),
		FRESH(the_users_is_a_fit),
		FRESH(a_kernel_that_takes_none),
		FRESH(nothing_is_there),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
