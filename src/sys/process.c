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
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "sys/child.h"
#include "sys/kernel-log.h"

enum { PATH_ROOM = 256 };

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

bool process_run_within(const char *const *argv, unsigned seconds, struct error *err)
{
	char path[PATH_ROOM];
	const struct child child = {
		.path = path,
		.name = argv[0],
		.argv = argv,
		.environment = environment,
		.seconds = seconds,
		.is_heard = true,
	};

	if (!find(argv[0], path))
		return fail(err, FAULT_NO_PROGRAM, "there is no program %s", argv[0]);
	return child_run(&child, err);
}

bool process_run(const char *const *argv, struct error *err)
{
	return process_run_within(argv, PROCESS_SECONDS, err);
}

/* All of a file in memory that was written to; NULL view: no memory. */
static struct view read_back(int fd, struct arena *arena)
{
	enum { MOST = 16 << 20 };
	const off_t size = lseek(fd, 0, SEEK_END);
	uint8_t *bytes = size >= 0 && size <= MOST ? arena_alloc(arena, (uint64_t)size + 1) : NULL;
	const ssize_t n = bytes ? pread(fd, bytes, (size_t)size, 0) : -1;

	return n < 0 ? (struct view){ 0 } : (struct view){ bytes, (size_t)n };
}

bool process_read(const char *const *argv, struct arena *arena, struct view *ret, struct error *err)
{
	char path[PATH_ROOM];
	struct child child = {
		.path = path,
		.name = argv[0],
		.argv = argv,
		.environment = environment,
		.seconds = PROCESS_SECONDS,
		.is_heard = true,
	};
	struct view said = { 0 };
	bool done;

	if (!find(argv[0], path))
		return fail(err, FAULT_NO_PROGRAM, "there is no program %s", argv[0]);
	child.output = memfd_create(argv[0], MFD_CLOEXEC);
	if (child.output < 0)
		return fail_errno(err, FAULT_NO_PROGRAM, errno, "memfd_create");
	done = child_run(&child, err);
	if (done) {
		said = read_back(child.output, arena);
		done = said.p || fail_no_memory(err);
	}
	close(child.output);
	if (done)
		*ret = said;
	return done;
}

/* A person answers when they answer. */
bool process_talk(const char *const *argv, struct error *err)
{
	char path[PATH_ROOM];
	int failure, status;
	pid_t child;

	if (!find(argv[0], path))
		return fail(err, FAULT_NO_PROGRAM, "there is no program %s", argv[0]);
	failure = posix_spawn(&child, path, NULL, NULL, (char *const *)(uintptr_t)argv, environ);
	if (failure != 0)
		return fail_errno(err, FAULT_NO_PROGRAM, failure, "%s", path);
	while (waitpid(child, &status, 0) < 0)
		if (errno != EINTR)
			return fail_errno(err, FAULT_PROGRAM_FAILED, errno, "%s: waitpid", argv[0]);
	return child_judge(argv[0], status, "", err);
}

static void sleep_for(unsigned seconds)
{
	struct timespec left = { .tv_sec = seconds };

	while (nanosleep(&left, &left) < 0 && errno == EINTR)
		;
}

static void log_failure(const struct error *err)
{
	char line[ERROR_REASON_MAX + 64];

	if (!err->reason[0])
		return;
	snprintf(line, sizeof line, "cannot reboot the machine: %s", err->reason);
	kernel_log_write(KERNEL_LOG_ERROR, line);
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
