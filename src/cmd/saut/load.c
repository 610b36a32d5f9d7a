/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* saut load and saut unload: an entry's files and command line → a job. */
#include "cmd/saut/load.h"

#include "cmd/message.h"
#include "cmd/run-job.h"
#include "cmd/saut/verb.h"
#include "cmd/say.h"
#include "jump/act.h"

static void show(const struct job *job, const struct entry *e, const char *what)
{
	say("%s: %s\n", what, e->title);
	say("    kernel   %s%s%s\n", e->kernel, job->image.version[0] ? " " : "",
		job->image.version);
	for (size_t i = 0; i < e->initrd_count; i++)
		say("    initrd   %s\n", e->initrds[i]);
	if (e->device_tree)
		say("    tree     %s\n", e->device_tree);
	say("    options  %s\n", job->request.command_line);
	say("    by       %s, since %s\n", kexec_call_name(job->plan.call), job->plan.call_reason);
}

static void show_loaded(const struct job *job, const void *entry)
{
	show(job, entry, "loaded");
}

static void show_planned(const struct job *job, const void *entry)
{
	show(job, entry, "would load");
}

static bool load_entry(struct system *system, const struct entry *e, const struct choice *choice,
	struct error *err)
{
	const struct job_request request = system_entry_request(system, e);
	const struct run_job run = {
		.request = &request,
		.dry_run = choice->dry_run,
		.has_turn = system->has_turn,
		.checked = choice->no_checks ? NULL : system,
		.done = choice->dry_run ? show_planned : show_loaded,
		.context = e,
	};

	if (e->remark)
		message_note("%s", e->remark);
	return run_job(&run, err);
}

bool load_choice(struct system *system, const struct choice *choice, const char **ret_kernel,
	struct error *err)
{
	struct entries entries = { 0 };
	const struct entry *e = NULL;
	bool done = system_entries(system, &entries, err) &&
		system_choose(system, &entries, choice->wish, &e, err) &&
		load_entry(system, e, choice, err);

	message_notes(&entries.notes);
	if (done)
		*ret_kernel = e->kernel;
	return done;
}

/* Who loads by hand knows what for; that others will not jump into it may be news. */
static void note_switch(const struct off_switch *off)
{
	if (off->kind != OFF_NONE)
		message_note("%s: saut reboot and the boot services will not jump into what is "
			     "loaded, kexec -e will",
			off->what);
}

static bool load(const struct choice *choice, struct error *err)
{
	const struct system_options options = { .leave_unmounted = choice->no_mount };
	struct system system;
	const char *kernel;
	bool looked = system_look(&options, &system, err);
	bool done;

	message_notes(&system.notes);
	done = looked && load_choice(&system, choice, &kernel, err);
	if (done && !choice->dry_run)
		note_switch(&system.off);
	system_free(&system);
	return done;
}

bool verb_load(int argc, char **argv, struct error *err)
{
	struct choice choice;

	if (!choice_read(argc, argv, &choice) || choice.firmware || choice.has_delay ||
		choice.cancel || choice.begin)
		fail(err, FAULT_USAGE,
			"load takes --dry-run, --no-checks, --no-mount, and one of --entry=NAME, --running and "
			"--newest");
	else if (load(&choice, err))
		return true;
	return error_attempting(err, "load a boot entry");
}

bool verb_unload(int argc, char **argv, struct error *err)
{
	(void)argv;
	if (argc == 1)
		return act_unload(&kexec_live, false, err);
	fail(err, FAULT_USAGE, "unload takes nothing");
	return error_attempting(err, "unload the kernel");
}
