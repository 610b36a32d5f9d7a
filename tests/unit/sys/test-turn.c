/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Who holds the turn is another process, so that it is as between two commands. */
#include "test.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sys/turn.h"

/* A child that has the turn when this returns, until the end of *ret_pipe is closed. */
static pid_t holder(int *ret_pipe)
{
	int has_it[2], may_end[2];
	pid_t child;
	char byte;

	assert_int_equal(pipe(has_it), 0);
	assert_int_equal(pipe(may_end), 0);
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		struct error err;
		struct turn turn;

		close(may_end[1]);
		if (!turn_take(&turn, 1000, &err) || write(has_it[1], "x", 1) != 1)
			_exit(1);
		_exit(read(may_end[0], &byte, 1) == 0 ? 0 : 1);
	}
	close(has_it[1]);
	close(may_end[0]);
	assert_int_equal(read(has_it[0], &byte, 1), 1);
	close(has_it[0]);
	*ret_pipe = may_end[1];
	return child;
}

static void assert_ended(pid_t child)
{
	int status;

	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
}

static void a_turn_is_waited_for_until_a_deadline(void **state)
{
	struct error err = { 0 };
	struct turn turn;
	int pipe_end;
	pid_t child = holder(&pipe_end);

	(void)state;
	assert_false(turn_take(&turn, 100, &err));
	assert_int_equal(err.fault, FAULT_KERNEL_BUSY);
	close(pipe_end);
	/* It ends with the process, whichever way that goes. */
	assert_true(turn_take(&turn, 5000, &err));
	assert_ended(child);
	turn_end(&turn);
}

/* Six at once read a number, add one and write it back: without turns some would be lost. */
static void turns_do_not_overlap(void **state)
{
	enum { CHILDREN = 6, ROUNDS = 20 };
	char name[] = "/tmp/saut-turn-XXXXXX";
	pid_t children[CHILDREN];
	int fd = mkstemp(name), number = 0;

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(pwrite(fd, &number, sizeof number, 0), sizeof number);
	for (int i = 0; i < CHILDREN; i++) {
		children[i] = fork();
		for (int round = 0; children[i] == 0 && round < ROUNDS; round++) {
			struct error err;
			struct turn turn;

			if (!turn_take(&turn, TURN_WAIT_MS, &err) ||
				pread(fd, &number, sizeof number, 0) != sizeof number)
				_exit(1);
			usleep(200);
			number++;
			if (pwrite(fd, &number, sizeof number, 0) != sizeof number)
				_exit(1);
			turn_end(&turn);
		}
		if (children[i] == 0)
			_exit(0);
	}
	for (int i = 0; i < CHILDREN; i++)
		assert_ended(children[i]);
	assert_int_equal(pread(fd, &number, sizeof number, 0), sizeof number);
	assert_int_equal(number, CHILDREN * ROUNDS);
	close(fd);
	unlink(name);
}

/* A child that was forked within a turn does not keep it. */
static void a_turn_is_not_inherited(void **state)
{
	struct error err = { 0 };
	struct turn turn;
	pid_t child;

	(void)state;
	assert_true(turn_take(&turn, 5000, &err));
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		pause();
		_exit(0);
	}
	turn_end(&turn);
	assert_true(turn_take(&turn, 100, &err));
	turn_end(&turn);
	assert_int_equal(kill(child, SIGKILL), 0);
	waitpid(child, NULL, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(a_turn_is_waited_for_until_a_deadline),
		CASE(turns_do_not_overlap),
		CASE(a_turn_is_not_inherited),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
