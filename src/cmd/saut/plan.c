/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* saut plan: what a load would do, before it is done, by the code that does it; on this machine or another one. */
#include "cmd/saut/plan.h"

#include <stdio.h>
#include <string.h>

#include "cmd/message.h"
#include "cmd/run-job.h"
#include "cmd/saut/entry-job.h"
#include "cmd/saut/verb.h"
#include "cmd/say.h"

/* Of the JSON: what was there stays and means the same, else it is counted up. */
enum { SCHEMA = 1 };

struct planning {
	struct system *system;
	const struct choice *wanted;
	struct json *json; /* NULL: as text */
	const char *title;
	struct error *not_shown; /* why what was planned could not be shown as it was wanted */
};

/* The picture comes first: where it cannot be written, nothing else is said. */
static bool show_in(
	const struct planning *p, const struct job *job, struct arena *arena, struct error *err)
{
	struct preview preview;

	if (!preview_make(job, arena, &preview))
		return fail_no_memory(err);
	if (p->wanted->svg && !plan_svg(&preview, p->title, p->wanted->svg, err))
		return error_attempting(err, "draw %s", p->wanted->svg);
	if (p->json)
		plan_json(p->json, &preview, p->title, NULL);
	else
		plan_show(&preview, p->title);
	return true;
}

static void show(const struct job *job, const void *context)
{
	const struct planning *p = context;
	struct arena arena = { 0 };

	if (show_in(p, job, &arena, p->not_shown))
		message_flush();
	arena_free(&arena);
}

static bool plan_found(struct planning *p, const struct entry_job *found, struct error *err)
{
	struct error not_shown = { 0 };
	const struct run_job run = {
		.request = &found->request,
		.progress = p->wanted->quiet ? PROGRESS_NONE : PROGRESS_BAR,
		.dry_run = true,
		.loader = LOADER_SAUT,
		.planned = show,
		.context = p,
	};

	if (found->entry && found->entry->remark)
		message_note("%s", found->entry->remark);
	p->title = found->entry ? found->entry->title : found->request.kernel;
	p->not_shown = &not_shown;
	if (!run_job(&run, err))
		return false;
	*err = not_shown;
	return not_shown.fault == FAULT_NONE;
}

/* By its name, NULL for the default entry. */
static bool plan_one(struct planning *p, const char *name, struct error *err)
{
	struct choice choice = *p->wanted;
	struct entries entries = { 0 };
	struct entry_job found;
	bool done;

	if (name)
		choice_name(&choice, name);
	p->title = name;
	done = entry_job_find(p->system, &choice, &entries, &found, err) &&
		plan_found(p, &found, err);
	message_notes(&entries.notes);
	return done;
}

/* The first failure is kept: the others are told where they happen. */
static void plan_next(struct planning *p, const char *name, struct error *first)
{
	struct error err = { 0 };

	if (plan_one(p, name, &err))
		return;
	if (p->json) {
		message_spell(&err);
		plan_json(p->json, NULL, p->title, &err);
	}
	if (first->fault == FAULT_NONE)
		*first = err;
	else
		message_error(&err);
}

static bool plan_all(struct planning *p, struct error *err)
{
	const struct choice *w = p->wanted;
	struct error first = { 0 };

	if (p->json) {
		json_begin(p->json, SCHEMA);
		json_open(p->json, "plans", '[');
	}
	for (size_t i = 0; i < w->name_count; i++)
		plan_next(p, w->names[i], &first);
	if (w->name_count == 0)
		plan_next(p, NULL, &first);
	if (p->json) {
		json_close(p->json, ']');
		json_end(p->json);
	}
	if (first.fault == FAULT_NONE)
		return true;
	*err = first;
	err->is_answered = p->json != NULL;
	return false;
}

static bool plan(const struct choice *wanted, struct error *err)
{
	const struct system_options options = { .root = wanted->root,
		.leave_unmounted = wanted->no_mount,
		.only_looks = !wanted->svg };
	struct json j = { .out = stdout };
	struct system system;
	struct planning planning = {
		.system = &system, .wanted = wanted, .json = wanted->as_json ? &j : NULL
	};
	bool looked = system_look(&options, &system, err), done;

	message_notes(&system.notes);
	done = looked && plan_all(&planning, err);
	system_free(&system);
	return done;
}

bool verb_plan(int argc, char **argv, struct error *err)
{
	struct choice choice;

	return (choice_read(argc, argv, CHOICE_PLAN, &choice, err) && plan(&choice, err)) ||
		error_attempting(err, "plan a load");
}
