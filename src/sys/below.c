/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "sys/below.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { STEP = O_PATH | O_DIRECTORY | O_CLOEXEC }; /* into a folder on the way */

/* For a kernel without openat2 (before Linux 5.6): no link is followed anywhere on the path. */
static int open_each_part(int root_fd, const char *path, int flags)
{
	int at = root_fd;

	for (;;) {
		size_t n = strcspn(path, "/"), slashes = strspn(path + n, "/");
		bool last = path[n] == '\0';
		char *part = strndup(path, n);
		int fd = -1, failure;

		errno = part ? EXDEV : ENOMEM;
		if (part && strcmp(part, "..") != 0)
			fd = openat(at, part, O_NOFOLLOW | (last ? flags : STEP));
		failure = errno;
		free(part);
		if (at != root_fd)
			close(at);
		errno = failure;
		if (fd < 0 || last)
			return fd;
		at = fd;
		path += n + slashes;
	}
}

int below_open(int folder_fd, const char *path, int flags)
{
	struct open_how how = {
		.flags = (uint64_t)flags,
		.resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS,
	};
	int fd = (int)syscall(SYS_openat2, folder_fd, path, &how, sizeof how);

	if (fd < 0 && (errno == ENOSYS || errno == EPERM))
		return open_each_part(folder_fd, path, flags);
	return fd;
}
