/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Opens and reads; knows nothing of what the bytes mean. */
#include "sys/big-file.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/whole.h"
#include "sys/file.h"

static bool read_piece(
	const struct big_file *file, uint64_t offset, struct block *to, struct error *err)
{
	const struct open_file *open = WHOLE_OF(file, const struct open_file, file);

	for (size_t done = 0; done < to->n;) {
		ssize_t n = pread(open->fd, to->p + done, to->n - done, (off_t)(offset + done));

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return fail_errno(err, FAULT_FILE_UNREADABLE, errno,
				"reading %zu bytes at %#llx of it failed", to->n - done,
				(unsigned long long)(offset + done));
		if (n == 0)
			return fail(err, FAULT_FILE_CHANGED, "it ends at byte %llu, and was longer",
				(unsigned long long)(offset + done));
		done += (size_t)n;
	}
	return true;
}

static bool find_size(int fd, uint64_t *ret, struct error *err)
{
	struct stat st;
	off_t end;

	if (fstat(fd, &st) != 0)
		return fail_errno(err, FAULT_FILE_UNREADABLE, errno, "fstat(2) failed");
	if (!S_ISREG(st.st_mode) && !S_ISBLK(st.st_mode))
		return fail(err, FAULT_FILE_NOT_REGULAR, "it is neither a file nor a block device");
	end = S_ISREG(st.st_mode) ? st.st_size : lseek(fd, 0, SEEK_END);
	if (end < 0)
		return fail_errno(err, FAULT_FILE_UNREADABLE, errno, "its size cannot be told");
	*ret = (uint64_t)end;
	return true;
}

bool big_file_open(const char *path, struct open_file *ret, struct error *err)
{
	struct open_file open_file = { .file = { .read = read_piece } };

	open_file.fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (open_file.fd < 0)
		return fail_errno(err, file_fault_of_open(errno), errno, "it cannot be opened");
	if (!find_size(open_file.fd, &open_file.file.size, err)) {
		close(open_file.fd);
		return false;
	}
	*ret = open_file;
	return true;
}

void big_file_close(struct open_file *file)
{
	close(file->fd);
}
