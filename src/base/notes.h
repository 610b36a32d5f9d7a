/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Notes: what was decided on the user's behalf and would otherwise go unsaid (a fallback, a word
 * that was stripped, an option without effect). The core collects them, only a command prints them.
 */
#pragma once

#include "base/arena.h"

struct notes {
	struct arena *arena;
	const char **items;
	size_t count;
};

/* A note that finds no memory is lost: it must not make a jump fail. */
void notes_add(struct notes *notes, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Copies of all of those. */
void notes_add_all(struct notes *notes, const struct notes *more);
