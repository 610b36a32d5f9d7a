/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Command lines of kexec(8), written as one line. */
#pragma once

#include "test.h"

#include "jump/options.h"

enum { WORDS_MAX = 24 };

/* Splits at blanks; "_" inside a word stands for one. */
static inline bool parse_as(
	char *program, const char *line, struct kexec_options *options, struct error *err)
{
	static char buffer[512];
	/* Words that nobody reads stay where they are. */
	static char *argv[WORDS_MAX + 2];
	int argc = 1;

	assert_true(strlen(line) < sizeof buffer);
	strcpy(buffer, line);
	for (char *word = strtok(buffer, " "); word; word = strtok(NULL, " ")) {
		assert_true(argc <= WORDS_MAX);
		for (char *s = word; *s; s++)
			if (*s == '_')
				*s = ' ';
		argv[argc++] = word;
	}
	argv[0] = program;
	argv[argc] = NULL;
	*err = (struct error){ 0 };
	return options_parse(argc, argv, options, err);
}
