/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Opens and maps; knows nothing of what the bytes mean. */
#include "sys/file.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "base/arith.h"
#include "sys/below.h"
#include "sys/limits.h"

/* O_NONBLOCK: a FIFO must not make us wait. */
enum { OPEN_INPUT = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY };

enum fault file_fault_of_open(int errnum)
{
	switch (errnum) {
	case ENOENT:
	case ENOTDIR:
		return FAULT_FILE_MISSING;
	case EACCES:
	case EPERM:
		return FAULT_FILE_DENIED;
	case ENXIO: /* a FIFO without a writer, a socket */
		return FAULT_FILE_NOT_REGULAR;
	}
	return FAULT_FILE_UNREADABLE;
}

static const char *kind_of(mode_t mode)
{
	switch (mode & S_IFMT) {
	case S_IFDIR:
		return "a directory";
	case S_IFIFO:
		return "a FIFO";
	case S_IFCHR:
		return "a character device";
	case S_IFBLK:
		return "a block device";
	case S_IFSOCK:
		return "a socket";
	}
	return "no regular file";
}

/* What has more bytes than this machine memory is none of our inputs, whoever reads it for whatever purpose. */
static bool check_size(uint64_t size, struct error *err)
{
	const long pages = sysconf(_SC_PHYS_PAGES), page = sysconf(_SC_PAGESIZE);
	const uint64_t memory =
		pages > 0 && page > 0 ? (uint64_t)pages * (uint64_t)page : UINT64_MAX;

	return size <= memory ||
		fail(err, FAULT_FIT_MEMORY,
			"the file has %llu MiB, and this machine has %llu MiB of memory",
			(unsigned long long)((size + MiB(1) - 1) >> 20),
			(unsigned long long)(memory >> 20));
}

static bool check_kind(const struct stat *st, struct error *err)
{
	if (!S_ISREG(st->st_mode))
		return fail(err, FAULT_FILE_NOT_REGULAR, "it is %s", kind_of(st->st_mode));
	if (st->st_size == 0)
		return fail(err, FAULT_FILE_EMPTY, "the file is empty");
	/* Of a program of 32 bits: the rest would be cut off in silence. */
	if ((uintmax_t)st->st_size > SIZE_MAX)
		return fail(err, FAULT_FIT_MEMORY,
			"the file has %lld bytes, which is more than this program can address",
			(long long)st->st_size);
	return check_size((uint64_t)st->st_size, err);
}

/* Files of sysfs cannot be mapped, and tell their size truly where they are blobs. */
static void *read_unmappable(int fd, size_t size)
{
	uint8_t *bytes =
		mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	size_t done = 0;

	while (bytes != MAP_FAILED && done < size) {
		ssize_t n = pread(fd, bytes + done, size - done, (off_t)done);

		if (n <= 0) {
			munmap(bytes, size);
			return MAP_FAILED;
		}
		done += (size_t)n;
	}
	return bytes;
}

