/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * For the tests only: loads as `kexec -c -l` does, with its options, but flips one bit in the middle
 * of the kernel after its digest was made, as a stray write of a device would.
 */
#include <stdio.h>
#include <string.h>

#include "jump/options.h"
#include "cmd/message.h"

static bool damage(struct job *job, struct error *err)
{
	for (size_t i = 0; i < job->plan.segment_count; i++) {
		struct segment *s = &job->plan.segments[i];
		uint8_t *copy;

		if (strcmp(s->name, "kernel") != 0)
			continue;
		copy = arena_alloc(&job->arena, s->data.n);
		if (!copy)
			return fail_no_memory(err);
		memcpy(copy, s->data.p, s->data.n);
		copy[s->data.n / 2] ^= 1;
		s->data.p = copy;
		return true;
	}
	return fail(err, FAULT_INTERNAL, "the plan has no segment named kernel");
}

int main(int argc, char **argv)
{
	struct kexec_options options;
	struct error err = { 0 };
	struct job job;

	if (!options_parse(argc, argv, &options, &err)) {
		message_error(&err);
		return 2;
	}
	options.job.call = CALL_LOAD;
	if (!job_prepare(&job, &options.job, &err) || !damage(&job, &err) ||
		!job_load(&job, &kexec_live, &err)) {
		message_error(&err);
		return 1;
	}
	job_free(&job);
	return 0;
}
