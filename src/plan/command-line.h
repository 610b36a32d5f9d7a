/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The next kernel's command line from the running one's. Words are separated by white space
 * outside double quotes, as the kernel's own parser has it.
 */
#pragma once

#include <stdbool.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/notes.h"

/*
 * The line without the words that are not for the next kernel: what the boot loader put there for
 * itself (BOOT_IMAGE=), what we added for the running one (marked-parameters.h) and, for a crash kernel, the
 * memory that the running one was to reserve for it (crashkernel=). Each one that is left out is
 * noted. NULL when memory is out.
 */
const char *command_line_reuse(
	const char *line, bool crash, struct arena *arena, struct notes *notes);

/* Why the line above goes without a word; NULL: it is left out for another reason, or not at all. */
const char *command_line_own_word(const char *word, size_t length);

/*
 * The line without its last words where these are the words of end: what is about to be added to a
 * reused line, and was added to it before. NULL when memory is out.
 */
const char *command_line_without_end(const char *line, const char *end, struct arena *arena);

/* How many characters belong to the word at s, with its quotes; 0 at a blank and at the end. */
size_t command_line_word(const char *s);

/* The line without the words that leaves_out is true of, called with each. NULL when memory is out. */
const char *command_line_filter(const char *line,
	bool (*leaves_out)(void *context, const char *word, size_t length), void *context,
	struct arena *arena);

/* How many blanks stand at s. */
size_t command_line_blanks(const char *s);

/* Both with a blank between them, or the one that is not empty. NULL when memory is out. */
const char *command_line_join(const char *first, const char *second, struct arena *arena);

/* The last value of NAME=VALUE, as it is written; NULL: there is none, or memory is out. */
const char *command_line_value(const char *line, const char *name, struct arena *arena);

/* The line without the words NAME=VALUE, or with the last of them alone. NULL when memory is out. */
const char *command_line_without(
	const char *line, const char *name, bool keep_last, struct arena *arena);
