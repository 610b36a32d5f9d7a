/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Source: where the files that describe a machine are read from. The live system and a captured
 * folder are the same implementation with another root; a unit test may hold its files in a table.
 * What the kernel tells by system call alone is a file as well, made by the live source:
 *
 *	saut/uname	RELEASE MACHINE (utsname), separated by one blank
 *	saut/syscalls	lines "kexec_load yes|no" and "kexec_file_load yes|no"
 *	saut/page-size	bytes, decimal
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
