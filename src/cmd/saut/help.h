/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What saut says of its own verbs and options, and which of them a mistyped word may have meant. */
#pragma once

#include "cmd/saut/verb.h"

struct verb_row {
	const char *name;
	verb *run;
	const char *takes;   /* behind the name, as it is typed */
	const char *summary; /* in one line */
};

/* All verbs, in rows up to one without a name. */
void help_show(const struct verb_row *rows);

/* One of them, with its options. */
void help_show_verb(const struct verb_row *row);

/* Why name is no verb, and which one was meant, if any is near. Always false. */
bool help_unknown_verb(const struct verb_row *rows, const char *name, struct error *err);

/* Where the verb did not understand its words for an option that there is not: says so instead. Always false. */
bool help_unknown_option(char **argv, struct error *err);
