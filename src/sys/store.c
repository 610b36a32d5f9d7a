/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "sys/store.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sys/fresh.h"

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

enum { NAME_TRIES = 16 };

int store_create_fresh(int at, const char *prefix, int mode, char fresh[static PATH_MAX])
{
	uint64_t name;
	struct error ignored;
	int fd = -1;

	for (int i = 0; i < NAME_TRIES && fd < 0; i++) {
		if (!fresh_entropy((uint8_t *)&name, sizeof name, &ignored))
			return -1;
		if (snprintf(fresh, PATH_MAX, "%s%016llx.new", prefix, (unsigned long long)name) >=
			PATH_MAX) {
			errno = ENAMETOOLONG;
			return -1;
		}
		fd = openat(at, fresh, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode);
		if (fd < 0 && errno != EEXIST)
			return -1;
	}
	return fd;
}

/* Two who write the same file must not meet. */
static int create_beside(const char *path, char fresh[static PATH_MAX])
{
	char prefix[PATH_MAX];

	if (snprintf(prefix, sizeof prefix, "%s.", path) >= PATH_MAX) {
		errno = ENAMETOOLONG;
		return -1;
	}
	return store_create_fresh(AT_FDCWD, prefix, 0644, fresh);
}

static bool fill_and_close(int fd, const char *text, bool is_synced)
{
	bool done = write_all(fd, text) && (!is_synced || fsync(fd) == 0);
	int failure = errno;

	if (close(fd) < 0)
		return false;
	errno = failure;
	return done;
}

/* The new name is on the disk with the folder that has it; some file systems have no such thing. */
static bool sync_folder(const char *path)
{
	char folder[PATH_MAX];
	const char *slash = strrchr(path, '/');
	size_t n = slash ? (size_t)(slash - path) + 1 : 0;
	bool done;
	int fd;

	if (n >= sizeof folder)
		return false;
	memcpy(folder, path, n);
	folder[n] = '\0';
	fd = open(n ? folder : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return false;
	done = fsync(fd) == 0 || errno == EINVAL;
	close(fd);
	return done;
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

/* In place of what was there; *err tells why not. */
static bool replace(const char *path, const char *text, bool is_synced, struct error *err)
{
	char fresh[PATH_MAX];
	int failure, fd;

	make_folders(path);
	fd = create_beside(path, fresh);
	if (fd < 0)
		return fail_errno(err, FAULT_FILE_UNWRITABLE, errno, "%s", path);
	if (fill_and_close(fd, text, is_synced) && rename(fresh, path) == 0)
		return true;
	failure = errno;
	(void)unlink(fresh);
	return fail_errno(err, FAULT_FILE_UNWRITABLE, failure, "%s", path);
}

bool store_new(const char *path, const char *text, struct error *err)
{
	const int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	int failure;

	if (fd < 0)
		return fail_errno(err, FAULT_FILE_UNWRITABLE, errno, "%s", path);
	if (fill_and_close(fd, text, true))
		return true;
	failure = errno;
	(void)unlink(path);
	return fail_errno(err, FAULT_FILE_UNWRITABLE, failure, "%s", path);
}

bool store_file(const char *path, const char *text, struct error *err)
{
	return replace(path, text, true, err) &&
		(sync_folder(path) ||
			fail_errno(err, FAULT_FILE_UNWRITABLE, errno, "%s: its folder", path));
}

bool store_file_later(const char *path, const char *text, struct error *err)
{
	return replace(path, text, false, err);
}

bool store_may_write(const char *path)
{
	return access(path, W_OK) == 0;
}

bool store_is_own(const struct stat *st)
{
	return (st->st_uid == 0 || st->st_uid == geteuid()) && !(st->st_mode & (S_IWGRP | S_IWOTH));
}

static struct view read_own(int fd, struct arena *arena)
{
	enum { SIZE_MAX_OWN = 64 << 10 };
	struct stat st;
	uint8_t *bytes;
	ssize_t n;

	if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode) || !store_is_own(&st) ||
		st.st_size > SIZE_MAX_OWN)
		return (struct view){ 0 };
	bytes = arena_alloc(arena, (size_t)st.st_size + 1);
	n = bytes ? pread(fd, bytes, (size_t)st.st_size, 0) : -1;
	return n > 0 ? (struct view){ bytes, (size_t)n } : (struct view){ 0 };
}

struct view store_own(const char *path, struct arena *arena)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	struct view bytes = { 0 };

	if (fd < 0)
		return bytes;
	bytes = read_own(fd, arena);
	close(fd);
	return bytes;
}

/* Read anew: between the look and now somebody may have written. */
static bool is_still(int fd, struct view old)
{
	uint8_t bytes[4096];
	struct stat st;
	size_t n = 0;

	if (old.n > sizeof bytes || fstat(fd, &st) < 0 || !S_ISREG(st.st_mode) ||
		(size_t)st.st_size != old.n)
		return false;
	while (n < old.n) {
		ssize_t got = pread(fd, bytes + n, old.n - n, (off_t)n);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return false;
		n += (size_t)got;
	}
	return memcmp(bytes, old.p, n) == 0;
}

bool store_write_at(int fd, struct view bytes, uint64_t at)
{
	while (bytes.n) {
		ssize_t n = pwrite(fd, bytes.p, bytes.n, (off_t)at);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		bytes = view_from(bytes, (uint64_t)n);
		at += (uint64_t)n;
	}
	return true;
}

bool store_in_place(const char *path, struct view old, struct view bytes, struct error *err)
{
	int fd = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	int failure;

	if (fd < 0)
		return fail_errno(err, FAULT_FILE_UNWRITABLE, errno, "%s", path);
	if (old.n != bytes.n || !is_still(fd, old)) {
		close(fd);
		return fail(err, FAULT_FILE_UNWRITABLE, "%s has changed meanwhile", path);
	}
	failure = store_write_at(fd, bytes, 0) && fsync(fd) == 0 ? 0 : errno;
	close(fd);
	return failure == 0 || fail_errno(err, FAULT_FILE_UNWRITABLE, failure, "%s", path);
}

bool store_remove(const char *path, struct error *err)
{
	int failure = unlink(path) == 0 ? 0 : errno;

	/* A file system that is read-only says so first, whatever is not there. */
	if (failure == 0 || access(path, F_OK) < 0)
		return true;
	return fail_errno(err, FAULT_FILE_UNWRITABLE, failure, "%s", path);
}
