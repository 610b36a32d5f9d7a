/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The acts of the public API: a job from what is wanted, and what is done with a loaded kernel. */
#include "api/object.h"
#include "jump/act.h"
#include "system/kept.h"
#include "system/load.h"

static bool prepare(struct saut *saut)
{
	if (!saut->given.wanted.kernel)
		return fail(&saut->error, FAULT_USAGE, "no kernel is named");
	return job_prepare(&saut->job, &saut->given.wanted, &saut->error);
}

enum saut_result saut_plan(struct saut *saut)
{
	api_begin(saut);
	return api_end(saut, prepare(saut));
}

static bool load(struct saut *saut)
{
	if (saut->given.wanted.root)
		return fail(&saut->error, FAULT_USAGE,
			"a plan for another machine's folder cannot be loaded here");
	return prepare(saut) &&
		system_load(&saut->job, (struct load_for){ .by = LOADER_LIBRARY }, &saut->error);
}

enum saut_result saut_load(struct saut *saut)
{
	api_begin(saut);
	return api_end(saut, load(saut));
}

enum saut_result saut_unload(struct saut *saut)
{
	bool done;

	api_begin(saut);
	done = system_unload_by_hand(saut->given.wanted.crash, &saut->notes, &saut->error);
	return api_end(saut, done);
}

static bool jump(struct saut *saut)
{
	if (!kept_permits_now(saut->given.wanted.call == CALL_LOAD, &saut->notes, &saut->error))
		return error_attempting(&saut->error, "jump into the loaded kernel");
	return act_jump(&kexec_live, (struct act_leave){ 0 }, &saut->error);
}

enum saut_result saut_exec(struct saut *saut)
{
	api_begin(saut);
	return api_end(saut, jump(saut));
}
