/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* saut load and saut unload: an entry's files and command line → a job. */
#include <getopt.h>
#include <stdio.h>

#include "cmd/message.h"
#include "cmd/saut/entries.h"
#include "cmd/saut/verb.h"
#include "jump/act.h"
#include "jump/job.h"

struct wanted {
	struct entry_wish wish;
	bool dry_run;
};

static void show(const struct entry *e, const struct job *job, bool dry_run)
{
	printf("%s: %s\n", dry_run ? "would load" : "loaded", e->title);
	printf("    kernel   %s%s%s\n", e->kernel, job->image.version[0] ? " " : "",
		job->image.version);
	for (size_t i = 0; i < e->initrd_count; i++)
		printf("    initrd   %s\n", e->initrds[i]);
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
		.limits = { 0, PHYS_MAX },
	};
}

static bool load_entry(const struct entry *e, bool dry_run, struct error *err)
{
	struct job_request request = request_of(e);
	struct job job;
	bool done;

	if (e->device_tree)
		return fail(err, FAULT_ENTRY_REFUSED,
			"entry \"%.100s\" has a device tree, which is not loaded here", e->title);
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

static bool load(const struct wanted *wanted, struct error *err)
{
	struct system_entries found;
	const struct entry *entry;
	bool done = system_entries_find(NULL, &found, err) &&
		entry_choose(&found.entries, wanted->wish, &entry, err) &&
		load_entry(entry, wanted->dry_run, err);

	message_notes(&found.entries.notes);
	system_entries_free(&found);
	return done;
}

static bool parse(int argc, char **argv, struct wanted *ret)
{
	static const struct option options[] = {
		{ "entry", required_argument, NULL, 'e' },
		{ "running", no_argument, NULL, 'r' },
		{ "newest", no_argument, NULL, 'n' },
		{ "dry-run", no_argument, NULL, 'd' },
		{ 0 },
	};
	unsigned wishes = 0;

	for (int c; (c = getopt_long(argc, argv, "", options, NULL)) != -1;) {
		wishes += c != 'd';
		if (c == 'e')
			ret->wish = (struct entry_wish){ ENTRY_BY_NAME, optarg };
		else if (c == 'r')
			ret->wish.by = ENTRY_BY_RUNNING;
		else if (c == 'n')
			ret->wish.by = ENTRY_BY_NEWEST;
		else if (c == 'd')
			ret->dry_run = true;
		else
			return false;
	}
	return wishes <= 1 && optind == argc;
}

bool verb_load(int argc, char **argv, struct error *err)
{
	struct wanted wanted = { 0 };

	if (!parse(argc, argv, &wanted))
		fail(err, FAULT_USAGE,
			"load takes --dry-run and one of --entry=NAME, --running and --newest");
	else if (load(&wanted, err))
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
