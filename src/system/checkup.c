/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "system/checkup.h"

#include <string.h>

#include "jump/checked.h"
#include "jump/initrd-policy.h"
#include "jump/reading.h"

/* The first word of what the image says of its version. */
static const char *release_of(const struct job *job, struct arena *arena)
{
	const char *version = job->done & JOB_IMAGE ? job->image.version : "";
	const char *release = arena_string(
		arena, (struct view){ (const uint8_t *)version, strcspn(version, " ") });

	return release ? release : "";
}

/* As they were given: some may have been rewritten for loading. NULL: no memory. */
static const struct input *initrds_of(const struct job *job, struct arena *arena)
{
	struct input *given = arena_alloc_array(arena, job->input_count + 1, sizeof *given);

	for (size_t i = 0; given && i < job->input_count; i++)
		given[i] = *initrd_policy_given(job, i);
	return given;
}

static struct check_subject subject_of(
	struct system *s, const struct job *job, const struct error *refused)
{
	const unsigned whole = JOB_REST | JOB_LAYERS;

	return (struct check_subject){
		.source = s->source,
		.arena = &s->arena,
		.ability = &s->ability,
		.machine = job->done & JOB_MACHINE ? &job->machine : NULL,
		.image = job->done & JOB_IMAGE ? &job->image : NULL,
		.release = release_of(job, &s->arena),
		.command_line = job->done & JOB_REQUEST ? job->request.command_line : NULL,
		.initrds = initrds_of(job, &s->arena),
		.initrd_count = job->input_count,
		.has_initrds = (job->done & whole) == whole,
		.request = job->done & JOB_REQUEST ? &job->request : NULL,
		.plan = job->done & JOB_PLAN ? &job->plan : NULL,
		.refused = refused,
	};
}

static const char *recall(void *context, const char *question)
{
	return checked_answer(context, question);
}

static void keep(void *context, const char *question, const char *answer)
{
	checked_keep_answer(context, question, answer);
}

static bool ask(struct job *job, struct checkup *checkup, struct checkup *ret, struct error *err)
{
	const struct check_memory memory = { recall, keep, job };
	struct reading reading = { .to = &job->wanted.watch,
		.step = "looking into the initrd",
		.files = checkup->subject.initrds,
		.count = checkup->subject.initrd_count };

	reading_begin(&reading);
	checkup->subject.watch = &reading.watch;
	checkup->subject.memory = &memory;
	if (checkup->subject.initrds)
		checkup->findings = check_all(&checkup->subject);
	if (!checkup->findings)
		return fail_no_memory(err);
	checkup->subject.watch = NULL;
	checkup->subject.memory = NULL;
	*ret = *checkup;
	return true;
}

bool checkup_make(struct system *system, struct job *job, const struct error *refused,
	struct checkup *ret, struct error *err)
{
	struct checkup checkup = { .subject = subject_of(system, job, refused) };

	return ask(job, &checkup, ret, err);
}

bool checkup_of_loaded(struct system *system, struct job *job, bool has_initrds,
	struct checkup *ret, struct error *err)
{
	struct checkup checkup = { .subject = subject_of(system, job, NULL) };

	checkup.subject.is_loaded = true;
	checkup.subject.plan = NULL;
	checkup.subject.has_initrds &= has_initrds;
	if (!job->wanted.command_line && !job->uki.uki.command_line)
		checkup.subject.command_line = NULL;
	return ask(job, &checkup, ret, err);
}

/* All of them: who mends one wants to know of the next. Always false. */
static bool refuse(const struct check_finding *findings, struct error *err)
{
	const char *before = "";

	fail(err, FAULT_CHECK, "%s", "");
	for (size_t i = 0; i < check_count; i++) {
		if (findings[i].result != CHECK_FAIL)
			continue;
		error_append(err, "%s%s: %s", before, checks[i].name, findings[i].reason);
		before = "; ";
	}
	return false;
}

bool checkup_permits(struct system *system, struct job *job, struct error *err)
{
	struct checkup checkup;

	if (!checkup_make(system, job, NULL, &checkup, err))
		return false;
	for (size_t i = 0; i < check_count; i++)
		if (checkup.findings[i].result == CHECK_WARN)
			notes_add(&job->notes, "the check \"%s\" warns: %s", checks[i].name,
				checkup.findings[i].reason);
	return check_worst(checkup.findings) != CHECK_FAIL || refuse(checkup.findings, err);
}
