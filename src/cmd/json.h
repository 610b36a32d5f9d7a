/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Writes JSON (RFC 8259) to a stream, value by value; commas and indentation come by themselves. What
 * is not UTF-8 in a string becomes U+FFFD, so that every output is valid; what could steer a terminal is
 * written as \uNNNN. Strings are names of files and lines of files, which may hold anything, and libraries
 * do neither: json-c 0.16 passes on bytes that are not UTF-8, so that its output is none; Jansson 2.14
 * refuses such a string; both pass on U+009B (CSI), U+202E and U+007F, Jansson the first two unless every letter that
 * is not ASCII is escaped. They would add 82 and 66 kB to each static command; this is 3 kB.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "base/notes.h"
#include "machine/machine.h"

struct json {
	FILE *out;
	unsigned depth;
	bool has_before; /* a value stands before the next one in this object or array */
};

/*
 * The object that a verb prints, with the number of its schema: what was there in a version stays and means
 * the same in the next one, else the number is counted up.
 */
void json_begin(struct json *j, uint64_t schema);
void json_end(struct json *j);

/* In an object every value has a key; in an array and at the top it is NULL. */
void json_open(struct json *j, const char *key, char bracket);
void json_close(struct json *j, char bracket);
void json_string(struct json *j, const char *key, const char *value); /* NULL: null */
void json_known(struct json *j, const char *key, const char *value);  /* "": null as well */
void json_strings(struct json *j, const char *key, const char *const *values); /* NULL: null */
void json_number(struct json *j, const char *key, uint64_t value);
void json_number_if(struct json *j, const char *key, bool is_known, uint64_t value); /* else null */
void json_known_number(struct json *j, const char *key, uint64_t value);             /* 0: null */
void json_bool(struct json *j, const char *key, bool value);
void json_null(struct json *j, const char *key);
/* Each a text of the array "notes". */
void json_notes(struct json *j, const struct notes *notes, const struct notes *more);

void json_answer(struct json *j, const char *key, enum answer answer); /* unknown: null */
