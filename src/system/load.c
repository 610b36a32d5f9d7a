/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "system/load.h"

#include "jump/act.h"
#include "sys/turn.h"
#include "system/come-back.h"
#include "system/mark.h"

bool system_load(struct job *job, bool has_turn, struct error *err)
{
	struct kexec_ability now = job->machine.kexec;
	struct turn turn;
	bool done;

	if (!has_turn && !turn_take(&turn, TURN_WAIT_MS, err))
		return error_attempting(err, "load %s", job->wanted.kernel);
	/* Without a turn somebody may have loaded another one since the look. */
	done = (has_turn || act_ability(&now, err)) &&
		act_load_in_turn(job, &kexec_live, &now, err);
	if (done && !job->wanted.crash)
		mark_forget();
	if (done && !job->wanted.crash && !job->wanted.come_back.id)
		come_back_forget();
	if (!has_turn)
		turn_end(&turn);
	return done || error_attempting(err, "load %s", job->wanted.kernel);
}
