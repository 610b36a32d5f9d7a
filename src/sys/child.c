/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "sys/child.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdint.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/bytes.h"
#include "sys/clock.h"

/* How long a program is waited for that was sent SIGKILL: in the kernel's hands it may not end at all. */
enum { GRACE_MS = 2000 };
enum { SAID_MAX = 400, STEP_FIRST_MS = 1, STEP_MAX_MS = 50 };

/* The signals by which a person or a service manager ends a program. */
static const int ends[] = { SIGHUP, SIGINT, SIGQUIT, SIGTERM };

struct run {
	const struct child *child;
	pid_t pid;
	int from; /* what it says; -1: nothing more */
	size_t said_bytes;
	char said[SAID_MAX + 1];
	sigset_t held, before; /* the signals that wait meanwhile */
};

/* What is ignored stays so: blocked it would wait for us as if it were not. */
static void hold_signals(struct run *run)
{
	struct sigaction action;

	sigemptyset(&run->held);
	for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
		if (sigaction(ends[i], NULL, &action) == 0 && action.sa_handler != SIG_IGN)
			sigaddset(&run->held, ends[i]);
	pthread_sigmask(SIG_BLOCK, &run->held, &run->before);
}

/* The signal that came meanwhile and is ours to heed; 0: none. */
static int signal_waiting(const struct run *run)
{
	sigset_t waiting;

	if (sigpending(&waiting) < 0)
		return 0;
	for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
		if (sigismember(&waiting, ends[i]) && sigismember(&run->held, ends[i]) &&
			!sigismember(&run->before, ends[i]))
			return ends[i];
	return 0;
}

/* SIGPIPE, which we may ignore, is for the program to decide. */
static int spawn(struct run *run, const posix_spawn_file_actions_t *files)
{
	const struct child *child = run->child;
	posix_spawnattr_t attributes;
	sigset_t pipe;
	int failure = posix_spawnattr_init(&attributes);

	if (failure != 0)
		return failure;
	sigemptyset(&pipe);
	sigaddset(&pipe, SIGPIPE);
	posix_spawnattr_setsigdefault(&attributes, &pipe);
	posix_spawnattr_setsigmask(&attributes, &run->before);
	posix_spawnattr_setflags(&attributes,
		POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP);
	failure = posix_spawn(&run->pid, child->path, files, &attributes,
		(char *const *)(uintptr_t)child->argv,
		(char *const *)(uintptr_t)child->environment);
	posix_spawnattr_destroy(&attributes);
	return failure;
}

static int start(struct run *run, int errors)
{
	posix_spawn_file_actions_t files;
	int failure = posix_spawn_file_actions_init(&files);

	if (failure != 0)
		return failure;
	posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
	if (run->child->output > 0)
		posix_spawn_file_actions_adddup2(&files, run->child->output, STDOUT_FILENO);
	else if (run->child->is_heard)
		posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
	else
		posix_spawn_file_actions_adddup2(&files, STDERR_FILENO, STDOUT_FILENO);
	if (errors >= 0)
		posix_spawn_file_actions_adddup2(&files, errors, STDERR_FILENO);
	failure = spawn(run, &files);
	posix_spawn_file_actions_destroy(&files);
	return failure;
}

/* All that is there, of which the first SAID_MAX bytes are kept. */
static void listen_to(struct run *run)
{
	char piece[SAID_MAX];
	ssize_t got;

	while ((got = read(run->from, piece, sizeof piece)) > 0)
		for (ssize_t i = 0; i < got && run->said_bytes < SAID_MAX; i++)
			run->said[run->said_bytes++] = piece[i];
	if (got == 0 || (errno != EAGAIN && errno != EINTR)) {
		close(run->from);
		run->from = -1;
	}
}

