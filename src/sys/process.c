/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "sys/process.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { PATH_ROOM = 256, SAID_MAX = 400 };

static const char *const folders[] = { "/usr/sbin", "/sbin", "/usr/bin", "/bin" };

/*
 * What a program gets, and its own children. By its variable molly-guard, which stands in for the programs
 * that reboot, knows that it has been asked: see sys/guard.h.
 */
static const char *const environment[] = { "PATH=/usr/sbin:/sbin:/usr/bin:/bin", "LC_ALL=C",
	"MOLLYGUARD_CMD=reboot", NULL };

static bool find(const char *name, char ret[static PATH_ROOM])
{
	for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
		int n = snprintf(ret, PATH_ROOM, "%s/%s", folders[i], name);

		if (n > 0 && n < PATH_ROOM && access(ret, X_OK) == 0)
			return true;
	}
	return false;
}

bool process_exists(const char *name)
{
	char path[PATH_ROOM];

	return find(name, path);
}

static bool is_named(const char *path, const char *name)
{
	const char *slash = strrchr(path, '/');

	return slash && strcmp(slash + 1, name) == 0;
}

const char *process_find(const char *name, struct arena *arena)
{
	char path[PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", path, sizeof path - 1);

	path[n > 0 ? n : 0] = '\0';
	if (n > 0 && is_named(path, name) && access(path, X_OK) == 0)
		return arena_string(arena, view_of_string(path));
	return find(name, path) ? arena_string(arena, view_of_string(path)) : NULL;
}

/* SIGPIPE, which we may ignore, is for the program to decide. */
static int spawn(pid_t *ret, const char *path, const posix_spawn_file_actions_t *files,
	const char *const *argv)
{
	posix_spawnattr_t attributes;
	sigset_t pipe;
	int failure = posix_spawnattr_init(&attributes);

	if (failure != 0)
		return failure;
	sigemptyset(&pipe);
	sigaddset(&pipe, SIGPIPE);
	posix_spawnattr_setsigdefault(&attributes, &pipe);
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
	failure = posix_spawn(ret, path, files, &attributes, (char *const *)(uintptr_t)argv,
		(char *const *)(uintptr_t)environment);
	posix_spawnattr_destroy(&attributes);
	return failure;
}

/* Its errors go to errors; there is nothing for it to read, and nobody reads what else it says. */
static bool start(const char *const *argv, int errors, pid_t *ret, struct error *err)
{
	posix_spawn_file_actions_t files;
	char path[PATH_ROOM];
	int failure;

	if (!find(argv[0], path))
		return fail(err, FAULT_NO_PROGRAM, "there is no program %s", argv[0]);
	failure = posix_spawn_file_actions_init(&files);
	if (failure != 0)
		return fail_errno(err, FAULT_NO_MEMORY, failure, "posix_spawn");
	posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
	posix_spawn_file_actions_adddup2(&files, errors, STDERR_FILENO);
	failure = spawn(ret, path, &files, argv);
	posix_spawn_file_actions_destroy(&files);
	if (failure != 0)
		return fail_errno(err, FAULT_NO_PROGRAM, failure, "%s", path);
	return true;
}

/* All that comes, of which the first SAID_MAX bytes are kept; its last line is the reason. */
static void listen_to(int fd, char said[static SAID_MAX + 1])
{
	char rest[SAID_MAX];
	size_t n = 0;
	ssize_t got;

	while ((got = n < SAID_MAX ? read(fd, said + n, SAID_MAX - n)
				   : read(fd, rest, sizeof rest)) > 0 ||
		(got < 0 && errno == EINTR))
		if (got > 0 && n < SAID_MAX)
			n += (size_t)got;
	while (n && (said[n - 1] == '\n' || said[n - 1] == ' '))
		n--;
	said[n] = '\0';
	for (char *c = said; *c; c++)
		if ((unsigned char)*c < ' ' || *c == 0x7f)
			*c = ' ';
}

static bool wait_for(pid_t child, const char *name, const char *said, struct error *err)
{
	int status;

	while (waitpid(child, &status, 0) < 0)
		if (errno != EINTR)
			return fail_errno(err, FAULT_PROGRAM_FAILED, errno, "%s: waitpid", name);
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return true;
	if (said[0])
		return fail(err, FAULT_PROGRAM_FAILED, "%s failed: %s", name, said);
	if (WIFEXITED(status))
		return fail(err, FAULT_PROGRAM_FAILED, "%s ended with exit code %d", name,
			WEXITSTATUS(status));
	return fail(err, FAULT_PROGRAM_FAILED, "%s was ended by signal %d", name, WTERMSIG(status));
}

bool process_run(const char *const *argv, struct error *err)
{
	char said[SAID_MAX + 1] = "";
	bool started;
	pid_t child;
	int ends[2];

	if (pipe2(ends, O_CLOEXEC) < 0)
		return fail_errno(err, FAULT_NO_PROGRAM, errno, "pipe2");
	started = start(argv, ends[1], &child, err);
	close(ends[1]);
	if (started)
		listen_to(ends[0], said);
	close(ends[0]);
	return started && wait_for(child, argv[0], said, err);
}

bool process_talk(const char *const *argv, struct error *err)
{
	char path[PATH_ROOM];
	int failure;
	pid_t child;

	if (!find(argv[0], path))
		return fail(err, FAULT_NO_PROGRAM, "there is no program %s", argv[0]);
	failure = posix_spawn(&child, path, NULL, NULL, (char *const *)(uintptr_t)argv, environ);
	if (failure != 0)
		return fail_errno(err, FAULT_NO_PROGRAM, failure, "%s", path);
	return wait_for(child, argv[0], "", err);
}

static void sleep_for(unsigned seconds)
{
	struct timespec left = { .tv_sec = seconds };

	while (nanosleep(&left, &left) < 0 && errno == EINTR)
		;
}

/* By one write(2): dprintf(3) asks for the position first, which the log has none of, and gives up. */
static void log_failure(const struct error *err)
{
	char line[ERROR_REASON_MAX + 64];
	int n = snprintf(
		line, sizeof line, "<3>saut: cannot reboot the machine: %s\n", err->reason);
	int log = err->reason[0] ? open("/dev/kmsg", O_WRONLY | O_CLOEXEC) : -1;

	if (log < 0)
		return;
	(void)!write(log, line, (size_t)n);
	close(log);
}

/* For a kernel before Linux 5.9, which has no close_range. */
static void close_each(unsigned from)
{
	long end = sysconf(_SC_OPEN_MAX);

	for (unsigned fd = from; end > 0 && fd < (unsigned long)end; fd++)
		close((int)fd);
}

/* Whoever waits for the end of one of the caller's pipes does not wait for us. */
static void leave_files(void)
{
	enum { FIRST = STDERR_FILENO + 1 };
	int nothing = open("/dev/null", O_RDWR | O_CLOEXEC);

	for (int fd = STDIN_FILENO; nothing >= 0 && fd <= STDERR_FILENO; fd++)
		dup2(nothing, fd);
	if (syscall(SYS_close_range, (unsigned)FIRST, ~0U, 0) < 0)
		close_each(FIRST);
}

/* What forked returned, by one byte; without one the caller has died on the way. */
static bool hear(int fd, bool *ret)
{
	char byte;
	ssize_t n;

	do
		n = read(fd, &byte, 1);
	while (n < 0 && errno == EINTR);
	*ret = byte == 'y';
	return n == 1;
}

__attribute__((noreturn)) static void wait_and_run(const struct process_later *later, int from)
{
	struct error failure = { 0 };
	bool forked = false;

	setsid();
	(void)!chdir("/");
	if (!hear(from, &forked))
		_exit(1);
	leave_files();
	sleep_for(later->seconds);
	if (!later->begin(later->context, forked, &failure)) {
		log_failure(&failure);
	} else if (!process_run(later->argv, &failure)) {
		later->failed(later->context);
		log_failure(&failure);
	}
	_exit(0);
}

bool process_run_later(const struct process_later *later, struct error *err)
{
	int ends[2];
	pid_t child;
	bool told;

	if (pipe2(ends, O_CLOEXEC) < 0)
		return fail_errno(err, FAULT_NO_PROGRAM, errno, "pipe2");
	child = fork();
	if (child == 0) {
		close(ends[1]);
		wait_and_run(later, ends[0]);
	}
	close(ends[0]);
	if (child < 0)
		fail_errno(err, FAULT_NO_PROGRAM, errno, "fork");
	told = child > 0 &&
		write(ends[1], later->forked(later->context, child) ? "y" : "n", 1) == 1;
	if (child > 0 && !told)
		fail_errno(err, FAULT_NO_PROGRAM, errno, "the process that is to wait");
	close(ends[1]);
	return told;
}

bool process_become(const char *const *argv, struct error *err)
{
	char path[PATH_ROOM];

	if (!find(argv[0], path))
		return fail(err, FAULT_NO_PROGRAM, "there is no program %s", argv[0]);
	/* We may ignore it; it is for the program to decide. */
	(void)signal(SIGPIPE, SIG_DFL);
	execv(path, (char *const *)(uintptr_t)argv);
	return fail_errno(err, FAULT_PROGRAM_FAILED, errno, "%s", path);
}
