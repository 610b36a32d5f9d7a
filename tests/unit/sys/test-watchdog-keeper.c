/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A file stands in for the device: a ping is a zero byte, and what stops it a letter. */
#include "test.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "sys/watchdog-keeper.h"

static char path[] = "/tmp/saut-test-watchdog-XXXXXX";

static bool says(const void *answer)
{
	return *(const bool *)answer;
}

static const bool never, ended = true;
static const struct keeper_wish wish = {
	.hold = 60, .leave = 120, .deadline = UINT64_MAX, .may_stop = says, .context = &never
};

static int begin(void **state)
{
	int fd = mkstemp(path);

	(void)state;
	return fd < 0 ? -1 : close(fd);
}

static int end(void **state)
{
	(void)state;
	unlink(path);
	memcpy(path + sizeof path - 7, "XXXXXX", 6);
	return 0;
}

/* All that was written; the last byte. */
static size_t written(char *ret_last)
{
	char bytes[64];
	FILE *f = fopen(path, "rb");
	size_t n;

	assert_non_null(f);
	n = fread(bytes, 1, sizeof bytes, f);
	fclose(f);
	*ret_last = n ? bytes[n - 1] : '?';
	return n;
}

static void wait_for_ping(void)
{
	const struct timespec pause = { .tv_nsec = 10000000 };
	char last;

	for (int i = 0; i < 1000 && written(&last) == 0; i++)
		nanosleep(&pause, NULL);
	assert_int_equal(last, '\0');
}

static void it_is_stopped(void **state)
{
	struct watchdog_keeper keeper;
	struct error err = { 0 };
	char last;

	(void)state;
	assert_true(keeper_start(path, &wish, &keeper, &err));
	wait_for_ping();
	assert_true(keeper_stop(&keeper, &err));
	assert_true(written(&last) >= 2);
	assert_int_equal(last, 'V');
	/* There is none any more. */
	assert_true(keeper_stop(&keeper, &err));
	keeper_leave(&keeper);
}

/* Whoever is gone, or has said so, has it run out. */
static void it_is_left(void **state)
{
	struct watchdog_keeper keeper;
	struct error err = { 0 };
	char last;

	(void)state;
	assert_true(keeper_start(path, &wish, &keeper, &err));
	wait_for_ping();
	keeper_leave(&keeper);
	written(&last);
	assert_int_equal(last, '\0');
}

static void it_outlives_a_signal_and_ends_with_us(void **state)
{
	struct watchdog_keeper keeper;
	struct error err = { 0 };
	int status;
	char last;

	(void)state;
	assert_true(keeper_start(path, &wish, &keeper, &err));
	wait_for_ping();
	assert_int_equal(kill(keeper.child, SIGTERM), 0);
	assert_int_equal(waitpid(keeper.child, &status, WNOHANG), 0);
	close(keeper.command);
	assert_int_equal(waitpid(keeper.child, &status, 0), keeper.child);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	written(&last);
	assert_int_equal(last, '\0');
}

/* The machine goes down in order, and nobody is there any more: that may take longer than it counts. */
static void it_is_stopped_where_all_was_said(void **state)
{
	struct keeper_wish told = wish;
	struct watchdog_keeper keeper;
	struct error err = { 0 };
	int status;
	char last;

	(void)state;
	told.context = &ended;
	assert_true(keeper_start(path, &told, &keeper, &err));
	wait_for_ping();
	close(keeper.command);
	assert_int_equal(waitpid(keeper.child, &status, 0), keeper.child);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	written(&last);
	assert_int_equal(last, 'V');
}

/* Then nobody pings; and it cannot be stopped by who has ended. */
static void it_ends_at_its_deadline(void **state)
{
	const struct keeper_wish over = { .hold = 60, .leave = 120, .deadline = 0 };
	struct watchdog_keeper keeper;
	struct error err = { 0 };
	char last;

	(void)state;
	assert_true(keeper_start(path, &over, &keeper, &err));
	while (kill(keeper.child, 0) == 0 && waitpid(keeper.child, NULL, WNOHANG) == 0)
		;
	assert_false(keeper_stop(&keeper, &err));
	assert_reason(err, "has ended before");
	assert_int_equal(written(&last), 0);
}

/* Without a process. */
static void one_is_left_running_or_stopped(void **state)
{
	struct error err = { 0 };
	char last;

	(void)state;
	assert_true(watchdog_leave(path, 60, &err));
	assert_int_equal(written(&last), 1);
	assert_int_equal(last, '\0');
	assert_true(watchdog_stop(path, &err));
	written(&last);
	assert_int_equal(last, 'V');
	assert_false(watchdog_leave("/nowhere/watchdog0", 60, &err));
	assert_false(watchdog_stop("/nowhere/watchdog0", &err));
	assert_reason(err, "/nowhere/watchdog0: ");
}

static void what_cannot_be_opened_is_told(void **state)
{
	struct watchdog_keeper keeper = { 0 };
	struct error err = { 0 };

	(void)state;
	assert_false(keeper_start("/nowhere/watchdog0", &wish, &keeper, &err));
	assert_int_equal(err.errnum, ENOENT);
	assert_reason(err, "/nowhere/watchdog0: ");
	assert_int_equal(keeper.child, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(it_is_stopped, begin, end),
		cmocka_unit_test_setup_teardown(it_is_left, begin, end),
		cmocka_unit_test_setup_teardown(it_outlives_a_signal_and_ends_with_us, begin, end),
		cmocka_unit_test_setup_teardown(it_is_stopped_where_all_was_said, begin, end),
		cmocka_unit_test_setup_teardown(it_ends_at_its_deadline, begin, end),
		cmocka_unit_test_setup_teardown(one_is_left_running_or_stopped, begin, end),
		cmocka_unit_test(what_cannot_be_opened_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
