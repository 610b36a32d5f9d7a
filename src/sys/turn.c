/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "sys/turn.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "sys/clock.h"

#define TURN_FOLDER "/run/saut"
#define TURN_FILE   TURN_FOLDER "/lock"

enum { PAUSE_MS = 20 };

/* Root's alone, so that nobody else can hold it. */
static int open_lock(void)
{
	int fd;

	(void)mkdir(TURN_FOLDER, 0755);
	fd = open(TURN_FILE, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	return fd >= 0 ? fd : open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

/* The C library's is declared in <sys/file.h>, which a header of ours hides: the words of flock(2). */
enum { FLOCK_EXCLUSIVE = 2, FLOCK_AT_ONCE = 4, FLOCK_UNLOCK = 8 };

static int lock_file(int fd, int operation)
{
	return (int)syscall(SYS_flock, fd, operation);
}

static bool lock(int fd, unsigned wait_ms)
{
	unsigned waited = 0;

	while (lock_file(fd, FLOCK_EXCLUSIVE | FLOCK_AT_ONCE) < 0) {
		if (errno == EINTR)
			continue;
		if (errno != EWOULDBLOCK || waited >= wait_ms)
			return false;
		clock_wait_ms(PAUSE_MS);
		waited += PAUSE_MS;
	}
	return true;
}

bool turn_take(struct turn *ret, unsigned wait_ms, struct error *err)
{
	int fd = open_lock();
	int failure;

	if (fd < 0)
		return fail_errno(
			err, FAULT_KERNEL_OTHER, errno, "the root folder cannot be locked");
	if (lock(fd, wait_ms)) {
		ret->fd = fd;
		return true;
	}
	failure = errno;
	close(fd);
	if (failure == EWOULDBLOCK)
		return fail(err, FAULT_KERNEL_BUSY,
			"another program that loads or unloads has held " TURN_FILE " for %u s",
			wait_ms / 1000);
	return fail_errno(err, FAULT_KERNEL_OTHER, failure, "flock");
}

/* A child that was forked meanwhile has the same open file: closed by us alone it would stay locked. */
void turn_end(struct turn *turn)
{
	(void)lock_file(turn->fd, FLOCK_UNLOCK);
	close(turn->fd);
	turn->fd = -1;
}
