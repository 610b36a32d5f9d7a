/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the running kernel is, so exactly that a file can be held against it, and what it has found to be in
 * order in this boot.
 */
#pragma once

#include "machine/source.h"

struct own_build {
	const char
		*version; /* "#1 SMP PREEMPT_DYNAMIC Debian 6.12.57-1"; "" where it is not known */
	/*
	 * The note of its build ID, header and all, as its file has it (elf(5), "Notes"; ld(1), --build-id);
	 * empty where it is not known to have one.
	 */
	struct view id;
	/* Why its ciphers are not known to have passed their tests in this boot; NULL: they have. */
	const char *ciphers_untested;
};

/* What cannot be read is not known; false only when memory is out. */
bool own_build_read(const struct source *source, struct arena *arena, struct own_build *ret)
	__attribute__((warn_unused_result));
