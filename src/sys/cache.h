/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Large files that we keep for ourselves in a folder of our own, any of which may be missing or damaged at any time:
 * whole or not at all. It knows names and bytes, not what they are.
 */
#pragma once

#include <limits.h>

#include "base/digest.h"
#include "codec/codec.h"
#include "sys/file.h"

/* The folder is there, and ours alone. */
bool cache_make(const char *folder);

/* A file there; false where there is none, or where somebody else than root or we may have written it or the folder. */
bool cache_open(const char *folder, const char *name, struct file *ret)
	__attribute__((warn_unused_result));

/* A sink into a new file, which has no name that anybody looks for until it is whole. */
struct cache_file {
	struct sink sink;     /* what comes is put behind the header */
	struct digest digest; /* over that, by DIGEST_CRC32C */
	int folder, fd;
	size_t header;
	char fresh[PATH_MAX];
};

/* With room for so many bytes of a header. The folder is made where it is missing. */
bool cache_begin(const char *folder, size_t header, uint64_t limit, struct cache_file *ret,
	struct error *err) __attribute__((warn_unused_result));

/* With its header, under its name and on the disk, in place of what has that name. It is used up, also on failure. */
bool cache_keep(struct cache_file *file, const char *name, const uint8_t *header, struct error *err)
	__attribute__((warn_unused_result));

/* Throws it away. */
void cache_drop(struct cache_file *file);

/* What such a file system has free, with what the folder holds by now. */
struct cache_space {
	uint64_t available, held;
	bool is_memory; /* what is kept there is held in memory, or may be */
};

/* Zeros where it is not known. */
struct cache_space cache_space(const char *folder);

/* Removes all files there but those that are named; NULL at the end. */
void cache_leave_only(const char *folder, const char *const *names);
