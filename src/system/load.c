/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "system/load.h"

#include "jump/act.h"
#include "sys/turn.h"
#include "system/cold-wish.h"
#include "system/come-back.h"
#include "system/loaded.h"

/* The running kernel keeps no crash kernel while it loads another. */
static void forget_what_is_lost(void)
{
	struct kexec_ability after;
	struct error ignored;

	if (!act_ability(&after, &ignored) || after.crash_loaded != ANSWER_YES)
		loaded_forget(true);
}

/* Nor is a shutdown under way, or called off, that was to jump into one. */
static void forget_trial(void)
{
	come_back_forget();
	come_back_take_back();
}

bool system_load(struct job *job, struct load_for whom, struct error *err)
{
	struct kexec_ability now = job->machine.kexec;
	struct error unsettled;
	struct turn turn;
	bool done;

	if (!whom.has_turn && !turn_take(&turn, TURN_WAIT_MS, err))
		return error_attempting(err, "load %s", job->wanted.kernel);
	/* Without a turn somebody may have loaded another one since the look. */
	done = (whom.has_turn || act_ability(&now, err)) && come_back_settle(job, err) &&
		act_load_in_turn(job, &kexec_live, &now, err);
	if (done && !come_back_settle(job, &unsettled))
		notes_add(&job->notes, "the next boot looks for a watchdog that is not started: %s",
			unsettled.reason);
	if (!done && job->wanted.crash)
		forget_what_is_lost();
	if (done)
		loaded_leave(job, whom.by, whom.title);
	if (done && !job->wanted.crash)
		cold_wish_forget();
	if (done && !job->wanted.crash && !job->wanted.come_back.id)
		forget_trial();
	if (!whom.has_turn)
		turn_end(&turn);
	return done || error_attempting(err, "load %s", job->wanted.kernel);
}

bool system_unload(bool crash, const struct kexec_ability *now, struct error *err)
{
	if (!act_unload_in_turn(&kexec_live, now, crash, err))
		return false;
	loaded_forget(crash);
	if (!crash)
		forget_trial();
	return true;
}

bool system_unload_by_hand(bool crash, struct notes *notes, struct error *err)
{
	struct kexec_ability ability;
	struct turn turn;
	bool done;

	if (!turn_take(&turn, TURN_WAIT_MS, err))
		return error_attempting(err, "unload the kernel");
	done = act_ability(&ability, err) && system_unload(crash, &ability, err);
	if (done && !crash)
		cold_wish_leave(ability.loaded != ANSWER_NO, notes);
	turn_end(&turn);
	return done || error_attempting(err, "unload the kernel");
}
