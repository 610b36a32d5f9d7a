/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Writes JSON (RFC 8259) to a stream, value by value; commas and indentation come by themselves. What
 * is not UTF-8 in a string becomes U+FFFD, so that every output is valid; what could steer a terminal is
 * written as \uNNNN.
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

/* In an object every value has a key; in an array and at the top it is NULL. */
void json_open(struct json *j, const char *key, char bracket);
void json_close(struct json *j, char bracket);
void json_string(struct json *j, const char *key, const char *value); /* NULL: null */
void json_number(struct json *j, const char *key, uint64_t value);
void json_bool(struct json *j, const char *key, bool value);
void json_null(struct json *j, const char *key);
/* Each a text of the array "notes". */
void json_notes(struct json *j, const struct notes *notes, const struct notes *more);

void json_answer(struct json *j, const char *key, enum answer answer); /* unknown: null */
