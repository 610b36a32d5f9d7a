/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "sys/sysctl.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

bool sysctl_set(const char *path, const char *value, struct error *err)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC), failure = 0;
	size_t n = strlen(value);

	if (fd < 0)
		return fail_errno(err, FAULT_FILE_UNWRITABLE, errno, "%s", path);
	/* A part of a value would be another one. */
	if (write(fd, value, n) != (ssize_t)n)
		failure = errno;
	close(fd);
	return !failure || fail_errno(err, FAULT_FILE_UNWRITABLE, failure, "%s", path);
}
