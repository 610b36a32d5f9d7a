/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Assignments as a POSIX shell writes them (POSIX.1-2024, 2.2 "Quoting", 2.9.1 "Simple Commands"):
 * NAME=VALUE and NAME+=VALUE with quotes, comments and continued lines, the last one wins; a bare
 * "export NAME" says nothing. They are read, never run: of the shell's expansions only $NAME, ${NAME},
 * ${NAME:-WORD} and ${NAME-WORD} by what was assigned before are known. What else a shell would do is
 * an obstacle of its line, with the line's number.
 */
#pragma once

#include "base/arena.h"
#include "base/error.h"

enum {
	ASSIGNMENTS_MAX = 1024,       /* in all files; more is an obstacle */
	ASSIGNMENT_VALUE_MAX = 65536, /* bytes */
};

struct assignment {
	const char *name;     /* NULL: the line is none */
	const char *value;    /* one line of printable bytes; NULL: see obstacle */
	const char *obstacle; /* why the value cannot be known; NULL: it is */
	const char *file;     /* as the caller calls it; line 0: it is not a file */
	unsigned line;
};

struct assignments {
	const struct assignment *items; /* in the order of reading */
	size_t count;
	const char *const *used; /* names that other values are made of */
	size_t used_count;
};

/* Whether a file of a folder of settings is read, by its name: by the rule of run-parts(8). */
bool settings_part_is_read(const char *name);

/* Adds those of a text to *all; false only when memory is out. */
bool assignments_read(struct assignments *all, const char *file, struct view text,
	struct arena *arena) __attribute__((warn_unused_result));

/* Adds one from elsewhere, as the environment has it: its value is what it is. */
bool assignments_add(struct assignments *all, const char *from, const char *name, const char *value,
	struct arena *arena) __attribute__((warn_unused_result));

/* The last one of this name; NULL: there is none. */
const struct assignment *assignments_find(const struct assignments *all, const char *name);
const struct assignment *assignments_find_view(const struct assignments *all, struct view name);

/* The same, by its value: NULL where there is none, FAULT_SETTINGS where it has an obstacle. */
bool assignments_value(const struct assignments *all, const char *name, const char **ret,
	struct error *err) __attribute__((warn_unused_result));

/* FAULT_SETTINGS for the first line that is no assignment. */
bool assignments_check(const struct assignments *all, struct error *err)
	__attribute__((warn_unused_result));

/* yes, true, on and 1; no, false, off and 0; of either case. False for anything else. */
bool assignment_is_yes(const char *value, bool *ret) __attribute__((warn_unused_result));

struct shell_words {
	const char *const *items; /* with a NULL behind them */
	size_t count;
};

/* A value's words, between blanks outside of quotes. FAULT_SETTINGS where a quote is not closed. */
bool assignment_words(const char *value, struct arena *arena, struct shell_words *ret,
	struct error *err) __attribute__((warn_unused_result));
