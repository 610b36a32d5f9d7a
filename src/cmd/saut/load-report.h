/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What was loaded, or would be, as the JSON of load and reboot has it. */
#pragma once

#include "cmd/json.h"
#include "entry/entry.h"
#include "jump/job.h"
#include "system/come-back.h"

/* All lives in an arena of the caller's; zeros: nothing was loaded. */
struct load_report {
	const struct entry *entry; /* NULL: nothing was loaded */
	const char *release, *command_line, *call;
	const char *const *initrds;
	bool is_trial;
	enum trial_confirm confirm;
	uint64_t within;
	const char *nobody, *back, *watchdog; /* NULL: somebody; not known; none */
};

/* Of a job that is loaded or planned; NULL of memory: what it says is null. */
void load_report_take(struct load_report *report, const struct job *job, const struct entry *entry,
	struct arena *arena);

/* Of the same, where it is on trial; back: what a reset leads to, "" where that is not known. */
void load_report_promise(struct load_report *report, const struct job *job,
	const struct come_back *trial, const char *back);

/* As a member of the open object. */
void load_report_show(const struct load_report *report, struct json *j);
