/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * os-release(5): what a system calls itself. What a boot loader makes of such a file in an image is the
 * boot loader's own reading, and is not here (entry/bls/uki.c).
 */
#pragma once

#include "base/arena.h"
#include "machine/source.h"

enum { OS_RELEASE_FILES = 2 };

/* The first that is there counts. */
extern const char *const os_release_files[OS_RELEASE_FILES];

/* The last value of this key, without its quotes; "" where it has none, or memory is out. */
const char *os_release_value(struct view text, const char *key, struct arena *arena);

/* That of the running system; "" as well where its files cannot be read. */
const char *os_release_read(const struct source *source, const char *key, struct arena *arena);
