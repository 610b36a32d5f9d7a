/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Programs that hang, leave others behind, or are waited for by somebody who is to end. */
#include "test.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "sys/drop-in.h"
#include "sys/process.h"

/* Each writes the number of its own child into a file, then waits for it. */
#define BROOD "sleep 300 & echo $! >%s; wait"

struct brood {
	char file[32];
	char script[96];
};

static void set_up(struct brood *brood, const char *script)
{
	int fd;

	strcpy(brood->file, "/tmp/saut-child-XXXXXX");
	fd = mkstemp(brood->file);
	assert_true(fd >= 0);
	close(fd);
	snprintf(brood->script, sizeof brood->script, script, brood->file);
}

static bool is_alive(pid_t pid)
{
	char path[32], line[256], *state;
	FILE *file;

	snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
	file = fopen(path, "r");
	if (!file)
		return false;
	state = fgets(line, sizeof line, file) ? strrchr(line, ')') : NULL;
	fclose(file);
	return state && state[2] != 'Z';
}

/* What the program has started is gone as well. */
static void assert_gone(struct brood *brood)
{
	FILE *file = fopen(brood->file, "r");
	int pid = 0;

	assert_non_null(file);
	assert_int_equal(fscanf(file, "%d", &pid), 1);
	fclose(file);
	for (int i = 0; i < 50 && is_alive(pid); i++)
		usleep(20000);
	assert_false(is_alive(pid));
	unlink(brood->file);
}

static time_t now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec;
}

static void a_program_that_hangs_is_ended_with_its_group(void **state)
{
	struct brood brood;
	const char *argv[] = { "sh", "-c", brood.script, NULL };
	time_t begin = now();
	struct error err;

	(void)state;
	set_up(&brood, BROOD);
	assert_false(process_run_within(argv, 1, &err));
	assert_reason(err, "sh did not end within 1 s");
	assert_int_equal(err.fault, FAULT_PROGRAM_FAILED);
	assert_true(now() - begin < 10);
	assert_gone(&brood);
}

static void a_drop_in_that_hangs_is_ended_with_its_group(void **state)
{
	char path[] = "/tmp/saut-drop-in-XXXXXX";
	int fd = mkstemp(path);
	struct brood brood;
	struct error err;

	(void)state;
	set_up(&brood, BROOD);
	assert_true(fd >= 0);
	dprintf(fd, "#!/bin/sh\n%s\n", brood.script);
	fchmod(fd, 0700);
	close(fd);
	assert_false(drop_in_run(path, 1, &err));
	assert_reason(err, "did not end within 1 s");
	unlink(path);
	assert_gone(&brood);
}

/* As a helper of mount(8) does that serves a file system. */
static void what_a_program_leaves_running_is_not_waited_for(void **state)
{
	struct brood brood;
	const char *argv[] = { "sh", "-c", brood.script, NULL };
	time_t begin = now();
	struct error err;
	FILE *file;
	int pid;

	(void)state;
	set_up(&brood, "sleep 300 & echo $! >%s; echo said >&2; exit 3");
	assert_false(process_run_within(argv, 100, &err));
	assert_reason(err, "sh failed: said");
	assert_true(now() - begin < 50);
	file = fopen(brood.file, "r");
	assert_int_equal(fscanf(file, "%d", &pid), 1);
	fclose(file);
	assert_true(is_alive(pid));
	kill(pid, SIGKILL);
	unlink(brood.file);
}

/* SIGINT of a terminal, SIGTERM of a service manager. */
static void who_is_ended_ends_the_program_first(void **state)
{
	struct brood brood;
	const char *argv[] = { "sh", "-c", brood.script, NULL };
	struct error err;
	struct stat st;
	pid_t waiting;
	int status;

	(void)state;
	set_up(&brood, BROOD);
	waiting = fork();
	if (waiting == 0)
		_exit(process_run_within(argv, 100, &err));
	for (int i = 0; i < 500 && (stat(brood.file, &st) < 0 || st.st_size == 0); i++)
		usleep(10000);
	kill(waiting, SIGTERM);
	assert_int_equal(waitpid(waiting, &status, 0), waiting);
	assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGTERM);
	assert_gone(&brood);
}

static void much_that_is_said_does_not_block(void **state)
{
	const char *argv[] = { "sh", "-c", "seq 100000 >&2; exit 1", NULL };
	struct error err;

	(void)state;
	assert_false(process_run_within(argv, 100, &err));
	assert_reason(err, "sh failed: 1 2 3");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		CASE(a_program_that_hangs_is_ended_with_its_group),
		CASE(a_drop_in_that_hangs_is_ended_with_its_group),
		CASE(what_a_program_leaves_running_is_not_waited_for),
		CASE(who_is_ended_ends_the_program_first),
		CASE(much_that_is_said_does_not_block),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
