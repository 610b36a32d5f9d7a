/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Settings: the assignments of a file that a shell may source as well (/etc/kexec.conf), as "Shell
 * Command Language" of POSIX reads them: quotes, backslashes, comments. Nothing is ever expanded or
 * run: a value that a shell would expand is told from a plain one, and all else is passed over.
 */
#pragma once

#include <stdbool.h>

#include "base/arena.h"

struct setting {
	const char *name, *value; /* in the arena */
	unsigned line;            /* where it begins */
	bool is_plain; /* false: value has a $ or a backquote in it, where a shell would expand it */
};

struct setting_reader {
	struct view text;
	struct arena *arena;
	size_t at;
	unsigned line; /* of what is at, from 1 */
};

struct setting_reader setting_reader_make(struct view text, struct arena *arena);

/* The next assignment; false at the end, also when memory is out. */
bool setting_next(struct setting_reader *r, struct setting *ret);

/* The last assignment to this name, which is the one that counts; false where there is none. */
bool setting_find(struct view text, const char *name, struct arena *arena, struct setting *ret);

/* yes, true, on and 1; no, false, off and 0; of either case. False for anything else. */
bool setting_is_yes(const char *value, bool *ret) __attribute__((warn_unused_result));
