/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Files in memory for what has no file of its own: an unpacked kernel, several initrds in one.
 * Sealed when complete, so that what was checked is what is loaded; no temporary file is left.
 */
#pragma once

#include "codec/codec.h"
#include "sys/file.h"

/* A sink into a file in memory. */
struct memfd {
	struct sink sink;
	int fd;
	uint64_t room; /* the memory that is left for it; UINT64_MAX until somebody knows better */
};

bool memfd_begin(const char *name, uint64_t limit, struct memfd *ret, struct error *err)
	__attribute__((warn_unused_result));

/* Seals and maps it; path is what messages call it. The memfd is used up, also on failure. */
bool memfd_finish(struct memfd *memfd, const char *path, struct file *ret, struct error *err)
	__attribute__((warn_unused_result));

/* Throws it away. */
void memfd_drop(struct memfd *memfd);
