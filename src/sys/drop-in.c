/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "sys/drop-in.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdint.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { STEP_MS = 100 };

static const char *const environment[] = { "PATH=/usr/sbin:/sbin:/usr/bin:/bin", "LC_ALL=C", NULL };

/* In a process group of its own, so that all of it can be ended. */
static int start(const char *path, pid_t *ret)
{
	const char *const argv[] = { path, NULL };
	posix_spawn_file_actions_t files;
	posix_spawnattr_t attributes;
	int failure = posix_spawnattr_init(&attributes);

	if (failure != 0)
		return failure;
	failure = posix_spawn_file_actions_init(&files);
	if (failure == 0) {
		posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
		posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
		posix_spawn_file_actions_adddup2(&files, STDERR_FILENO, STDOUT_FILENO);
		failure = posix_spawn(ret, path, &files, &attributes,
			(char *const *)(uintptr_t)argv, (char *const *)(uintptr_t)environment);
		posix_spawn_file_actions_destroy(&files);
	}
	posix_spawnattr_destroy(&attributes);
	return failure;
}

/* False when the time is over. */
static bool wait_for(pid_t child, unsigned seconds, int *ret_status)
{
	const struct timespec pause = { .tv_nsec = STEP_MS * 1000000L };

	for (unsigned long left = seconds * (1000UL / STEP_MS);; left--) {
		pid_t done = waitpid(child, ret_status, WNOHANG);

		if (done == child)
			return true;
		if (left == 0)
			return false;
		nanosleep(&pause, NULL);
	}
}

bool drop_in_run(const char *path, unsigned seconds, struct error *err)
{
	int failure, status = 0;
	pid_t child;

	failure = start(path, &child);
	if (failure != 0)
		return fail_errno(err, FAULT_PROGRAM_FAILED, failure, "%s", path);
	if (!wait_for(child, seconds, &status)) {
		(void)kill(-child, SIGKILL);
		(void)waitpid(child, &status, 0);
		return fail(err, FAULT_PROGRAM_FAILED, "%s did not end within %u s", path, seconds);
	}
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return true;
	if (WIFEXITED(status))
		return fail(err, FAULT_PROGRAM_FAILED, "%s ended with exit code %d", path,
			WEXITSTATUS(status));
	return fail(err, FAULT_PROGRAM_FAILED, "%s was ended by signal %d", path, WTERMSIG(status));
}
