/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Source: where the files that describe a machine are read from: the live system, a captured
 * folder or archive (machine/archive.h), a table in a unit test.
 * What the kernel tells by system call alone is a file as well, made by the live source:
 *
 *	saut/uname	RELEASE MACHINE (utsname), separated by one blank
 *	saut/syscalls	lines "kexec_load yes|no" and "kexec_file_load yes|no"
 *	saut/page-size	bytes, decimal
 *	saut/kmsg	the messages of the kernel's log that it still has, a line each
 *	saut/init	the program that process 1 runs, by /proc/1/exe; for root alone
 */
#pragma once

#include <stdbool.h>

#include "base/arena.h"
#include "base/bytes.h"

struct source {
	/*
	 * The whole of a file, path relative to the root ("proc/iomem"), with a zero byte behind
	 * it. False when it is missing or unreadable: which facts matter is the caller's business.
	 */
	bool (*read)(const struct source *source, const char *path, struct arena *arena,
		struct view *ret);

	/*
	 * The names in a folder without "." and "..", sorted (digits by number), as a
	 * NULL-terminated array. False when there is no such folder.
	 */
	bool (*list)(const struct source *source, const char *path, struct arena *arena,
		const char *const **ret);
};

/* Of two const char *, for qsort: numbers by value, then everything else by its bytes. */
int source_compare_names(const void *x, const void *y);
