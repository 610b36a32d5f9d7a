/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The object of the public API: its beginning, its end, what it says. */
#include "api/object.h"

#include <stdlib.h>

#include "api/given.h"
#include "sys/caller.h"

_Static_assert((int)SAUT_PERMISSION == (int)CLASS_PERMISSION, "the same classes");

struct saut *saut_new(void)
{
	struct saut *saut = calloc(1, sizeof *saut);

	if (!saut)
		return NULL;
	given_set_up(&saut->given);
	saut->notes.arena = &saut->given.strings;
	return saut;
}

void saut_free(struct saut *saut)
{
	if (!saut)
		return;
	api_entries_free(saut);
	job_free(&saut->job);
	given_free(&saut->given);
	api_status_free(saut);
	api_checks_free(saut);
	api_inspection_free(saut);
	arena_free(&saut->captured);
	api_report_free(saut);
	free(saut);
}

enum saut_result api_result(struct saut *saut, bool done)
{
	struct error open = saut->error;
	char hint[ERROR_HINT_MAX];

	caller_close_ways(&open);
	error_hint(&open, hint);
	fields_spell(&api_field_names, hint, saut->hint, sizeof saut->hint);
	fields_spell_error(&api_field_names, &saut->error);
	return done ? SAUT_DONE : (enum saut_result)fault_class(saut->error.fault);
}

void api_begin(struct saut *saut)
{
	saut->error = (struct error){ 0 };
	saut->notes.items = NULL;
	saut->notes.count = 0;
	job_free(&saut->job);
	saut->job = (struct job){ 0 };
}

enum saut_result api_end(struct saut *saut, bool done)
{
	struct notes *all[] = { &saut->notes, &saut->job.notes, &saut->job.plan.notes };

	for (size_t i = 0; i < sizeof all / sizeof *all; i++)
		fields_spell_notes(&api_field_names, all[i]);
	for (unsigned i = 0; saut->said && saut_note(saut, i); i++)
		saut->said(saut->said_context, saut_note(saut, i));
	return api_result(saut, done);
}

enum saut_result api_set_string(struct saut *saut, const char **field, const char *value)
{
	const char *copy = value ? arena_string(&saut->given.strings, view_of_string(value)) : NULL;

	if (value && !copy)
		return api_result(saut, fail_no_memory(&saut->error));
	*field = copy;
	return SAUT_DONE;
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
	return saut->hint;
}

const char *saut_note(const struct saut *saut, unsigned index)
{
	const struct notes *all[] = { &saut->notes, &saut->job.notes, &saut->job.plan.notes };

	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		if (index < all[i]->count)
			return all[i]->items[index];
		index -= (unsigned)all[i]->count;
	}
	return NULL;
}

static void tell_progress(void *context, const struct job_progress *at)
{
	const struct saut *saut = context;

	saut->progress(saut->progress_context, at->step, at->what, at->done, at->total);
}

void saut_on_progress(struct saut *saut, saut_progress *call, void *context)
{
	saut->progress = call;
	saut->progress_context = context;
	saut->given.wanted.watch = (struct job_watch){ call ? tell_progress : NULL, saut };
}

void saut_on_note(struct saut *saut, saut_said *call, void *context)
{
	saut->said = call;
	saut->said_context = context;
}
