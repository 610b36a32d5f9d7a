/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "sys/limits.h"

#include <signal.h>
#include <sys/mman.h>
#include <sys/resource.h>

/* In bytes; a job, the plan in it and what unpacks take less than half of the least. */
enum { STACK_LEAST = 512 << 10, STACK_USED = STACK_LEAST * 3 / 4, STACK_WANTED = 8 << 20 };
enum { PAGE_LEAST = 4096 };
enum { FILES_WANTED = 256 };

/* To wanted, or as far as we may: beyond the hard limit with CAP_SYS_RESOURCE alone. C libraries differ in the type. */
static void raise_to(int resource, rlim_t wanted)
{
	struct rlimit now, more;

	if (getrlimit(resource, &now) < 0 || now.rlim_cur >= wanted)
		return;
	more = (struct rlimit){ wanted, now.rlim_max < wanted ? wanted : now.rlim_max };
	if (setrlimit(resource, &more) == 0)
		return;
	more = (struct rlimit){ now.rlim_max, now.rlim_max };
	(void)setrlimit(resource, &more);
}

/*
 * Where memory is limited (ulimit -v), a stack that cannot grow any more is a segmentation fault: it grows now, before
 * files take what there is.
 */
static __attribute__((noinline)) void grow_stack(void)
{
	volatile uint8_t room[STACK_USED];

	for (size_t i = sizeof room; i >= PAGE_LEAST; i -= PAGE_LEAST)
		room[i - 1] = 0;
}

static bool has_room_for_stack(void)
{
	void *p =
		mmap(NULL, STACK_USED, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED)
		return false;
	munmap(p, STACK_USED);
	return true;
}

bool limits_raise(struct error *err)
{
	struct rlimit stack;

	(void)signal(SIGXFSZ, SIG_IGN);
	raise_to(RLIMIT_FSIZE, RLIM_INFINITY);
	raise_to(RLIMIT_NOFILE, FILES_WANTED);
	raise_to(RLIMIT_STACK, STACK_WANTED);
	if (getrlimit(RLIMIT_STACK, &stack) == 0 && stack.rlim_cur < STACK_LEAST)
		return fail(err, FAULT_LIMITED,
			"the stack is limited to %llu KiB, and %d KiB are needed",
			(unsigned long long)(stack.rlim_cur >> 10), STACK_LEAST >> 10);
	if (!has_room_for_stack())
		return fail_no_memory(err);
	grow_stack();
	return true;
}

bool limits_check_file(uint64_t size, struct error *err)
{
	struct rlimit file;

	if (getrlimit(RLIMIT_FSIZE, &file) < 0 || size <= file.rlim_cur)
		return true;
	return fail(err, FAULT_LIMITED,
		"files, those in memory among them, are limited to %llu KiB, and this one takes more",
		(unsigned long long)(file.rlim_cur >> 10));
}
