/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "jump/tuning.h"

#include "plan/same-build.h"

bool job_tuning_capture(struct job *job, const struct source *source, struct error *err)
{
	return job->wanted.tune != TUNE_SAME || own_build_read(source, &job->arena, &job->own) ||
		fail_no_memory(err);
}

/* Its bytes as they run, where they are at hand; empty: it is packed. */
static struct view unpacked(const struct job *job)
{
	if (job->request.direct)
		return job->vmlinux.bytes;
	return job->image.format == IMAGE_BZIMAGE ? (struct view){ 0 } : job->image.bytes;
}

bool job_tuning_apply(struct job *job, struct error *err)
{
	const struct build_grounds build = {
		.machine = &job->machine,
		.own = &job->own,
		.image = &job->image,
		.unpacked = unpacked(job),
	};

	if (job->tuning.line)
		return true;
	job->tuning = (struct tuning_grounds){
		.line = job->line,
		.wanted = job->wanted.tune,
		.own = &job->own,
	};
	if (job->wanted.tune == TUNE_SAME)
		job->tuning.difference = build_difference(&build, &job->arena);
	if (job->wanted.tune != TUNE_NOTHING)
		job->line = tuning_apply(&job->tuning, &job->arena, &job->notes);
	return job->line ? true : fail_no_memory(err);
}
