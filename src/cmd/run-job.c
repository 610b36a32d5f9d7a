/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cmd/run-job.h"

#include "cmd/message.h"
#include "jump/act.h"
#include "sys/turn.h"
#include "system/mark.h"

static bool load(const struct run_job *run, struct job *job, struct error *err)
{
	struct turn turn;
	bool done;

	if (!run->has_turn && !turn_take(&turn, TURN_WAIT_MS, err))
		return error_attempting(err, "load %s", run->request->kernel);
	done = act_load_in_turn(job, &kexec_live, err);
	/* What is loaded now is no longer the boot service's; it says so where it is. */
	if (done && !run->request->crash)
		mark_forget();
	if (!run->has_turn)
		turn_end(&turn);
	return done;
}

bool run_job(const struct run_job *run, struct error *err)
{
	struct job job;
	bool done = job_prepare(&job, run->request, err);

	if (done && run->planned)
		run->planned(&job, run->context);
	if (done && !run->dry_run)
		done = load(run, &job, err);
	if (done && run->done)
		run->done(&job, run->context);
	message_notes(&job.notes);
	message_notes(&job.plan.notes);
	job_free(&job);
	return done;
}
