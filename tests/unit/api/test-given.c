/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Kernels and initrds that are no files: by descriptor and from memory. */
#include "image/bzimage-file.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "machine/machine-folders.h"
#include "saut.h"

struct fixture {
	struct arena arena;
	struct block kernel;
	struct saut *saut;
	unsigned steps, notes;
};

static int begin(void **state)
{
	struct fixture *x = calloc(1, sizeof *x);

	x->kernel = bz_make(&x->arena);
	x->saut = saut_new();
	assert_int_equal(saut_set_root(x->saut, MACHINE_FOLDERS "/q35-1g.machine"), SAUT_DONE);
	*state = x;
	return 0;
}

static int end(void **state)
{
	struct fixture *x = *state;

	saut_free(x->saut);
	arena_free(&x->arena);
	free(x);
	return 0;
}

static void assert_plans(struct fixture *x)
{
	if (saut_plan(x->saut) != SAUT_DONE)
		fail_msg("%s", saut_reason(x->saut));
}

static void count_step(
	void *context, const char *step, const char *what, uint64_t done, uint64_t total)
{
	struct fixture *x = context;

	assert_true(step[0] && what);
	assert_true(done <= total);
	x->steps++;
}

static void count_note(void *context, const char *note)
{
	struct fixture *x = context;

	assert_string_equal(note, saut_note(x->saut, x->notes));
	x->notes++;
}

/* The caller's bytes may change as soon as they are given. */
static void a_kernel_in_memory_is_planned(void **state)
{
	struct fixture *x = *state;
	char *bytes = malloc(x->kernel.n);

	memcpy(bytes, x->kernel.p, x->kernel.n);
	saut_on_progress(x->saut, count_step, x);
	saut_on_note(x->saut, count_note, x);
	assert_int_equal(
		saut_set_kernel_memory(x->saut, bytes, x->kernel.n, "a kernel"), SAUT_DONE);
	memset(bytes, 0, x->kernel.n);
	free(bytes);
	assert_int_equal(saut_add_initrd_memory(x->saut, "image", 5, NULL), SAUT_DONE);
	assert_plans(x);
	/* The initrd is none that Linux unpacks, and the payload is no gzip. */
	assert_true(x->notes >= 2);
	assert_null(saut_note(x->saut, x->notes));
	assert_true(x->steps > 0);
	x->notes = 0;
	assert_plans(x);
}

/* Wherever its offset is; the caller may close it. */
static void a_kernel_by_descriptor_is_planned(void **state)
{
	struct fixture *x = *state;
	int fd = memfd_create("kernel", MFD_CLOEXEC);

	assert_int_equal(write(fd, x->kernel.p, x->kernel.n), x->kernel.n);
	assert_int_equal(saut_set_kernel_fd(x->saut, fd, "mine"), SAUT_DONE);
	assert_int_equal(saut_add_initrd_fd(x->saut, fd, "itself"), SAUT_DONE);
	close(fd);
	assert_plans(x);
	assert_plans(x);
}

static void damaged_bytes_are_named(void **state)
{
	struct fixture *x = *state;

	assert_int_equal(saut_set_kernel_memory(x->saut, x->kernel.p, 700, "half"), SAUT_DONE);
	assert_int_equal(saut_plan(x->saut), SAUT_IMAGE);
	assert_string_equal(saut_attempt(x->saut), "load half");
	assert_true(saut_hint(x->saut)[0]);
}

static void what_is_no_file_is_refused(void **state)
{
	struct fixture *x = *state;
	int pipes[2];

	assert_int_equal(saut_set_kernel_fd(x->saut, -1, "none"), SAUT_USAGE);
	assert_int_equal(saut_set_kernel_memory(x->saut, "", 0, "nothing"), SAUT_USAGE);
	assert_int_equal(saut_set_kernel_memory(x->saut, NULL, 7, "nothing"), SAUT_USAGE);
	assert_int_equal(pipe2(pipes, O_CLOEXEC), 0);
	assert_int_equal(saut_set_kernel_fd(x->saut, pipes[0], "a pipe"), SAUT_DONE);
	assert_int_equal(saut_plan(x->saut), SAUT_IMAGE);
	close(pipes[0]);
	close(pipes[1]);
}

/* No descriptor is left behind. */
static void nothing_is_left_open(void **state)
{
	struct fixture *x = *state;
	int before = dup(0), after;

	close(before);
	for (int i = 0; i < 3; i++)
		assert_int_equal(
			saut_set_kernel_memory(x->saut, x->kernel.p, x->kernel.n, "k"), SAUT_DONE);
	assert_int_equal(saut_add_initrd_memory(x->saut, "images", 6, "i"), SAUT_DONE);
	for (int i = 0; i < 70; i++)
		(void)!saut_add_initrd_memory(x->saut, "images", 6, NULL);
	/* So many fit into no list of segments. */
	assert_int_equal(saut_plan(x->saut), SAUT_FIT);
	saut_free(x->saut);
	x->saut = NULL;
	after = dup(0);
	close(after);
	assert_int_equal(before, after);
}

int main(void)
{
#define CASE_OF(name) cmocka_unit_test_setup_teardown(name, begin, end)
	const struct CMUnitTest tests[] = {
		CASE_OF(a_kernel_in_memory_is_planned),
		CASE_OF(a_kernel_by_descriptor_is_planned),
		CASE_OF(damaged_bytes_are_named),
		CASE_OF(what_is_no_file_is_refused),
		CASE_OF(nothing_is_left_open),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
