/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "test.h"

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sys/process.h"

static const char *const succeeding[] = { "true", NULL };
static const char *const failing[] = { "false", NULL };
static const char *const speaking[] = { "ls", "/no/such/file", NULL };
static const char *const missing[] = { "no-such-program-of-saut", NULL };
static const char *const above[] = { "../../etc/hostname", NULL };

static void a_program_runs_to_its_end(void **state)
{
	struct error err;

	(void)state;
	assert_true(process_exists("true"));
	assert_true(process_run(succeeding, &err));
	assert_false(process_run(failing, &err));
	assert_reason(err, "false ended with exit code 1");
	assert_int_equal(err.fault, FAULT_PROGRAM_FAILED);
	assert_false(process_run(speaking, &err));
	assert_reason(err, "No such file");
}

static void a_program_that_is_none(void **state)
{
	struct error err;

	(void)state;
	assert_false(process_exists(missing[0]));
	assert_false(process_run(missing, &err));
	assert_int_equal(err.fault, FAULT_NO_PROGRAM);
	assert_false(process_run(above, &err));
}

/* What the functions of a later process were told; the child's are its own. */
struct told {
	pid_t child;
	bool may_begin;
	const char *failed; /* a file that is made where the words failed */
	int pipe;           /* of the caller */
};

static bool on_fork(void *context, pid_t child)
{
	((struct told *)context)->child = child;
	return true;
}

static bool on_begin(void *context, bool forked, struct error *err)
{
	const struct told *told = context;

	(void)err;
	/* A descriptor of the caller's is none of ours. */
	return forked && told->may_begin && write(told->pipe, "x", 1) < 0;
}

static void on_failure(void *context)
{
	(void)!rmdir(((struct told *)context)->failed);
}

/* Whether a folder is gone after the process has ended. */
static bool is_removed_by(const char *const *words, const char *folder, struct told *told)
{
	const struct process_later later = { words, 0, on_fork, on_begin, on_failure, told };
	struct error err;
	int ends[2], status;
	char byte;

	assert_int_equal(pipe(ends), 0);
	told->pipe = ends[1];
	assert_true(process_run_later(&later, &err));
	close(ends[1]);
	/* The end of the pipe comes at once, or with the process. */
	assert_int_equal(read(ends[0], &byte, 1), 0);
	close(ends[0]);
	assert_int_equal(waitpid(told->child, &status, 0), told->child);
	return access(folder, F_OK) != 0;
}

static void later_is_without_us(void **state)
{
	char folder[] = "/tmp/saut-process-XXXXXX";
	const char *const words[] = { "rmdir", folder, NULL };
	struct told told = { .may_begin = false, .failed = "/nowhere" };

	(void)state;
	assert_non_null(mkdtemp(folder));
	assert_false(is_removed_by(words, folder, &told));
	told.may_begin = true;
	assert_true(is_removed_by(words, folder, &told));
}

static void what_fails_later_is_taken_back(void **state)
{
	char folder[] = "/tmp/saut-process-XXXXXX";
	struct told told = { .may_begin = true, .failed = folder };

	(void)state;
	assert_non_null(mkdtemp(folder));
	assert_true(is_removed_by(failing, folder, &told));
}

/* The caller's pipe is closed there long before the time comes. */
static void later_keeps_no_descriptor(void **state)
{
	struct told told = { 0 };
	const struct process_later later = { succeeding, 3, on_fork, on_begin, on_failure, &told };
	struct pollfd end = { .events = POLLIN };
	struct error err;
	int ends[2];

	(void)state;
	assert_int_equal(pipe(ends), 0);
	assert_true(process_run_later(&later, &err));
	close(ends[1]);
	end.fd = ends[0];
	assert_int_equal(poll(&end, 1, 2000), 1);
	assert_true(end.revents & POLLHUP);
	close(ends[0]);
	assert_int_equal(kill(told.child, SIGKILL), 0);
	waitpid(told.child, NULL, 0);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		CASE(a_program_runs_to_its_end),
		CASE(a_program_that_is_none),
		CASE(later_is_without_us),
		CASE(what_fails_later_is_taken_back),
		CASE(later_keeps_no_descriptor),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
