/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Texts that are kept beside the captured machines: tests/machines/NAME.KIND. After a change that is meant,
 * SAUT_UPDATE_GOLDEN=1 writes them anew, and the difference is read before it is committed.
 */
#pragma once

#include "arch/planned.h"

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>

enum { GOLDEN_MAX = 16384, MACHINES_MAX = 64 };

static inline void golden_compare(const char *machine, const char *kind, const char *text)
{
	char path[512], golden[GOLDEN_MAX] = "";
	bool update = getenv("SAUT_UPDATE_GOLDEN") != NULL;
	FILE *f;

	snprintf(path, sizeof path, "%s/%s.%s", MACHINE_FOLDERS, machine, kind);
	f = fopen(path, update ? "w" : "r");
	assert_non_null(f);
	if (update)
		assert_true(fputs(text, f) >= 0);
	else
		golden[fread(golden, 1, sizeof golden - 1, f)] = '\0';
	assert_int_equal(fclose(f), 0);
	if (!update)
		assert_string_equal(text, golden);
}

/* The test, with its state a machine's name, for each that has such a text: a new one begins as an empty file. */
static inline int golden_run(const char *kind, CMUnitTestFunction test)
{
	struct CMUnitTest tests[MACHINES_MAX] = { 0 };
	char pattern[512];
	glob_t files;
	int result;

	snprintf(pattern, sizeof pattern, "%s/*.%s", MACHINE_FOLDERS, kind);
	if (glob(pattern, 0, NULL, &files) != 0 || files.gl_pathc > MACHINES_MAX)
		return 1;
	for (size_t i = 0; i < files.gl_pathc; i++) {
		char *name = strrchr(files.gl_pathv[i], '/') + 1;

		*strrchr(name, '.') = '\0';
		tests[i] = (struct CMUnitTest){ name, test, NULL, NULL, name };
	}
	result = _cmocka_run_group_tests(kind, tests, files.gl_pathc, NULL, NULL);
	globfree(&files);
	return result;
}
