/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "sys/efi-variable.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { MOST = 4096 };

/* FS_IMMUTABLE_FL; file systems without such flags have nothing to take off. */
static void make_mutable(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK), flags;

	if (fd < 0)
		return;
	if (ioctl(fd, FS_IOC_GETFLAGS, &flags) == 0 && (flags & FS_IMMUTABLE_FL)) {
		flags &= ~FS_IMMUTABLE_FL;
		(void)ioctl(fd, FS_IOC_SETFLAGS, &flags);
	}
	close(fd);
}

bool efi_variable_remove(const char *path, struct error *err)
{
	int failure;

	make_mutable(path);
	if (unlink(path) == 0)
		return true;
	failure = errno;
	return failure == ENOENT || fail_errno(err, FAULT_FILE_UNWRITABLE, failure, "%s", path);
}

static bool is_there(const char *path, struct view bytes)
{
	uint8_t found[MOST];
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	ssize_t n = fd < 0 ? -1 : read(fd, found, sizeof found);

	if (fd >= 0)
		close(fd);
	return n >= 0 && (size_t)n == bytes.n && memcmp(found, bytes.p, bytes.n) == 0;
}

/* What was begun is no variable yet, or one that nobody asked for. */
static bool give_up(const char *path)
{
	struct error ignored;

	(void)!efi_variable_remove(path, &ignored);
	return false;
}

bool efi_variable_create(const char *path, struct view bytes, struct error *err)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0644), failure;
	ssize_t n;

	if (fd < 0)
		return fail_errno(err, FAULT_FILE_UNWRITABLE, errno, "%s", path);
	n = write(fd, bytes.p, bytes.n);
	failure = n < 0 ? errno : 0;
	close(fd);
	if (failure)
		fail_errno(err, FAULT_FILE_UNWRITABLE, failure, "%s", path);
	else if ((size_t)n == bytes.n && is_there(path, bytes))
		return true;
	else
		fail(err, FAULT_FILE_UNWRITABLE, "%s has not become what was written", path);
	return give_up(path);
}
