/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* saut load and saut unload: an entry's files and command line → a job. */
#include "cmd/saut/load.h"

#include <stdio.h>

#include "cmd/message.h"
#include "system/entries.h"
#include "system/situation.h"
#include "cmd/saut/verb.h"
#include "jump/act.h"
#include "jump/job.h"

static void show(const struct entry *e, const struct job *job, bool dry_run)
{
	printf("%s: %s\n", dry_run ? "would load" : "loaded", e->title);
	printf("    kernel   %s%s%s\n", e->kernel, job->image.version[0] ? " " : "",
		job->image.version);
	for (size_t i = 0; i < e->initrd_count; i++)
		printf("    initrd   %s\n", e->initrds[i]);
	if (e->device_tree)
		printf("    tree     %s\n", e->device_tree);
	printf("    options  %s\n", job->request.command_line);
	printf("    by       %s, since %s\n", kexec_call_name(job->plan.call),
		job->plan.call_reason);
}

static struct job_request request_of(const struct entry *e)
{
	return (struct job_request){
		.kernel = e->kernel,
		.initrds = e->initrds,
		.initrd_count = e->initrd_count,
		.reuse_command_line = !e->command_line && !entry_is_program(e),
		.command_line = e->command_line,
		.device_tree = e->device_tree,
		.limits = { 0, PHYS_MAX },
	};
}

static bool load_entry(const struct entry *e, bool dry_run, struct error *err)
{
	struct job_request request = request_of(e);
	struct job job;
	bool done;

	if (e->remark)
		message_note("%s", e->remark);
	done = job_prepare(&job, &request, err) && (dry_run || job_load(&job, &kexec_live, err));
	if (done)
		show(e, &job, dry_run);
	message_notes(&job.notes);
	message_notes(&job.plan.notes);
	job_free(&job);
	return done;
}

bool load_choice(const struct choice *choice, struct arena *arena, const char **ret_kernel,
	struct error *err)
{
	struct system_entries found;
	const struct entry *entry;
	bool done = system_entries_find(NULL, !choice->no_mount, &found, err) &&
		entry_choose(&found.entries, choice->wish, &entry, err) &&
		load_entry(entry, choice->dry_run, err);

	if (done)
		*ret_kernel = arena_string(arena, view_of_string(entry->kernel));
	message_notes(&found.entries.notes);
	system_entries_free(&found);
	return done;
}

/* Who loads by hand knows what for; that others will not jump into it may be news. */
static void note_switch(void)
{
	struct situation situation;
	struct error ignored;

	if (!situation_look(&situation, &ignored))
		return;
	if (situation.off.kind != OFF_NONE)
		message_note("%s: saut reboot and the boot services will not jump into what is "
			     "loaded, kexec -e will",
			situation.off.what);
	situation_free(&situation);
}

static bool load(const struct choice *choice, struct error *err)
{
	struct arena arena = { 0 };
	const char *kernel;
	bool done = load_choice(choice, &arena, &kernel, err);

	if (done && !choice->dry_run)
		note_switch();
	arena_free(&arena);
	return done;
}

bool verb_load(int argc, char **argv, struct error *err)
{
	struct choice choice;

	if (!choice_read(argc, argv, &choice) || choice.firmware || choice.has_delay)
		fail(err, FAULT_USAGE,
			"load takes --dry-run, --no-mount, and one of --entry=NAME, --running and "
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
