/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The user's language. All that is below the commands speaks English, and so do the records and the JSON
 * that programs read: a sentence is translated as the last thing before it is shown. Which format
 * made it is found again in a table of all that there are (tools/texts), and the user's catalogue
 * (gettext) has the translation of that. Without a catalogue, in the locale C, or in one that is not UTF-8,
 * nothing is translated.
 */
#pragma once

#include <locale.h>
#include <stdbool.h>

/* Where the catalogues are: beside the program (../share/locale), or where they were installed. */
void translate_find_catalogues(void);

/* To be made for each text that is shown: the locale of the environment, and whether it has a catalogue. */
struct translation {
	locale_t user, before;
	bool is_on;
};

void translation_begin(struct translation *ret);
void translation_end(struct translation *t);

/* In the user's language; as it is where it has no translation. It lives on. */
const char *translated_format(const struct translation *t, const char *format);

/* The same of what formats have made, with errors of the system in it. NULL: none; the caller frees it. */
char *translated(const struct translation *t, const char *text);
