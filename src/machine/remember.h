/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A source that asks another one for each path once and answers from memory ever after: whoever
 * looks through it sees one moment, and no file is read twice.
 */
#pragma once

#include "machine/source.h"

enum {
	REMEMBER_SLOTS = 256,
	REMEMBER_LOOK_MAX = 65536, /* a look at more of a file is passed on, and not remembered */
};

struct remembered;

struct remembering {
	struct source source; /* valid at the address where it is */
	const struct source *from;
	struct arena *arena; /* in which all answers live, whatever arena a caller hands in */
	struct remembered *slots[REMEMBER_SLOTS];
};

/* Nothing is remembered yet. from and arena must outlive it. */
struct remembering remembering_make(const struct source *from, struct arena *arena);

/* What was asked for, as whoever wants to ask the same elsewhere needs it. */
struct remembered_file {
	const char *path;
	struct view bytes;  /* of what was read or looked at as far as it was */
	const char *reason; /* why it could not be read; NULL: it was */
};

/* Each file that was there, once, by path; as an array in the arena. False when memory is out. */
bool remembering_files(const struct remembering *remembering, struct arena *arena,
	const struct remembered_file **ret, size_t *ret_count) __attribute__((warn_unused_result));
