/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * One word of a text, as a POSIX shell reads it (POSIX.1-2024, 2.2 "Quoting", 2.6.2 "Parameter Expansion"): quotes,
 * backslashes, and the values of names that were assigned before. Knows nothing of lines and assignments.
 */
#pragma once

#include "service/assignments.h"

/* One walk over a text. */
struct scan {
	struct view text;
	size_t at;
	unsigned line;
	struct assignments *known; /* what $NAME may name; NULL: $ is a character like others */
	struct arena *arena;
	char *out; /* as long as the text, or ASSIGNMENT_VALUE_MAX */
	size_t n;
	const char *obstacle; /* the first one */
};

/* Room for one value of the text; NULL: memory is out. Without expansions it is not longer than what is written. */
char *scan_begin_value(struct view text, struct arena *arena);

/* The byte so far ahead, and the next one, which is taken; -1: the text has ended. */
int scan_peek(const struct scan *s, size_t ahead);
int scan_take(struct scan *s);

/* Why the value cannot be known. The first reason stays. */
void scan_refuse(struct scan *s, const char *obstacle);

/* One byte of the value: words of command lines and names of files are one line, for a terminal as well. */
void scan_put(struct scan *s, int c);

/* What the name was assigned before; an obstacle where it was not. */
void scan_put_value(struct scan *s, struct view name);

/* NAME where one begins here, and no more than that. */
struct view scan_variable(struct scan *s);

bool scan_is_blank(int c);
void scan_skip_blanks(struct scan *s);
bool scan_ends_word(const struct scan *s);

/* Up to the word's end, or to what cannot be followed. */
void scan_word(struct scan *s);
