/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Who but root can change what is read by a path: by the file, by a folder on the way, which lets another file be
 * put there, or by those that a link leads through. A machine that is not the running one tells no such rights.
 */
#pragma once

#include "machine/source.h"

struct writers {
	const char *path; /* the file or folder that somebody else can write */
	const char *
		what; /* the same as a sentence: "/etc/kexec.conf can be written by everybody (mode 0666)" */
	/* Its file system knows no owners: the options of its mount have given these rights to all of it alike. */
	bool by_mount;
};

/*
 * Of an absolute path. IS_ABSENT: root alone, as far as is told, or there is nothing; IS_UNREADABLE: the rights
 * cannot be read, *err says of what.
 */
enum presence writers_find(const struct source *source, const char *path, struct arena *arena,
	struct writers *ret, struct error *err);
