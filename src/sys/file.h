/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Input files, mapped instead of read: what is loaded is never copied into the loader's memory.
 * A file that is written to while it is mapped is noticed by file_check; one that shrinks would end
 * the program by SIGBUS (the commands say so by message_sigbus). What is handed to the kernel is
 * held before it is checked, so that it cannot change any more.
 */
#pragma once

#include <stdbool.h>
#include <sys/stat.h>

#include "base/bytes.h"
#include "base/error.h"

struct file {
	const char *path;     /* borrowed */
	int fd;               /* -1: it has none, see sys/space.h */
	struct view bytes;    /* the mapping */
	struct stat identity; /* as the file was when it was opened */
	bool is_shared;       /* fd is a duplicate of somebody else's */
	bool is_leased;       /* nobody can open the file for writing until file_release */
	bool is_copied;       /* bytes are a sealed copy, whatever happens to the file */
};

/* Only regular files with something in them; never blocks on a FIFO or a device. */
bool file_open(const char *path, struct file *ret, struct error *err)
	__attribute__((warn_unused_result));

/*
 * The same where a link must not lead out of its file system: of a path below one of the folders, a list with
 * NULL at its end, all links are followed as if that folder were the root (sys/below.h). NULL: of none.
 */
bool file_open_within(const char *const *folders, const char *path, struct file *ret,
	struct error *err) __attribute__((warn_unused_result));

/* The same of what fd holds, which stays open and as it is; path is what messages call it. */
bool file_open_descriptor(const char *path, int fd, struct file *ret, struct error *err)
	__attribute__((warn_unused_result));

/* Maps what fd holds; takes fd over, also when it fails. */
bool file_adopt(const char *path, int fd, struct file *ret, struct error *err)
	__attribute__((warn_unused_result));

/* What it means that open(2) of a file to be read ended with this error. */
enum fault file_fault_of_open(int errnum);

/* FAULT_FILE_CHANGED where the file is no longer what was opened. */
bool file_check(const struct file *file, struct error *err) __attribute__((warn_unused_result));

/*
 * Whether it was last changed so long before now that a change from now on would give it other times. A file system's
 * clock goes in steps.
 */
bool file_is_settled(const struct file *file);

/*
 * Keeps others from writing: who opens the file for that waits until file_release. False where the file
 * system has no leases (fcntl(2), F_SETLEASE), somebody has the file open for writing, or the descriptor
 * is not ours alone, since a lease is of all its duplicates.
 */
bool file_lease(struct file *file);

/*
 * Puts a sealed copy of the bytes in memory in their place, at the same address. What was changed
 * before is for file_check to tell; what is changed from now on does not matter.
 */
bool file_copy(struct file *file, struct error *err) __attribute__((warn_unused_result));

/* Ends a lease; a copy stays one. */
void file_release(struct file *file);

/* Of a closed or zeroed file too; the bytes are gone. */
void file_close(struct file *file);
