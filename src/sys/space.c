/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "sys/space.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/arith.h"
#include "base/whole.h"

/* Less address space than this is not worth a try. */
#define LEAST KiB(64)

static bool put(struct sink *sink, struct view piece, struct error *err)
{
	struct space *space = WHOLE_OF(sink, struct space, sink);

	if (sink->taken > space->size || piece.n > space->size - sink->taken)
		return fail(err, FAULT_NO_MEMORY,
			"in memory it becomes more than the %llu MiB that are available",
			(unsigned long long)(space->size >> 20));
	memcpy(space->p + sink->taken, piece.p, piece.n);
	return true;
}

static struct room room_behind(struct sink *sink)
{
	struct space *space = WHOLE_OF(sink, struct space, sink);

	return (struct room){ space->p + sink->taken, space->size - (size_t)sink->taken };
}

/* Linux before 5.14 knows nothing of it: then each page comes when it is written to. */
#ifndef MADV_POPULATE_WRITE
#define MADV_POPULATE_WRITE 23
#endif

/* Where this fails for want of memory, what is written to it fails as it would have before. */
static void populate(struct sink *sink, size_t n)
{
	struct space *space = WHOLE_OF(sink, struct space, sink);
	const size_t page = (size_t)sysconf(_SC_PAGESIZE), begins = (size_t)sink->taken % page;

	(void)madvise(space->p + sink->taken - begins, begins + n, MADV_POPULATE_WRITE);
}

/* Of a smaller half where not so many can be had: RLIMIT_AS, and where memory is promised once only. */
static void reserve(uint64_t most, struct space *ret)
{
	uint64_t size = min_u64(most, SIZE_MAX / 4);

	for (; size >= LEAST; size /= 2) {
		void *p = mmap(NULL, (size_t)size, PROT_READ | PROT_WRITE,
			MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

		if (p == MAP_FAILED)
			continue;
		ret->p = p;
		ret->size = (size_t)size;
		return;
	}
}

bool space_begin(struct space_wanted wanted, struct space *ret, struct error *err)
{
	struct space space = { .sink = { .put = put,
				       .limit = wanted.limit,
				       .room = room_behind,
				       .expect = populate } };

	reserve(max_u64(min_u64(wanted.limit, wanted.room), LEAST), &space);
	if (!space.p)
		return fail_errno(err, FAULT_NO_MEMORY, errno, "reserve memory");
	/* A kernel without them takes small ones. */
	if (wanted.large)
		(void)madvise(space.p, space.size, MADV_HUGEPAGE);
	*ret = space;
	return true;
}

bool space_finish(struct space *space, const char *path, struct file *ret, struct error *err)
{
	const long page = sysconf(_SC_PAGESIZE);
	size_t n = (size_t)space->sink.taken, kept;

	if (n == 0) {
		space_drop(space);
		return fail(err, FAULT_FILE_EMPTY, "the file is empty");
	}
	if (mprotect(space->p, n, PROT_READ) < 0) {
		fail_errno(err, FAULT_INTERNAL, errno, "protect memory");
		space_drop(space);
		return false;
	}
	kept = (n + (size_t)page - 1) / (size_t)page * (size_t)page;
	if (kept < space->size)
		munmap(space->p + kept, space->size - kept);
	*ret = (struct file){ .path = path, .fd = -1, .bytes = { space->p, n } };
	space->p = NULL;
	return true;
}

void space_drop(struct space *space)
{
	if (space->p)
		munmap(space->p, space->size);
	space->p = NULL;
}

static bool put_nowhere(struct sink *sink, struct view piece, struct error *err)
{
	(void)sink, (void)piece, (void)err;
	return true;
}

static struct room room_again(struct sink *sink)
{
	struct space *space = WHOLE_OF(sink, struct space, sink);

	return (struct room){ space->p, space->size };
}

struct space space_scratch(uint64_t room)
{
	struct space space = { .sink = { .put = put_nowhere, .limit = UINT64_MAX } };

	reserve(room, &space);
	if (space.p)
		space.sink.room = room_again;
	return space;
}
