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
 * follow: QEMU's device trees are a mebibyte of nearly nothing else.
 */
#pragma once

#include "base/error.h"
#include "machine/source.h"

struct archive_file {
	const char *path;
	struct view bytes;
};

struct archive {
	struct source source; /* valid as long as the archive is, at the address where it is */
	const struct archive_file *files; /* by path; of two with one path either is read */
	size_t count;
};

/* The bytes of the files lie in text or in the arena. */
bool archive_parse(struct view text, struct arena *arena, struct archive *ret, struct error *err)
	__attribute__((warn_unused_result));
