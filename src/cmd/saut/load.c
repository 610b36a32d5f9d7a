/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* saut load and saut unload: an entry's files and command line → a job. */
#include "cmd/saut/load.h"

#include <stdio.h>

#include "cmd/message.h"
#include "cmd/run-job.h"
#include "cmd/saut/entry-job.h"
#include "cmd/saut/look-options.h"
#include "cmd/saut/promise.h"
#include "cmd/saut/verb.h"
#include "cmd/say.h"
#include "system/load.h"

static void show(const struct job *job, const struct entry *e, const char *what)
{
	const struct job_request *wanted = &job->wanted;

	say("%s: %s\n", what, e->title);
	say("    kernel   %s%s%s\n", e->kernel, job->image.version[0] ? " " : "",
		job->image.version);
	for (size_t i = 0; i < wanted->initrd_count; i++)
		say("    initrd   %s\n", wanted->initrds[i]);
	if (e->device_tree)
		say("    tree     %s\n", e->device_tree);
	say("    options  %s\n", job->request.command_line);
	say("    by       %s, since %s\n", kexec_call_name(job->plan.call), job->plan.call_reason);
}

struct entry_loading {
	struct system *system;
	const struct entries *entries;
	const struct come_back_settings *trial; /* NULL: it is none */
	const struct choice *choice;
	struct load_report *report;
};

/* What a reset leads to, by the boot loader's files. */
static const char *after_reset(const struct entries *entries)
{
	for (size_t i = 0; i < entries->count; i++)
		if (entries->items[i].is_default)
			return entries->items[i].title;
	return "";
}

struct shown {
	const struct entry_loading *loading;
	const struct entry *entry;
	struct come_back trial;
};

/* With what was found out while it was loaded. */
static void show_done(const struct job *job, const void *context)
{
	const struct shown *shown = context;
	const struct entry_loading *l = shown->loading;
	const struct one_shot *one_shot = &shown->trial.one_shot;
	const char *back = one_shot->file ? one_shot->title : after_reset(l->entries);

	if (l->choice->as_json) {
		load_report_take(l->report, job, shown->entry, &l->system->arena);
		load_report_promise(l->report, job, &shown->trial, back);
		return;
	}
	show(job, shown->entry, l->choice->dry_run ? "would load" : "loaded");
	promise_show(l->system, &shown->trial, job, back);
}

static bool begin_trial(const struct entry_loading *l, const struct entry *e,
	struct job_request *request, struct come_back *ret, struct error *err)
{
	const struct come_back_wanted wanted = { *l->trial, e->release, l->choice->dry_run };

	return come_back_permits(l->system, e->kernel, e->release, err) &&
		come_back_begin(l->system, &wanted, request, ret, err);
}

static bool load_entry(const struct entry_loading *l, struct entry_job *found, struct error *err)
{
	struct system *system = l->system;
	const struct choice *choice = l->choice;
	const struct entry *e = found->entry;
	struct job_request request = found->request;
	struct shown shown = { .loading = l, .entry = e };
	const struct run_job run = {
		.request = &request,
		.progress = choice->quiet ? PROGRESS_NONE : PROGRESS_BAR,
		.dry_run = choice->dry_run,
		.has_turn = system->has_turn,
		.loader = LOADER_SAUT,
		.title = e->title,
		.checked = choice->no_checks ? NULL : system,
		.done = show_done,
		.context = &shown,
	};

	if (e->remark)
		message_note("%s", e->remark);
	if (l->trial && !begin_trial(l, e, &request, &shown.trial, err))
		return false;
	if (run_job(&run, err))
		return true;
	if (shown.trial.is_on && !choice->dry_run)
		come_back_undo(&shown.trial);
	return false;
}

bool load_choice(struct system *system, const struct choice *choice,
	const struct come_back_settings *trial, struct load_report *ret_report, struct error *err)
{
	struct entries entries = { 0 };
	struct entry_loading loading = { system, &entries, trial, choice, ret_report };
	struct entry_job found;
	bool done = entry_job_find(system, choice, &entries, &found, err) &&
		load_entry(&loading, &found, err);

	message_notes(&entries.notes);
	return done;
}

/* Who loads by hand knows what for; that others will not jump into it may be news. */
static void note_switch(const struct off_switch *off)
{
	if (off->kind != OFF_NONE && off->kind != OFF_UNLOADED)
		message_note("%s: saut reboot and the boot services will not jump into what is "
			     "loaded, kexec -e will",
			off->what);
}

/* Of the JSON. */
enum { SCHEMA = 1 };

static void show_json(const struct choice *choice, const struct load_report *report)
{
	struct json j = { .out = stdout };

	json_begin(&j, SCHEMA);
	json_bool(&j, "dry_run", choice->dry_run);
	load_report_show(report, &j);
	json_end(&j);
}

static void show_unloaded(void)
{
	struct json j = { .out = stdout };

	json_begin(&j, SCHEMA);
	json_bool(&j, "unloaded", true);
	json_end(&j);
}

static bool load(const struct choice *choice, struct error *err)
{
	const struct system_options options = { .leave_unmounted = choice->no_mount };
	struct load_report report = { 0 };
	struct system system;
	bool looked = system_look(&options, &system, err);
	bool done;

	message_notes(&system.notes);
	done = looked && load_choice(&system, choice, NULL, &report, err);
	if (done && !choice->dry_run)
		note_switch(&system.off);
	if (done && choice->as_json)
		show_json(choice, &report);
	system_free(&system);
	return done;
}

bool verb_load(int argc, char **argv, struct error *err)
{
	struct choice choice;

	return (choice_read(argc, argv, CHOICE_LOAD, &choice, err) && load(&choice, err)) ||
		error_attempting(err, "load a boot entry");
}

bool verb_unload(int argc, char **argv, struct error *err)
{
	bool as_json;

	if (!json_option_read(argc, argv, &as_json)) {
		fail(err, FAULT_USAGE, "unload takes --json alone");
		return error_attempting(err, "unload the kernel");
	}
	if (!run_unload(false, err))
		return false;
	if (as_json)
		show_unloaded();
	else
		say("no kernel is loaded any more\n");
	return true;
}
