/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Parameters on the next kernel's command line as early code finds them, which runs before the kernel's
 * own parser: separated by blanks, whatever the quotes.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* Whether this very word is there. */
bool parameters_have(const char *line, const char *word);

/* The number, in C's notation, that is the rest of a word. */
bool parameters_number(const char *rest, uint16_t *ret);

/* Whether there is a word that begins like this; past *line, where to look for the next one. */
bool parameters_next(const char **line, const char *prefix, const char **ret_rest);
