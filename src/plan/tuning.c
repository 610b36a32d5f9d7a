/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "plan/tuning.h"

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

static const char *tests_unshown(const struct own_build *own)
{
	return own->ciphers_untested;
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
		.effect = "Linux 6.12 starts without testing its ciphers: a blackout of 913 Mticks "
			  "instead of 1402 (make bench)",
		.risk = "a broken driver for cryptography goes unnoticed; not with FIPS",
		.obstacle = notests_obstacle,
		.unshown = tests_unshown,
		.shown = "the running kernel is the same build, and its ciphers have passed their "
			 "tests in this boot",
	},
};

const char *tuning_obstacle(const struct tuning_hint *hint, const struct tuning_grounds *grounds)
{
	const char *obstacle = hint->obstacle(grounds->line);

	if (obstacle || grounds->wanted != TUNE_SAME)
		return obstacle;
	if (!hint->unshown)
		return "nothing that the running kernel does shows that it is needless";
	return grounds->difference ? grounds->difference : hint->unshown(grounds->own);
}

const char *tuning_apply(
	const struct tuning_grounds *grounds, struct arena *arena, struct notes *notes)
{
	const char *parameters[TUNING_HINTS];
	size_t count = 0;

	for (size_t i = 0; i < TUNING_HINTS; i++) {
		const struct tuning_hint *hint = &tuning_hints[i];
		const char *obstacle = tuning_obstacle(hint, grounds);
		const bool is_same = grounds->wanted == TUNE_SAME;

		if (!obstacle) {
			parameters[count++] = hint->word;
			notes_add(notes, "%s is added to the command line (%s)", hint->word,
				is_same ? hint->shown : hint->risk);
		} else if (is_same && hint->unshown) {
			notes_add(notes, "%s is not added to the command line: %s", hint->word,
				obstacle);
		}
	}
	return marked_parameters_add(grounds->line, parameters, count, arena);
}
