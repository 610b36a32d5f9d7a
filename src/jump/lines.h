/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A small file of what was found out: a line each, a key and an answer. The newest lines stay. It knows neither what is
 * asked nor of what.
 */
#pragma once

#include "base/arena.h"
#include "base/bytes.h"

struct known_lines {
	const char *path; /* NULL: there is none */
	struct view text;
	bool is_read;
};

/* Between what is known and what it is known of: no name has it. */
#define LINES_BETWEEN "\t"

/* Whether it can be a part of a line. */
bool lines_may_have(const char *text);

/* The answer to a key, in the arena; NULL: none. The file is read once. */
const char *lines_recall(struct known_lines *lines, const char *key, struct arena *arena);

/* Keeps it where the file can be written. Neither has a line's end. */
void lines_keep(
	struct known_lines *lines, const char *key, const char *answer, struct arena *arena);
