/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a boot service would load, and what the next reboot is: as text and as JSON. */
#include "cmd/saut/service-show.h"

#include <stdio.h>

#include "cmd/message.h"
#include "cmd/run-job.h"
#include "cmd/saut/foretold.h"
#include "cmd/saut/loadings.h"
#include "cmd/saut/promise.h"
#include "cmd/saut/service-unload.h"
#include "cmd/say.h"

void service_show_target(const struct target *t, const char *what)
{
	say("%s: %s (%s)\n", what, t->title, t->choice.why);
	say("    kernel   %s\n", t->kernel);
	for (size_t i = 0; i < t->job.initrd_count; i++)
		say("    initrd   %s\n", t->job.initrds[i]);
	say("    options  %s\n", t->job.command_line ? t->job.command_line : "its own");
}

struct shown {
	struct service *service;
	const struct come_back *trial; /* NULL: it is none */
	const char *what;
};

static void show_done(const struct job *job, const void *context)
{
	const struct shown *shown = context;
	const struct come_back *trial = shown->trial;

	if (shown->service->as_json)
		return;
	service_show_target(&shown->service->target, shown->what);
	if (trial)
		promise_show(&shown->service->system, trial, job,
			trial->one_shot.title ? trial->one_shot.title : "");
}

bool service_load_job(struct service *s, const struct come_back *trial, struct error *err)
{
	const struct kexec_options *options = &s->target.options;
	const struct shown shown = { s, trial, trial ? "loaded" : "would load" };
	const struct run_job run = {
		.request = &s->target.job,
		/* A console in a shutdown is a terminal as well, and others write to it. */
		.progress = PROGRESS_LINES,
		.dry_run = !trial,
		.has_turn = s->system.has_turn,
		.loader = LOADER_SERVICE,
		.title = s->target.title,
		.checked = s->system.settings.no_checks ? NULL : &s->system,
		.done = show_done,
		.context = &shown,
	};

	for (size_t i = 0; i < options->remark_count; i++)
		notes_add(&s->system.notes, "--%s has no effect: %s", options->remarks[i].name,
			options->remarks[i].why);
	return run_job(&run, err);
}

/* Of the JSON. */
enum { SCHEMA = 1 };

/* foretold NULL: nobody has asked; why NULL: the target is what the service loads. */
static void show_json(struct service *s, const struct foretold *foretold, const char *why)
{
	struct json j = { .out = stdout };
	struct loading of = { 0 };

	if (!why)
		of = foretell_target(&s->target, &s->system.arena);
	json_begin(&j, SCHEMA);
	if (foretold)
		foretold_show_json(foretold, &j);
	else
		json_null(&j, "next_reboot");
	loading_show_json("target", why ? NULL : &of, &j);
	json_string(&j, "by", why ? NULL : s->target.choice.why);
	json_string(&j, "reason", why);
	json_end(&j);
}

bool service_check(struct service *s, struct error *err)
{
	if (!target_find(&s->system, &s->target, err) || !service_load_job(s, NULL, err))
		return false;
	if (s->as_json)
		show_json(s, NULL, NULL);
	return true;
}

/* What comes of the settings now is said beside what is loaded, which may be something else. */
static void tell_target(struct service *s, const struct foretold *foretold)
{
	struct error not_found = { 0 };
	const bool is_off = service_off_by(s) || s->system.off.kind != OFF_NONE;
	const bool found = !is_off && target_find(&s->system, &s->target, &not_found);
	const char *why = is_off ? service_off_by(s) ? service_off_by(s) : s->system.off.what
				 : not_found.reason;

	if (s->as_json)
		show_json(s, foretold, found ? NULL : why);
	else if (found && foretold->next.way != NEXT_LOAD)
		service_show_target(&s->target, "by its settings, the service would load");
	else if (!found && !is_off && foretold->next.way != NEXT_FIRMWARE)
		notes_add(&s->system.notes, "what the service would load is not known: %s", why);
}

bool service_status(struct service *s, struct error *err)
{
	const struct foretold foretold = foretell(&s->system);

	if (!s->as_json)
		foretold_show(&s->system, &foretold, &s->system.arena);
	tell_target(s, &foretold);
	if (s->as_json || (!service_off_by(s) && s->system.off.kind == OFF_NONE))
		return foretold_is_by_kexec(&foretold, err);
	return fail(err, FAULT_SWITCHED_OFF, "%s",
		service_off_by(s) ? service_off_by(s) : s->system.off.what);
}
