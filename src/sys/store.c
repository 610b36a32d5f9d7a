/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "sys/store.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool write_all(int fd, const char *text)
{
	size_t n = strlen(text);

	while (n) {
		ssize_t done = write(fd, text, n);

		if (done < 0 && errno == EINTR)
			continue;
		if (done <= 0)
			return false;
		text += done;
		n -= (size_t)done;
	}
	return true;
}

/* O_EXCL: where others may write, a link of theirs leads nowhere. */
static bool write_new(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0644);
	bool done;

	if (fd < 0)
		return false;
	done = write_all(fd, text) && fsync(fd) == 0;
	return close(fd) == 0 && done;
}

/* What this fails with, opening a file in the folder fails with as well. */
static void make_folders(const char *path)
{
	char folder[PATH_MAX] = "";

	for (size_t n = 1; path[0] && path[n] && n < sizeof folder; n++) {
		folder[n - 1] = path[n - 1];
		if (path[n] == '/')
			(void)mkdir(folder, 0755);
	}
}

bool store_file(const char *path, const char *text, struct error *err)
{
	char fresh[PATH_MAX];
	int failure;

	snprintf(fresh, sizeof fresh, "%s.new", path);
	make_folders(path);
	(void)unlink(fresh);
	if (write_new(fresh, text) && rename(fresh, path) == 0)
		return true;
	failure = errno;
	(void)unlink(fresh);
	return fail_errno(err, FAULT_FILE_UNWRITABLE, failure, "%s", path);
}

bool store_remove(const char *path, struct error *err)
{
	int failure = unlink(path) == 0 ? 0 : errno;

	/* A file system that is read-only says so first, whatever is not there. */
	if (failure == 0 || access(path, F_OK) < 0)
		return true;
	return fail_errno(err, FAULT_FILE_UNWRITABLE, failure, "%s", path);
}
