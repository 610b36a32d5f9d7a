/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "system/trial-panic.h"

#include <string.h>

#include "machine/text.h"
#include "plan/come-back-parameters.h"
#include "sys/snapshot.h"
#include "sys/sysctl.h"

#define PANIC_FILE "/proc/sys/kernel/panic"

const char *trial_panic_read(const struct source *source, struct arena *arena)
{
	struct view text;
	const char *value = NULL;

	if (source_read(source, &PANIC_FILE[1], arena, &text))
		value = arena_string(arena, text_trim(text));
	return value ? value : "";
}

const char *trial_panic_due(
	const struct source *source, const struct trial *trial, struct arena *arena)
{
	const char *now = trial_panic_read(source, arena), *was = trial->panic_was;
	const char *digits = was + (was[0] == '-');
	uint64_t seconds;

	if (!text_decimal(view_of_string(now), &seconds) || seconds != COME_BACK_PANIC_S ||
		!text_decimal(view_of_string(digits), &seconds) || strcmp(was, now) == 0)
		return NULL;
	return was;
}

bool trial_panic_restore(const struct trial *trial, struct error *err)
{
	struct arena arena = { 0 };
	struct snapshot now;
	const char *due;
	bool done = true;

	if (!snapshot_open(NULL, &now, err))
		return false;
	due = trial_panic_due(&now.source, trial, &arena);
	if (due)
		done = sysctl_set(PANIC_FILE, due, err);
	snapshot_close(&now);
	arena_free(&arena);
	return done;
}
