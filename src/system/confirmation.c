/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "system/confirmation.h"

#include <string.h>
#include <time.h>

#include "confirm/compare.h"
#include "machine/boot-id.h"
#include "machine/text.h"
#include "service/assignments.h"
#include "sys/drop-in.h"
#include "sys/process.h"
#include "sys/snapshot.h"
#include "sys/store.h"
#include "system/come-back.h"
#include "system/trial-file.h"
#include "system/witness.h"

enum { ROUND_S = 3 };

#define COMPLETE_UNIT "usr/lib/systemd/system/boot-complete.target"

/* systemd.special(7), boot-complete.target: others' checks of the boot are ordered before it. */
static const char *not_complete(const struct source *source, enum init init, struct arena *arena)
{
	static const char *const argv[] = { "systemctl", "--quiet", "is-active",
		"boot-complete.target", NULL };
	struct error ignored;
	struct view text;

	if (init != INIT_SYSTEMD ||
		(!source_read(source, COMPLETE_UNIT, arena, &text) &&
			!source_read(source, &COMPLETE_UNIT[sizeof "usr"], arena, &text)))
		return NULL;
	return process_run(argv, &ignored) ? NULL : "boot-complete.target is not reached";
}

static const char *first_missing(const struct source *source, enum init init, struct arena *arena)
{
	struct witness before, now;
	const char *const *missing;
	struct view text;
	struct error err;

	if (!source_take(source, &COME_BACK_BEFORE_FILE[1], arena, &text, &err))
		return arena_string(arena, view_of_string(err.reason));
	if (!text.p)
		return NULL;
	if (!witness_parse(text, arena, &before) || !system_witness(source, init, arena, &now))
		return "out of memory";
	missing = compare_witnesses(&before, &now, arena);
	return missing ? missing[0] : "out of memory";
}

static const char *failed_check(const struct source *source, struct arena *arena)
{
	const char *const *names;
	struct error err;

	if (!source_take_names(source, &CONFIRMATION_FOLDER[1], arena, &names, &err))
		return arena_string(arena, view_of_string(err.reason));
	for (size_t i = 0; names && names[i]; i++) {
		const char *path = arena_printf(arena, "%s/%s", CONFIRMATION_FOLDER, names[i]);

		if (!path)
			return "out of memory";
		if (settings_part_is_read(names[i]) &&
			!drop_in_run(path, CONFIRMATION_CHECK_S, &err))
			return arena_string(arena, view_of_string(err.reason));
	}
	return NULL;
}

/* Looks once, at everything anew. NULL: all is good; else what is missing or failed first, in words. */
static const char *obstacle_now(enum init init, struct arena *arena)
{
	struct snapshot now;
	const char *obstacle;
	struct error err;

	if (!snapshot_open(NULL, &now, &err))
		return arena_string(arena, view_of_string(err.reason));
	obstacle = not_complete(&now.source, init, arena);
	if (!obstacle)
		obstacle = first_missing(&now.source, init, arena);
	if (!obstacle)
		obstacle = failed_check(&now.source, arena);
	snapshot_close(&now);
	return obstacle;
}

uint64_t confirmation_uptime(void)
{
	struct arena arena = { 0 };
	struct view text, word = { 0 }, whole = { 0 };
	struct error ignored;
	struct snapshot now;
	uint64_t seconds = 0;

	if (!snapshot_open(NULL, &now, &ignored))
		return 0;
	if (!source_read(&now.source, "proc/uptime", &arena, &text) || !text_word(&text, &word) ||
		!text_cut(&word, '.', &whole) || !text_decimal(whole, &seconds))
		seconds = 0;
	snapshot_close(&now);
	arena_free(&arena);
	return seconds;
}

/* Somebody else may have said something: a person, by saut confirm. */
static bool is_said(const struct trial *trial, struct arena *arena)
{
	struct error ignored;
	struct snapshot now;
	struct trial t;
	bool said = false;

	if (!snapshot_open(NULL, &now, &ignored))
		return false;
	if (trial_read(&now.source, TRIAL_FILE, arena, &t))
		said = strcmp(t.id, trial->id) != 0 ||
			(t.state != TRIAL_LEFT && t.state != TRIAL_UP);
	snapshot_close(&now);
	return said;
}

enum confirmation confirmation_wait(
	const struct trial *trial, enum init init, struct arena *arena, const char **ret_reason)
{
	const struct timespec pause = { .tv_sec = ROUND_S };
	bool is_manual = trial->confirm == CONFIRM_MANUAL;

	for (;;) {
		struct arena round = { 0 };
		const char *obstacle =
			is_manual ? "nobody has confirmed it" : obstacle_now(init, &round);
		bool said = is_said(trial, &round);
		bool good = !obstacle;

		*ret_reason = good ? "all is as before the jump"
				   : arena_string(arena, view_of_string(obstacle));
		arena_free(&round);
		if (said)
			return CONFIRMATION_IS_OVER;
		if (good)
			return CONFIRMED;
		if (confirmation_uptime() >= trial->within)
			return REFUSED;
		nanosleep(&pause, NULL);
	}
}

bool confirmation_say(
	const struct trial *trial, enum trial_state state, const char *reason, struct error *err)
{
	struct arena arena = { 0 };
	struct trial said = *trial;
	struct snapshot now;
	const char *id;
	bool done;

	said.state = state;
	said.reason = reason;
	said.after = confirmation_uptime();
	if (snapshot_open(NULL, &now, err)) {
		id = boot_id_read(&now.source, &arena);
		if (id[0])
			said.up_boot_id = id;
		snapshot_close(&now);
	}
	done = trial_store(TRIAL_FILE, &said, err);
	arena_free(&arena);
	return done;
}
