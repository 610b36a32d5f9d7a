/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The input is the running kernel's command line: what is left of it for the next one has no word that was taken
 * out, stays the same when it is made once more, and words that are added as ours are taken out again.
 */
#include "fuzz.h"

#include <string.h>

#include "plan/command-line.h"
#include "plan/marked-parameters.h"
#include "plan/tuning.h"

static void expect_same(const char *a, const char *b)
{
	expect(a && b && strcmp(a, b) == 0);
}

static void reuse(const char *line, bool crash, struct arena *arena)
{
	struct notes notes = { .arena = arena };
	const char *once = command_line_reuse(line, crash, arena, &notes);

	expect(once && strlen(once) <= strlen(line));
	expect_same(command_line_reuse(once, crash, arena, &notes), once);
	expect(!command_line_value(once, "BOOT_IMAGE", arena));
	expect(!crash || !command_line_value(once, "crashkernel", arena));
}

static void take_out(const char *line, struct arena *arena)
{
	const char *value = command_line_value(line, "console", arena);
	const char *last = command_line_without(line, "console", true, arena);
	const char *none = command_line_without(line, "console", false, arena);

	expect(last && none);
	expect(!command_line_value(none, "console", arena));
	if (value)
		expect_same(command_line_value(last, "console", arena), value);
	expect(command_line_without_end(line, value ? value : "quiet", arena) != NULL);
}

/* A line in which nothing is marked yet, so that all that is marked behind it is ours. */
static void mark(const char *line, struct arena *arena)
{
	static const char *const ours[] = { "panic=10", "saut.trial=1" };
	struct notes notes = { .arena = arena };
	const char *plain = marked_parameters_strip(line, arena, &notes);
	const char *marked;

	expect(plain != NULL);
	if (strstr(plain, PARAMETERS_MARK))
		return; /* one that cannot be understood stays, and what is behind it */
	marked = marked_parameters_add(plain, ours, 2, arena);
	expect(marked != NULL);
	expect(strstr(marked, PARAMETERS_MARK "=2") != NULL);
	marked = marked_parameters_strip(marked, arena, &notes);
	expect(marked && !strstr(marked, PARAMETERS_MARK));
}

static void tune(const char *line, struct arena *arena)
{
	const struct tuning_grounds grounds = { .line = line, .wanted = TUNE_ANY };
	struct notes notes = { .arena = arena };

	expect(tuning_apply(&grounds, arena, &notes) != NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = { 0 };
	const char *line = arena_string(&arena, (struct view){ data, size });

	expect(line != NULL);
	reuse(line, false, &arena);
	reuse(line, true, &arena);
	take_out(line, &arena);
	mark(line, &arena);
	tune(line, &arena);
	arena_free(&arena);
	return 0;
}
