/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Characters of UTF-8 (RFC 3629, section 4), and which of them a terminal may be sent. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* How many bytes at s, which a zero byte ends, are one character; 0: they are none. */
size_t utf8_length(const uint8_t *s);

/* The character that the first bytes at s are. */
uint32_t utf8_code(const uint8_t *s, size_t length);

/*
 * Whether a character shows as itself: it is no control character, of C0 or of C1, moves no others
 * (bidirectional overrides, embeddings, isolates and marks: Unicode's UAX #9, section 2), and breaks
 * no line.
 */
bool utf8_is_shown(uint32_t code);

/* How many characters text of our own has in its first n bytes. */
size_t utf8_count(const char *text, size_t n);