bool file_adopt(const char *path, int fd, struct file *ret, struct error *err)
{
	struct file file = { .path = path, .fd = fd };
	void *bytes;

	if (fstat(fd, &file.identity) < 0) {
		fail_errno(err, FAULT_FILE_UNREADABLE, errno, "fstat");
		close(fd);
		return false;
	}
	if (!check_kind(&file.identity, err)) {
		close(fd);
		return false;
	}
	bytes = mmap(NULL, (size_t)file.identity.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (bytes == MAP_FAILED && errno == ENODEV)
		bytes = read_unmappable(fd, (size_t)file.identity.st_size);
	if (bytes == MAP_FAILED) {
		fail_errno(err, FAULT_FILE_UNREADABLE, errno, "mmap");
		close(fd);
		return false;
	}
	file.bytes = (struct view){ bytes, (size_t)file.identity.st_size };
	*ret = file;
	return true;
}

/* The innermost of the folders that path lies below; *ret_inside is the part of path behind it. */
static const char *folder_of(const char *const *folders, const char *path, const char **ret_inside)
{
	const char *best = NULL;
	size_t longest = 0;

	for (; folders && *folders; folders++) {
		size_t n = strlen(*folders);

		if (n <= longest || strncmp(*folders, path, n) != 0 || path[n] != '/')
			continue;
		best = *folders;
		longest = n;
	}
	*ret_inside = path + longest + strspn(path + longest, "/");
	return best;
}

static int open_below(const char *folder, const char *inside)
{
	int at = open(folder, O_PATH | O_DIRECTORY | O_CLOEXEC), fd, failure;

	if (at < 0)
		return -1;
	fd = below_open(at, inside, OPEN_INPUT);
	failure = errno;
	close(at);
	errno = failure;
	return fd;
}

bool file_open_within(
	const char *const *folders, const char *path, struct file *ret, struct error *err)
{
	const char *inside, *folder = folder_of(folders, path, &inside);
	int fd = folder ? open_below(folder, inside) : open(path, OPEN_INPUT);

	if (fd < 0)
		return fail_errno(err, file_fault_of_open(errno), errno, "open");
	return file_adopt(path, fd, ret, err);
}

bool file_open(const char *path, struct file *ret, struct error *err)
{
	return file_open_within(NULL, path, ret, err);
}

bool file_open_descriptor(const char *path, int fd, struct file *ret, struct error *err)
{
	int own = fcntl(fd, F_DUPFD_CLOEXEC, 0);

	if (own < 0)
		return fail_errno(err, FAULT_FILE_UNREADABLE, errno, "file descriptor %d", fd);
	if (!file_adopt(path, own, ret, err))
		return false;
	ret->is_shared = true;
	return true;
}

static bool same_time(struct timespec a, struct timespec b)
{
	return a.tv_sec == b.tv_sec && a.tv_nsec == b.tv_nsec;
}

bool file_check(const struct file *file, struct error *err)
{
	struct stat now;

	if (fstat(file->fd, &now) < 0)
		return fail_errno(err, FAULT_FILE_UNREADABLE, errno, "%s: fstat", file->path);
	if (now.st_size != file->identity.st_size)
		return fail(err, FAULT_FILE_CHANGED, "%s changed its size from %lld to %lld bytes",
			file->path, (long long)file->identity.st_size, (long long)now.st_size);
	if (!same_time(now.st_mtim, file->identity.st_mtim))
		return fail(err, FAULT_FILE_CHANGED, "%s was written to while it was loaded",
			file->path);
	/* Whoever sets the time of writing back cannot set this one. */
	if (!same_time(now.st_ctim, file->identity.st_ctim))
		return fail(
			err, FAULT_FILE_CHANGED, "%s was changed while it was loaded", file->path);
	return true;
}

bool file_is_settled(const struct file *file)
{
	enum { COARSEST = 2 }; /* seconds: FAT */
	const time_t now = time(NULL);

	return file->identity.st_mtim.tv_sec < now - COARSEST &&
		file->identity.st_ctim.tv_sec < now - COARSEST;
}

/* The signal that tells of a waiting writer is one that nobody minds. */
bool file_lease(struct file *file)
{
	if (file->is_leased)
		return true;
	if (file->is_shared || fcntl(file->fd, F_SETSIG, SIGURG) < 0 ||
		fcntl(file->fd, F_SETLEASE, F_RDLCK) < 0)
		return false;
	file->is_leased = true;
	return true;
}

static bool fill(int fd, struct view bytes)
{
	while (bytes.n) {
		ssize_t n = write(fd, bytes.p, bytes.n);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		bytes = view_from(bytes, (uint64_t)n);
	}
	return fcntl(fd, F_ADD_SEALS, F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE) ==
		0;
}

bool file_copy(struct file *file, struct error *err)
{
	void *at = (void *)(uintptr_t)file->bytes.p;
	bool done = false;
	int fd;

	if (file->is_copied)
		return true;
	if (!limits_check_file(file->bytes.n, err))
		return error_prefix(err, "%s: a copy in memory: ", file->path);
	fd = memfd_create("copy", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	if (fd >= 0)
		done = fill(fd, file->bytes) &&
			mmap(at, file->bytes.n, PROT_READ, MAP_PRIVATE | MAP_FIXED, fd, 0) == at;
	if (!done)
		fail_errno(err, FAULT_NO_MEMORY, errno, "%s: a copy in memory", file->path);
	if (fd >= 0)
		close(fd);
	file->is_copied = done;
	return done;
}

void file_release(struct file *file)
{
	if (!file->is_leased)
		return;
	(void)fcntl(file->fd, F_SETLEASE, F_UNLCK);
	file->is_leased = false;
}

void file_close(struct file *file)
{
	if (!file->bytes.p)
		return;
	file_release(file);
	munmap((void *)file->bytes.p, file->bytes.n);
	if (file->fd >= 0)
		close(file->fd);
	*file = (struct file){ .fd = -1 };
}
