/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "sys/limits.h"

#include <signal.h>
#include <sys/resource.h>

/* In bytes; a job, the plan in it and what unpacks take less than half of the least. */
enum { STACK_LEAST = 512 << 10, STACK_WANTED = 8 << 20 };
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

bool limits_raise(struct error *err)
{
	struct rlimit stack;

	(void)signal(SIGXFSZ, SIG_IGN);
	raise_to(RLIMIT_FSIZE, RLIM_INFINITY);
	raise_to(RLIMIT_NOFILE, FILES_WANTED);
	raise_to(RLIMIT_STACK, STACK_WANTED);
	if (getrlimit(RLIMIT_STACK, &stack) < 0 || stack.rlim_cur >= STACK_LEAST)
		return true;
	return fail(err, FAULT_LIMITED, "the stack is limited to %llu KiB, and %d KiB are needed",
		(unsigned long long)(stack.rlim_cur >> 10), STACK_LEAST >> 10);
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
