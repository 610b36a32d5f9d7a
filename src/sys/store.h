/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The few small files that we leave for others: whole or not at all, on the disk when we return. */
#pragma once

#include <limits.h>
#include <stdbool.h>

#include "base/arena.h"
#include "base/bytes.h"
#include "base/error.h"

/*
 * In place of what was there; the folders of path are made where they are missing. Of several who write
 * at once the last one's text stays, and a reader sees one of them whole.
 */
bool store_file(const char *path, const char *text, struct error *err)
	__attribute__((warn_unused_result));

/* Where there is none yet, for its owner alone to read. */
bool store_new(const char *path, const char *text, struct error *err)
	__attribute__((warn_unused_result));

/* The same, on the disk only when that is synchronised next. */
bool store_file_later(const char *path, const char *text, struct error *err)
	__attribute__((warn_unused_result));

/*
 * The same number of bytes in their place, where those that are there are still these: for files whose
 * blocks on the disk others know.
 */
bool store_in_place(const char *path, struct view old, struct view bytes, struct error *err)
	__attribute__((warn_unused_result));

/*
 * A new file, open to be read and written, that nobody else has: below the open folder at, or AT_FDCWD; its name is the
 * prefix and what is different each time. Where others may write, a link of theirs leads nowhere. -1, and errno tells why.
 */
int store_create_fresh(int at, const char *prefix, int mode, char fresh[static PATH_MAX]);

struct stat;

/* Whether nobody else than root or we may have written it, by its owner and mode. */
bool store_is_own(const struct stat *st);

/* All of them, from this place of the file on; errno tells why not. */
bool store_write_at(int fd, struct view bytes, uint64_t at) __attribute__((warn_unused_result));

/*
 * What such a file has: nothing where there is none, where it is larger than any of ours, or where somebody else than
 * root or we may have written it.
 */
struct view store_own(const char *path, struct arena *arena);

/* Whether a file is there that we may write to: by its mode, and its file system is not read-only. */
bool store_may_write(const char *path);

/* It may be missing already. */
bool store_remove(const char *path, struct error *err) __attribute__((warn_unused_result));
