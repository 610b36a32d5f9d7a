/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "sys/watchdog-keeper.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/watchdog.h>
#include <poll.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sys/clock.h"

enum {
	COMMAND_STOP = 'V', /* as the device wants it before it is closed */
	COMMAND_LEAVE = 'L',
	COMMAND_STAY = 'S',
	COMMAND_NONE_LEFT = 'E', /* who waits has died */

	/* Between two pings: a fourth of what the hardware counts, and no more than this. */
	PING_MOST_S = 10,

	EXIT_DONE = 0,
	EXIT_FAILED = 1,
};

/* Any byte but the one that stops it. */
static bool ping(int device)
{
	return write(device, "", 1) == 1;
}

/*
 * What it counts then: less than is wanted where the hardware does not count so far; a driver may know one
 * time alone, or not tell.
 */
static unsigned set(int device, unsigned seconds)
{
	int value;

	for (; seconds; seconds /= 2) {
		value = (int)seconds;
		if (ioctl(device, WDIOC_SETTIMEOUT, &value) == 0 && value > 0)
			return (unsigned)value;
		if (errno != EINVAL)
			break;
	}
	if (ioctl(device, WDIOC_GETTIMEOUT, &value) == 0 && value > 0)
		return (unsigned)value;
	return 0;
}

static int pause_ms(unsigned hold)
{
	unsigned seconds = hold / 4;

	return 1000 * (int)(seconds == 0 ? 1 : seconds > PING_MOST_S ? PING_MOST_S : seconds);
}

/* 0: none in this time. */
static char command(int from, int milliseconds)
{
	struct pollfd one = { .fd = from, .events = POLLIN };
	char byte = 0;
	ssize_t n;

	if (poll(&one, 1, milliseconds) <= 0)
		return 0;
	do
		n = read(from, &byte, 1);
	while (n < 0 && errno == EINTR);
	return n == 1 ? byte : COMMAND_NONE_LEFT;
}

/* The signals that end a service are for the one who waits: when it is gone we hear that. */
static void ignore_signals(void)
{
	static const int ends[] = { SIGTERM, SIGINT, SIGHUP, SIGQUIT };

	for (unsigned i = 0; i < sizeof ends / sizeof *ends; i++)
		(void)signal(ends[i], SIG_IGN);
}

__attribute__((noreturn)) static void keep(int device, int from, const struct keeper_wish *wish)
{
	const int pause = pause_ms(set(device, wish->hold));
	bool stays = false;

	ignore_signals();
	while (stays || uptime_awake() < wish->deadline) {
		char said;

		(void)ping(device);
		said = command(from, pause);
		if (said == COMMAND_NONE_LEFT)
			said = wish->may_stop(wish->context) ? COMMAND_STOP : COMMAND_LEAVE;
		switch (said) {
		case COMMAND_STOP:
			_exit(write(device, "V", 1) == 1 && close(device) == 0 ? EXIT_DONE
									       : EXIT_FAILED);
		case COMMAND_LEAVE:
			(void)set(device, wish->leave);
			(void)ping(device);
			_exit(EXIT_DONE);
		case COMMAND_STAY:
			stays = true;
			break;
		}
	}
	_exit(EXIT_FAILED);
}

/* In the caller, whose own end is closed with the next program that it runs. */
static bool begin(
	int device, const struct keeper_wish *wish, struct watchdog_keeper *ret, struct error *err)
{
	int ends[2];
	pid_t child;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0)
		return fail_errno(err, FAULT_NO_WATCHDOG, errno, "socketpair");
	child = fork();
	if (child == 0) {
		close(ends[0]);
		keep(device, ends[1], wish);
	}
	close(ends[1]);
	if (child < 0) {
		close(ends[0]);
		return fail_errno(err, FAULT_NO_WATCHDOG, errno, "fork");
	}
	*ret = (struct watchdog_keeper){ .child = child, .command = ends[0] };
	return true;
}

bool keeper_start(const char *device, const struct keeper_wish *wish, struct watchdog_keeper *ret,
	struct error *err)
{
	int fd = open(device, O_WRONLY | O_CLOEXEC);
	bool done;

	if (fd < 0)
		return fail_errno(err, FAULT_NO_WATCHDOG, errno, "%s", device);
	done = begin(fd, wish, ret, err);
	/* Open is what has started it. */
	if (!done)
		(void)!write(fd, "V", 1);
	close(fd);
	return done;
}

/* Its exit code; -1 where it has none. */
static int end(struct watchdog_keeper *keeper, char word)
{
	bool told = send(keeper->command, &word, 1, MSG_NOSIGNAL) == 1;
	int status = 0;
	pid_t waited;

	do
		waited = waitpid(keeper->child, &status, 0);
	while (waited < 0 && errno == EINTR);
	close(keeper->command);
	*keeper = (struct watchdog_keeper){ 0 };
	return told && waited > 0 && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

bool keeper_stop(struct watchdog_keeper *keeper, struct error *err)
{
	if (!keeper->child || end(keeper, COMMAND_STOP) == EXIT_DONE)
		return true;
	return fail(err, FAULT_NO_WATCHDOG, "who kept the watchdog has ended before");
}

void keeper_leave(struct watchdog_keeper *keeper)
{
	if (keeper->child)
		(void)end(keeper, COMMAND_LEAVE);
}

void keeper_stay(struct watchdog_keeper *keeper)
{
	if (keeper->child)
		(void)end(keeper, COMMAND_STAY);
}

bool watchdog_leave(const char *device, unsigned seconds, struct error *err)
{
	int fd = open(device, O_WRONLY | O_CLOEXEC);
	bool done;

	if (fd < 0)
		return fail_errno(err, FAULT_NO_WATCHDOG, errno, "%s", device);
	(void)set(fd, seconds);
	done = ping(fd);
	close(fd);
	return done || fail(err, FAULT_NO_WATCHDOG, "%s cannot be written to", device);
}

bool watchdog_stop(const char *device, struct error *err)
{
	int fd = open(device, O_WRONLY | O_CLOEXEC);
	bool done;

	if (fd < 0)
		return fail_errno(err, FAULT_NO_WATCHDOG, errno, "%s", device);
	done = write(fd, "V", 1) == 1;
	return close(fd) == 0 && done
		? true
		: fail(err, FAULT_NO_WATCHDOG, "%s cannot be stopped", device);
}
