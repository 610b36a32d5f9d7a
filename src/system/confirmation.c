/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "system/confirmation.h"

#include <string.h>

#include "confirm/compare.h"
#include "machine/boot-id.h"
#include "machine/text.h"
#include "service/assignments.h"
#include "sys/drop-in.h"
#include "sys/snapshot.h"
#include "sys/store.h"
#include "sys/clock.h"
#include "system/come-back.h"
#include "system/trial-file.h"
#include "system/trial-watchdog.h"
#include "system/witness.h"

enum { ROUND_S = 3 };

/* Who waits, for what. */
struct waiting {
	const struct trial *trial;
	enum init init;
	uint64_t end; /* of the time that the boot has */
};

/* What speaks against a boot, in words, NULL: nothing does. A doubt does so while there is time for it to go. */
struct finding {
	const char *obstacle, *doubt;
};

static void sort(const struct missing *missing, bool is_strict, struct finding *ret)
{
	for (; missing->what; missing++) {
		const char **place = missing->is_grave || is_strict ? &ret->obstacle : &ret->doubt;

		if (!*place)
			*place = missing->what;
	}
}

static void compare(const struct source *source, const struct waiting *w, struct arena *arena,
	struct finding *ret)
{
	const struct missing *missing = NULL;
	struct witness before, now;
	struct view text;
	struct error err;

	if (!source_take(source, &COME_BACK_BEFORE_FILE[1], arena, &text, &err)) {
		ret->doubt = arena_string(arena, view_of_string(err.reason));
		return;
	}
	if (!text.p)
		return;
	if (witness_parse(text, arena, &before) && system_witness(source, w->init, arena, &now))
		missing = compare_witnesses(&before, &now, arena);
	if (missing)
		sort(missing, w->trial->strict[0] != '\0', ret);
	else
		ret->doubt = "out of memory";
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

/* Looks once, at everything anew. Checks are run where they are all that is left. */
static struct finding look(const struct waiting *w, struct arena *arena)
{
	struct finding f = { 0 };
	struct snapshot now;
	struct error err;

	if (!snapshot_open(NULL, &now, &err)) {
		f.doubt = arena_string(arena, view_of_string(err.reason));
		return f;
	}
	compare(&now.source, w, arena, &f);
	if (!f.obstacle && (!f.doubt || uptime_awake() >= w->end))
		f.obstacle = failed_check(&now.source, arena);
	snapshot_close(&now);
	return f;
}

enum confirmation confirmation_said(const struct trial *trial)
{
	enum confirmation said = CONFIRMATION_WAITS;
	struct arena arena = { 0 };
	struct error ignored;
	struct snapshot now;
	struct trial t;

	if (!snapshot_open(NULL, &now, &ignored))
		return said;
	if (trial_read(&now.source, TRIAL_FILE, &arena, &t)) {
		if (strcmp(t.id, trial->id) != 0)
			said = CONFIRMATION_IS_OVER;
		else if (t.state == TRIAL_REFUSED)
			said = REFUSED;
		else if (t.state != TRIAL_LEFT && t.state != TRIAL_UP)
			said = CONFIRMED;
	}
	snapshot_close(&now);
	arena_free(&arena);
	return said;
}

/* The reason is in the arena. */
static enum confirmation judge(const struct waiting *w, const struct finding *f,
	struct arena *arena, const char **ret_reason)
{
	const bool is_over = uptime_awake() >= w->end;

	if (f->obstacle) {
		*ret_reason = arena_string(arena, view_of_string(f->obstacle));
		return is_over ? REFUSED : CONFIRMATION_WAITS;
	}
	*ret_reason = f->doubt
		? arena_printf(arena, "nothing is certainly wrong, though %s", f->doubt)
		: "all is as before the jump";
	return f->doubt && !is_over ? CONFIRMATION_WAITS : CONFIRMED;
}

uint64_t confirmation_end(const struct trial *trial)
{
	const uint64_t settled = uptime_awake() + TRIAL_SETTLE_S;

	return trial->within > settled ? trial->within : settled;
}

enum confirmation confirmation_wait(
	const struct trial *trial, enum init init, struct arena *arena, const char **ret_reason)
{
	const struct waiting w = { trial, init, confirmation_end(trial) };
	bool is_manual = trial->confirm == CONFIRM_MANUAL;

	for (;;) {
		struct arena round = { 0 };
		const struct finding f = is_manual
			? (struct finding){ .obstacle = "nobody has confirmed it" }
			: look(&w, &round);
		const bool said = confirmation_said(trial) != CONFIRMATION_WAITS;
		enum confirmation judged = judge(&w, &f, arena, ret_reason);

		arena_free(&round);
		if (said)
			return CONFIRMATION_IS_OVER;
		if (judged != CONFIRMATION_WAITS)
			return judged;
		clock_wait_ms(ROUND_S * 1000);
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
	said.after = uptime_awake();
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
