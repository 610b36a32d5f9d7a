/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cmd/saut/load-report.h"

#include <string.h>

static const char *const confirms[TRIAL_CONFIRMS] = {
	[CONFIRM_NOBODY] = "nobody",
	[CONFIRM_AUTO] = "auto",
	[CONFIRM_MANUAL] = "manual",
};

static const char *const *copied(const char *const *items, size_t count, struct arena *arena)
{
	const char **all = arena_alloc_array(arena, count + 1, sizeof *all);

	for (size_t i = 0; all && i < count; i++)
		all[i] = arena_string(arena, view_of_string(items[i]));
	return all;
}

void load_report_take(struct load_report *report, const struct job *job, const struct entry *entry,
	struct arena *arena)
{
	const char *version = job->image.version, *line = job->request.command_line;

	report->entry = entry;
	report->release = arena_string(
		arena, (struct view){ (const uint8_t *)version, strcspn(version, " ") });
	report->command_line = line ? arena_string(arena, view_of_string(line)) : NULL;
	report->call = kexec_call_name(job->plan.call);
	report->initrds = copied(job->wanted.initrds, job->wanted.initrd_count, arena);
}

void load_report_promise(struct load_report *report, const struct job *job,
	const struct come_back *trial, const char *back)
{
	report->is_trial = trial->is_on;
	report->confirm = trial->trial.confirm;
	report->within = trial->trial.within;
	report->nobody = trial->nobody;
	report->back = back;
	report->watchdog = job->watchdog.driver;
}

static void show_trial(const struct load_report *r, struct json *j)
{
	if (!r->is_trial) {
		json_null(j, "trial");
		return;
	}
	json_open(j, "trial", '{');
	json_string(j, "confirm", confirms[r->confirm]);
	json_number(j, "within", r->within);
	json_string(j, "nobody", r->nobody);
	json_known(j, "back_into", r->back);
	json_string(j, "watchdog", r->watchdog);
	json_close(j, '}');
}

void load_report_show(const struct load_report *r, struct json *j)
{
	if (!r->entry) {
		json_null(j, "loaded");
		return;
	}
	json_open(j, "loaded", '{');
	json_known(j, "id", r->entry->id);
	json_known(j, "title", r->entry->title);
	json_string(j, "kernel", r->entry->kernel);
	json_known(j, "release", r->release);
	json_string(j, "command_line", r->command_line);
	json_strings(j, "initrds", r->initrds);
	json_string(j, "device_tree", r->entry->device_tree);
	json_string(j, "system_call", r->call);
	show_trial(r, j);
	json_close(j, '}');
}
