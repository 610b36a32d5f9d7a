/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Text in two columns on standard output, wrapped between words: at the terminal's width, at most 80, and
 * where there is no terminal at 80. A word that is longer than its column is not broken.
 */
#pragma once

#include <stddef.h>

/* How many characters the left column takes; where a label is longer, its text begins on the next line. */
struct columns {
	size_t left;
};

/* One row. The text, a message of the catalogue, is said in the user's language; */
void columns_say(const struct columns *columns, const char *label, const char *text);
