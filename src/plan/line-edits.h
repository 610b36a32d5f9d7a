/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What somebody wants changed on a next kernel's command line, wherever that line comes from. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/notes.h"

struct line_edits {
	/* "quiet" is that word and each quiet=VALUE, "console=tty0" is that word alone. */
	const char *const *removed;
	size_t removed_count;
	const char *added; /* words, put behind the others; NULL: none */
};

/*
 * First the words are taken out, then others are added, which are not there twice where the line ends in
 * them already. A word to be removed that is not there is a note. NULL when memory is out.
 */
const char *line_edits_apply(
	const struct line_edits *edits, const char *line, struct arena *arena, struct notes *notes);
