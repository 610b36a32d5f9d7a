/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "sys/memfd.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/whole.h"
#include "sys/limits.h"

static bool put(struct sink *sink, struct view piece, struct error *err)
{
	struct memfd *memfd = WHOLE_OF(sink, struct memfd, sink);

	if (piece.n > memfd->room || sink->taken > memfd->room - piece.n)
		return fail(err, FAULT_NO_MEMORY,
			"in memory it becomes more than the %llu MiB that are available",
			(unsigned long long)(memfd->room >> 20));
	if (!limits_check_file(sink->taken + piece.n, err))
		return false;
	while (piece.n) {
		ssize_t n = write(memfd->fd, piece.p, piece.n);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return fail_errno(err, FAULT_NO_MEMORY, errno, "write to a file in memory");
		piece = view_from(piece, (uint64_t)n);
	}
	return true;
}

bool memfd_begin(const char *name, uint64_t limit, struct memfd *ret, struct error *err)
{
	int fd = memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING);

	if (fd < 0)
		return fail_errno(err, FAULT_NO_MEMORY, errno, "memfd_create");
	*ret = (struct memfd){ { put, limit, 0 }, fd, UINT64_MAX };
	return true;
}

bool memfd_finish(struct memfd *memfd, const char *path, struct file *ret, struct error *err)
{
	static const int seals = F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE;
	int fd = memfd->fd;

	memfd->fd = -1;
	if (fcntl(fd, F_ADD_SEALS, seals) < 0) {
		fail_errno(err, FAULT_INTERNAL, errno, "seal a file in memory");
		close(fd);
		return false;
	}
	return file_adopt(path, fd, ret, err);
}

void memfd_drop(struct memfd *memfd)
{
	if (memfd->fd >= 0)
		close(memfd->fd);
	memfd->fd = -1;
}