/* One line of it, without what steers a terminal. */
static void tidy(struct run *run)
{
	while (run->said_bytes &&
		(run->said[run->said_bytes - 1] == '\n' || run->said[run->said_bytes - 1] == ' '))
		run->said_bytes--;
	run->said[run->said_bytes] = '\0';
	for (char *c = run->said; *c; c++)
		if ((unsigned char)*c < ' ' || *c == 0x7f)
			*c = ' ';
}

/*
 * Until it has ended, a signal waits for us, or the time is over. What it leaves running may hold the pipe
 * open for good, so that its own end is what counts. waitpid(2)'s result is returned.
 */
static pid_t wait_until(struct run *run, int64_t deadline, bool heed, int *ret_status)
{
	int step = STEP_FIRST_MS;

	for (;;) {
		struct pollfd said = { .fd = run->from, .events = POLLIN };
		pid_t done = waitpid(run->pid, ret_status, WNOHANG);
		int64_t left = deadline - clock_ms();

		if (done != 0 || left <= 0 || (heed && signal_waiting(run)))
			return done;
		if (poll(&said, 1, left < step ? (int)left : step) > 0)
			listen_to(run);
		else if (step < STEP_MAX_MS)
			step *= 2;
	}
}

/* Never fails to fail. */
static bool end_it(const struct run *run, pid_t gone, int by, struct error *err)
{
	const struct child *child = run->child;

	if (gone == 0)
		return fail(err, FAULT_PROGRAM_FAILED,
			"%s did not end within %u s, and SIGKILL does not end it: it hangs in the kernel",
			child->name, child->seconds);
	if (by)
		return fail(err, FAULT_PROGRAM_FAILED, "%s was ended, since signal %d came",
			child->name, by);
	return fail(err, FAULT_PROGRAM_FAILED, "%s did not end within %u s", child->name,
		child->seconds);
}

bool child_judge(const char *name, int status, const char *said, struct error *err)
{
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return true;
	if (said[0])
		return fail(err, FAULT_PROGRAM_FAILED, "%s failed: %s", name, said);
	if (WIFEXITED(status))
		return fail(err, FAULT_PROGRAM_FAILED, "%s ended with exit code %d", name,
			WEXITSTATUS(status));
	return fail(err, FAULT_PROGRAM_FAILED, "%s was ended by signal %d", name, WTERMSIG(status));
}

static bool see_it_end(struct run *run, struct error *err)
{
	const struct child *child = run->child;
	int status = 0, by;
	pid_t done = wait_until(run, clock_ms() + (int64_t)child->seconds * 1000, true, &status);

	if (done < 0)
		return fail_errno(err, FAULT_PROGRAM_FAILED, errno, "%s: waitpid", child->name);
	if (done == 0) {
		by = signal_waiting(run);
		(void)kill(-run->pid, SIGKILL);
		done = wait_until(run, clock_ms() + GRACE_MS, false, &status);
		return end_it(run, done, by, err);
	}
	if (run->from >= 0)
		listen_to(run);
	tidy(run);
	return child_judge(child->name, status, run->said, err);
}

static bool run_held(struct run *run, int errors, struct error *err)
{
	int failure = start(run, errors);

	if (errors >= 0)
		close(errors);
	if (failure != 0)
		return fail_errno(err, FAULT_NO_PROGRAM, failure, "%s", run->child->path);
	return see_it_end(run, err);
}

bool child_run(const struct child *child, struct error *err)
{
	struct run run = { .child = child, .from = -1 };
	int pipe_ends[2] = { -1, -1 };
	bool done;

	if (child->is_heard && pipe2(pipe_ends, O_CLOEXEC) < 0)
		return fail_errno(err, FAULT_NO_PROGRAM, errno, "pipe2");
	run.from = pipe_ends[0];
	if (run.from >= 0)
		(void)fcntl(run.from, F_SETFL, O_NONBLOCK);
	hold_signals(&run);
	done = run_held(&run, pipe_ends[1], err);
	if (run.from >= 0)
		close(run.from);
	pthread_sigmask(SIG_SETMASK, &run.before, NULL);
	return done;
}
