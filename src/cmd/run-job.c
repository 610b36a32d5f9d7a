/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cmd/run-job.h"

#include "cmd/message.h"
#include "jump/ready.h"
#include "system/checkup.h"
#include "system/load.h"

bool run_job(const struct run_job *run, struct error *err)
{
	struct job_request request = *run->request;
	struct progress progress;
	struct job job;
	bool done;

	progress_begin(&progress, run->progress);
	request.watch = progress_watch(&progress);
	if (!request.source && !request.root)
		job_remember_here(&request);
	done = job_prepare(&job, &request, err);

	if (done && run->checked)
		done = checkup_permits(run->checked, &job, err);
	progress_end(&progress);
	if (done && run->planned)
		run->planned(&job, run->context);
	if (done && !run->dry_run)
		done = system_load(
			&job, (struct load_for){ run->loader, run->title, run->has_turn }, err);
	progress_end(&progress);
	if (done && run->done)
		run->done(&job, run->context);
	message_notes(&job.notes);
	message_notes(&job.plan.notes);
	job_free(&job);
	return done;
}

bool run_unload(bool crash, struct error *err)
{
	struct arena arena = { 0 };
	struct notes notes = { .arena = &arena };
	bool done = system_unload_by_hand(crash, &notes, err);

	message_notes(&notes);
	arena_free(&arena);
	return done;
}
