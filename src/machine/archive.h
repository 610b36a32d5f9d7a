/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Archive: a captured machine as one file of text, to be read, mailed and pasted into a report:
 *
 *	saut-machine 1
 *	anything that people should know, up to the first file
 *	=== proc/cmdline
 *	root=/dev/sda1 quiet
 *	=== sys/kernel/boot_params/data hex 4096
 *	00 00 00 ...
 *
 * A file's bytes are the lines below its name; with hex they are spelled out, which is for whatever
 * is not text or does not end with a newline. Up to the size behind hex, if there is one, zeros
 * follow: QEMU's device trees are a mebibyte of nearly nothing else. Of a file behind whose name stands "unreadable",
 * which the machine has and nobody could read, the line below is the reason: it is no more absent there than it was.
 */
#pragma once

#include "base/error.h"
#include "machine/source.h"

struct archive_file {
	const char *path;
	struct view bytes;
	bool is_unreadable; /* and bytes are the reason */
};

struct archive {
	struct source source; /* valid as long as the archive is, at the address where it is */
	const struct archive_file *files; /* by path; of two with one path either is read */
	size_t count;
};

/*
 * The text of an archive with these files, by path: what is text as it is, the rest spelled out. about is a line for
 * people. NULL when memory is out.
 */
const char *archive_write(
	const struct archive_file *files, size_t count, const char *about, struct arena *arena);

/* The bytes of the files lie in text or in the arena. */
bool archive_parse(struct view text, struct arena *arena, struct archive *ret, struct error *err)
	__attribute__((warn_unused_result));
