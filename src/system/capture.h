/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A machine as one file of text (machine/archive.h), which stands for it wherever a root is asked for. It has what was
 * asked for by those who read machines, since they are what makes it, and of that what may be shown to others
 * (machine/anonymous.h).
 */
#pragma once

#include "base/arena.h"
#include "base/error.h"
#include "base/notes.h"

struct captured {
	const char *text;
	size_t files, left_out; /* how many it has, and how many were read and are not in it */
};

/* Of a folder or an archive, or for NULL of this machine. Notes name what could not be read. All is in the arena. */
bool system_capture(const char *root, struct arena *arena, struct notes *notes,
	struct captured *ret, struct error *err) __attribute__((warn_unused_result));
