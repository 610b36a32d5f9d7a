/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "sys/crash-keys.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* By which those that we have made are known. */
static const char mark[] = "saut-";

static bool check(const char *name, struct error *err)
{
	const size_t n = strlen(name);

	if (n == 0 || n > CRASH_KEY_NAME_MAX || strchr(name, '\n'))
		return fail(err, FAULT_USAGE,
			"a key's name has 1 to %d bytes in one line, and this has %zu: %.40s",
			CRASH_KEY_NAME_MAX, n, name);
	return true;
}

/* In configfs the file is there with its folder; making it is for folders of other file systems. */
static bool write_name(int folder, const char *name, const char *path, struct error *err)
{
	const size_t n = strlen(name);
	int fd = openat(folder, "description", O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	int failure = fd < 0 ? errno : 0;

	if (fd >= 0 && write(fd, name, n) != (ssize_t)n)
		failure = errno;
	if (fd >= 0)
		close(fd);
	return !failure || fail_errno(err, FAULT_FILE_UNWRITABLE, failure, "%s/description", path);
}

static bool name_one(const struct crash_keys *keys, size_t which, struct error *err)
{
	char path[PATH_MAX];
	bool done;
	int fd;

	snprintf(path, sizeof path, "%s/%s%zu", keys->folder, mark, which);
	if (mkdir(path, 0700) < 0)
		return fail_errno(err, errno == ENOENT ? FAULT_FILE_MISSING : FAULT_FILE_UNWRITABLE,
			errno, "%s", path);
	fd = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return fail_errno(err, FAULT_FILE_UNWRITABLE, errno, "%s", path);
	done = write_name(fd, keys->names[which], path, err);
	close(fd);
	return done;
}

bool crash_keys_name(const struct crash_keys *keys, struct error *err)
{
	for (size_t i = 0; i < keys->count; i++)
		if (!check(keys->names[i], err))
			return false;
	crash_keys_forget(keys->folder);
	for (size_t i = 0; i < keys->count; i++)
		if (!name_one(keys, i, err)) {
			crash_keys_forget(keys->folder);
			return false;
		}
	return true;
}

void crash_keys_forget(const char *folder)
{
	DIR *list = opendir(folder);

	for (struct dirent *entry; list && (entry = readdir(list));) {
		char file[sizeof entry->d_name + sizeof "/description"];

		if (strncmp(entry->d_name, mark, sizeof mark - 1) != 0)
			continue;
		/* Which configfs does not let, and takes it away with its folder. */
		snprintf(file, sizeof file, "%s/description", entry->d_name);
		(void)unlinkat(dirfd(list), file, 0);
		(void)unlinkat(dirfd(list), entry->d_name, AT_REMOVEDIR);
	}
	if (list)
		closedir(list);
}
