/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Input files, mapped instead of read: what is loaded is never copied into the loader's memory.
 * A file that is written to while it is mapped is noticed by file_check before and after use; one
 * that shrinks would end the program by SIGBUS, see sys/sigbus.h.
 */
#pragma once

#include <stdbool.h>
#include <sys/stat.h>

#include "base/bytes.h"
#include "base/error.h"

struct file {
	const char *path; /* borrowed */
	int fd;
	struct view bytes; /* the mapping */
	struct stat identity; /* as the file was when it was opened */
};

/* Only regular files with something in them; never blocks on a FIFO or a device. */
bool file_open(const char *path, struct file *ret, struct error *err)
	__attribute__((warn_unused_result));

/* The same of what fd holds, which stays open and as it is; path is what messages call it. */
bool file_open_descriptor(const char *path, int fd, struct file *ret, struct error *err)
	__attribute__((warn_unused_result));

/* Maps what fd holds; takes fd over, also when it fails. */
bool file_adopt(const char *path, int fd, struct file *ret, struct error *err)
	__attribute__((warn_unused_result));

/* FAULT_FILE_CHANGED where the file is no longer what was opened. */
bool file_check(const struct file *file, struct error *err) __attribute__((warn_unused_result));

/* Of a closed or zeroed file too; the bytes are gone. */
void file_close(struct file *file);
