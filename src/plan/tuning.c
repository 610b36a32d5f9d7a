/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "plan/tuning.h"

#include "plan/command-line.h"
#include "plan/marked-parameters.h"
#include "plan/parameters.h"

/* Whether a word begins like this, anywhere in the line. */
static bool has_word(const char *line, const char *start)
{
	const char *rest;

	return parameters_next(&line, start, &rest);
}

static const char *quiet_obstacle(const char *line)
{
	if (!has_word(line, "console=ttyS"))
		return "no serial console is named";
	if (has_word(line, "quiet") || has_word(line, "loglevel=") || has_word(line, "debug") ||
		has_word(line, "ignore_loglevel"))
		return "the command line says how much is printed";
	return NULL;
}

static const char *notests_obstacle(const char *line)
{
	if (has_word(line, "fips="))
		return "fips= is on the command line, which wants the tests";
	return has_word(line, "cryptomgr.notests") ? "it is on the command line already" : NULL;
}

const struct tuning_hint tuning_hints[TUNING_HINTS] = {
	{
		.word = "quiet",
		.effect = "at 115200 baud each character takes 87 us: 2.6 s for a log of 30 kB",
		.risk = "a kernel that stops early has said less",
		.obstacle = quiet_obstacle,
	},
	{
		.word = "cryptomgr.notests",
		.effect = "Linux 6.12 starts without testing its ciphers: a blackout of 909 Mticks "
			  "instead of 1400 (make bench)",
		.risk = "a broken driver for cryptography goes unnoticed; not with FIPS",
		.obstacle = notests_obstacle,
	},
};

const char *tuning_apply(const char *line, struct arena *arena, struct notes *notes)
{
	const char *parameters[TUNING_HINTS], *tuned = line;
	size_t count = 0;

	for (size_t i = 0; tuned && i < TUNING_HINTS; i++) {
		const struct tuning_hint *hint = &tuning_hints[i];

		if (hint->obstacle(tuned))
			continue;
		parameters[count++] = hint->word;
		tuned = command_line_join(tuned, hint->word, arena);
		notes_add(notes, "%s is added to the command line (%s)", hint->word, hint->risk);
	}
	return tuned ? marked_parameters_add(line, parameters, count, arena) : NULL;
}
