/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The public API over a job; owns the strings that a job borrows. */
#include "saut.h"

#include <stdlib.h>

#include "jump/act.h"
#include "jump/job.h"

_Static_assert((int)SAUT_PERMISSION == (int)CLASS_PERMISSION, "the same classes");
_Static_assert((int)SAUT_CALL_FILE_LOAD == (int)CALL_FILE_LOAD, "the same calls");
_Static_assert((int)SAUT_CHECK_NONE == (int)CHECK_NONE, "the same checks");
_Static_assert((int)SAUT_DIRECT_OFF == (int)DIRECT_OFF, "the same choices");
_Static_assert((int)SAUT_INITRD_ZSTD == (int)INITRD_ZSTD, "the same forms");

struct saut {
	struct arena strings;
	struct job_request wanted;
	const char *initrds[PLAN_INITRDS_MAX];
	struct job job;
	struct error error;
};

struct saut *saut_new(void)
{
	struct saut *saut = calloc(1, sizeof *saut);

	if (!saut)
		return NULL;
	saut->wanted.initrds = saut->initrds;
	saut->wanted.limits = (struct range){ 0, PHYS_MAX };
	return saut;
}

void saut_free(struct saut *saut)
{
	if (!saut)
		return;
	job_free(&saut->job);
	arena_free(&saut->strings);
	free(saut);
}

static enum saut_result result(const struct saut *saut, bool done)
{
	return done ? SAUT_DONE : (enum saut_result)fault_class(saut->error.fault);
}

static enum saut_result set_string(struct saut *saut, const char **field, const char *value)
{
	const char *copy = value ? arena_string(&saut->strings, view_of_string(value)) : NULL;

	if (value && !copy)
		return result(saut, fail_no_memory(&saut->error));
	*field = copy;
	return SAUT_DONE;
}

enum saut_result saut_set_kernel(struct saut *saut, const char *path)
{
	return set_string(saut, &saut->wanted.kernel, path);
}

enum saut_result saut_add_initrd(struct saut *saut, const char *path)
{
	size_t count = saut->wanted.initrd_count;
	enum saut_result done;

	if (!path || count == PLAN_INITRDS_MAX)
		return result(saut, fail(&saut->error, path ? FAULT_FIT_SEGMENTS : FAULT_USAGE,
			"%zu initrds are given; %d are possible", count + 1, PLAN_INITRDS_MAX));
	done = set_string(saut, &saut->initrds[count], path);
	if (done == SAUT_DONE)
		saut->wanted.initrd_count++;
	return done;
}

enum saut_result saut_set_command_line(struct saut *saut, const char *line)
{
	return set_string(saut, &saut->wanted.command_line, line);
}

enum saut_result saut_set_device_tree(struct saut *saut, const char *path)
{
	return set_string(saut, &saut->wanted.device_tree, path);
}

void saut_reuse_command_line(struct saut *saut)
{
	saut->wanted.reuse_command_line = true;
}

void saut_tune(struct saut *saut)
{
	saut->wanted.tune = true;
}

void saut_set_call(struct saut *saut, enum saut_call call)
{
	saut->wanted.call = (enum kexec_call)call;
}

void saut_set_check(struct saut *saut, enum saut_check check)
{
	saut->wanted.check = (enum check_wanted)check;
}

void saut_set_direct(struct saut *saut, enum saut_direct direct)
{
	saut->wanted.direct = (enum direct_wanted)direct;
}

void saut_set_initrd_policy(struct saut *saut, enum saut_initrd_policy policy)
{
	saut->wanted.initrd_form = (enum initrd_form)policy;
}

enum saut_result saut_set_limits(struct saut *saut, uint64_t first, uint64_t last)
{
	if (last <= first)
		return result(saut, fail(&saut->error, FAULT_USAGE,
			"the limits of placement %#llx and %#llx leave nothing between them",
			(unsigned long long)first, (unsigned long long)last));
	saut->wanted.limits = range_between(first, last == PHYS_MAX ? last : last + 1);
	return SAUT_DONE;
}

enum saut_result saut_set_root(struct saut *saut, const char *folder)
{
	return set_string(saut, &saut->wanted.root, folder);
}

static bool prepare(struct saut *saut)
{
	job_free(&saut->job);
	saut->job = (struct job){ 0 };
	saut->error = (struct error){ 0 };
	if (!saut->wanted.kernel)
		return fail(&saut->error, FAULT_USAGE, "no kernel is named");
	return job_prepare(&saut->job, &saut->wanted, &saut->error);
}

enum saut_result saut_plan(struct saut *saut)
{
	return result(saut, prepare(saut));
}

enum saut_result saut_load(struct saut *saut)
{
	if (saut->wanted.root)
		return result(saut, fail(&saut->error, FAULT_USAGE,
			"a plan for another machine's folder cannot be loaded here"));
	return result(saut,
		prepare(saut) && job_load(&saut->job, &kexec_live, &saut->error));
}

enum saut_result saut_unload(struct saut *saut)
{
	return result(saut, act_unload(&kexec_live, false, &saut->error));
}

enum saut_result saut_exec(struct saut *saut)
{
	return result(saut, act_jump(&kexec_live, (struct act_leave){ 0 }, &saut->error));
}

const char *saut_attempt(const struct saut *saut)
{
	return saut->error.attempt;
}

const char *saut_reason(const struct saut *saut)
{
	return saut->error.reason;
}

const char *saut_hint(const struct saut *saut)
{
	const char *hint = fault_hint(saut->error.fault);

	return hint ? hint : "";
}

const char *saut_note(const struct saut *saut, unsigned index)
{
	const struct notes *gathered = &saut->job.notes, *planned = &saut->job.plan.notes;

	if (index < gathered->count)
		return gathered->items[index];
	index -= (unsigned)gathered->count;
	return index < planned->count ? planned->items[index] : NULL;
}
