/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "system/trial-file.h"

#include "sys/store.h"

bool trial_store(const char *file, const struct trial *trial, struct error *err)
{
	struct arena arena = { 0 };
	const char *text = trial_text(trial, &arena);
	bool done = text ? store_file(file, text, err) : fail_no_memory(err);

	arena_free(&arena);
	return done;
}
