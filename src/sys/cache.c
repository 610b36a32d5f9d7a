/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "sys/cache.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/whole.h"
#include "sys/limits.h"
#include "sys/store.h"

enum { FOLDER_MODE = 0700, FILE_MODE = 0600 };

/* -1: there is none, or it is not ours alone. */
static int open_folder(const char *folder)
{
	int fd = open(folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	struct stat st;

	if (fd < 0)
		return -1;
	if (fstat(fd, &st) == 0 && store_is_own(&st))
		return fd;
	close(fd);
	errno = EPERM;
	return -1;
}

bool cache_make(const char *folder)
{
	int fd;

	(void)mkdir(folder, FOLDER_MODE);
	fd = open_folder(folder);
	if (fd < 0)
		return false;
	close(fd);
	return true;
}

bool cache_open(const char *folder, const char *name, struct file *ret)
{
	struct error ignored;
	int at = open_folder(folder), fd;

	if (at < 0)
		return false;
	fd = openat(at, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	close(at);
	if (fd < 0 || !file_adopt(name, fd, ret, &ignored))
		return false;
	if (store_is_own(&ret->identity))
		return true;
	file_close(ret);
	return false;
}

static bool put(struct sink *sink, struct view piece, struct error *err)
{
	struct cache_file *file = WHOLE_OF(sink, struct cache_file, sink);
	const uint64_t at = file->header + sink->taken;

	if (!limits_check_file(at + piece.n, err))
		return false;
	digest_add(&file->digest, piece);
	return store_write_at(file->fd, piece, at) ||
		fail_errno(err, FAULT_FILE_UNWRITABLE, errno, "write");
}

bool cache_begin(const char *folder, size_t header, uint64_t limit, struct cache_file *ret,
	struct error *err)
{
	struct cache_file file = { .sink = { .put = put, .limit = limit }, .header = header };

	(void)mkdir(folder, FOLDER_MODE);
	file.folder = open_folder(folder);
	if (file.folder < 0)
		return fail_errno(err, FAULT_FILE_UNWRITABLE, errno, "%s", folder);
	file.fd = store_create_fresh(file.folder, "", FILE_MODE, file.fresh);
	if (file.fd < 0) {
		fail_errno(err, FAULT_FILE_UNWRITABLE, errno, "%s", folder);
		close(file.folder);
		return false;
	}
	digest_begin(&file.digest, DIGEST_CRC32C);
	*ret = file;
	return true;
}

bool cache_keep(struct cache_file *file, const char *name, const uint8_t *header, struct error *err)
{
	const bool done = store_write_at(file->fd, (struct view){ header, file->header }, 0) &&
		fsync(file->fd) == 0 &&
		renameat(file->folder, file->fresh, file->folder, name) == 0 &&
		(fsync(file->folder) == 0 || errno == EINVAL);

	if (!done)
		fail_errno(err, FAULT_FILE_UNWRITABLE, errno, "%s", name);
	cache_drop(file);
	return done;
}

/* Once it is renamed, there is nothing of this name. */
void cache_drop(struct cache_file *file)
{
	if (file->fd < 0)
		return;
	(void)unlinkat(file->folder, file->fresh, 0);
	close(file->fd);
	close(file->folder);
	file->fd = file->folder = -1;
}

/* What begins with a dot is none of ours. */
static void each_file(
	const char *folder, void (*call)(int at, const char *name, void *context), void *context)
{
	int fd = open_folder(folder);
	DIR *names = fd >= 0 ? fdopendir(fd) : NULL;

	if (!names && fd >= 0)
		close(fd);
	for (struct dirent *d; names && (d = readdir(names));)
		if (d->d_name[0] != '.')
			call(dirfd(names), d->d_name, context);
	if (names)
		closedir(names);
}

static void add_size(int at, const char *name, void *context)
{
	uint64_t *sum = context;
	struct stat st;

	if (fstatat(at, name, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG(st.st_mode))
		*sum += (uint64_t)st.st_blocks * 512;
}

/* An overlay's upper layer may be a disk or memory, which nothing tells. */
static bool is_memory(const char *folder, const char *above)
{
	struct statfs fs;
	uint32_t type;

	if (statfs(folder, &fs) < 0 && statfs(above, &fs) < 0)
		return true;
	type = (uint32_t)fs.f_type;
	return type == TMPFS_MAGIC || type == RAMFS_MAGIC || type == OVERLAYFS_SUPER_MAGIC;
}

struct cache_space cache_space(const char *folder)
{
	struct cache_space space = { 0 };
	char above[256];
	struct statvfs fs;
	const char *slash = strrchr(folder, '/');

	/* Where it is still to be made, what is above it tells. */
	snprintf(above, sizeof above, "%.*s", slash ? (int)(slash - folder) : 0, folder);
	if ((statvfs(folder, &fs) < 0 && statvfs(above, &fs) < 0) || fs.f_flag & ST_RDONLY)
		return space;
	space.available = (uint64_t)fs.f_bavail * fs.f_frsize;
	space.is_memory = is_memory(folder, above);
	each_file(folder, add_size, &space.held);
	return space;
}

struct named {
	const char *const *names;
};

static void remove_other(int at, const char *name, void *context)
{
	const struct named *left = context;

	for (const char *const *one = left->names; *one; one++)
		if (strcmp(*one, name) == 0)
			return;
	(void)unlinkat(at, name, 0);
}

void cache_leave_only(const char *folder, const char *const *names)
{
	struct named left = { names };

	each_file(folder, remove_other, &left);
}
