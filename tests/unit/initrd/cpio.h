/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Builds newc cpio (buffer-format.rst), honest and otherwise, for tests. */
#pragma once

#include "base/arena.h"
#include "base/bytes.h"

struct cpio_member {
	const char *name;
	struct view data;

	/* Instead of the honest ones, eight characters each. */
	const char *magic, *filesize, *namesize;
};

/* The member with its padding. */
struct view cpio_pack(struct arena *a, const struct cpio_member *member);

struct view cpio_trailer(struct arena *a);

/* One member with this name and text, and the trailer. */
struct view cpio_archive(struct arena *a, const char *name, const char *text);

struct view cpio_zeros(struct arena *a, size_t n);
