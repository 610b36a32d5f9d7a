/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is behind the public API's one object; only this room includes it. */
#pragma once

#include "base/fields.h"
#include "jump/job.h"
#include "saut.h"
#include "system/system.h"

/* The caller's strings, descriptors and bytes, kept for as long as a job may borrow them. */
struct given {
	struct arena strings;
	struct job_request wanted;
	const char *initrds[PLAN_INITRDS_MAX];
	struct descriptor initrd_descriptors[PLAN_INITRDS_MAX];
	const char *modules[PLAN_MODULES_MAX];
};

/* A look at a system, and what it could boot next. */
struct looked {
	struct system system;
	struct entries entries;
};

enum { SAUT_HINT_MAX = 1024 };

struct saut {
	struct given given;
	struct job job;
	struct error error;
	char hint[SAUT_HINT_MAX]; /* the error's, in our words */
	struct notes notes;       /* of all but the job, which has its own */
	saut_said *said;
	void *said_context;
	saut_progress *progress;
	void *progress_context;

	bool may_mount;
	struct looked *found;
	struct saut_entry *entries; /* found's, as the caller sees them, and one of zeros behind */

	struct system *seen; /* what status was told of; NULL: nothing yet */
	struct saut_status status;
	struct arena captured;       /* what saut_capture has told */
	struct inspected *inspected; /* what saut_inspect has told; NULL: nothing yet */
	struct reported *reported;   /* what saut_report has told; NULL: nothing yet */
	struct system *checked; /* what the findings of its checks live in; NULL: nothing yet */
};

extern const struct field_names api_field_names;

/* The result of a function that was done, or failed with the object's error. */
enum saut_result api_result(struct saut *saut, bool done);

/* Begins a function that makes notes: the last one's are gone. */
void api_begin(struct saut *saut);

/* Ends it: whoever wants to hear of notes does. */
enum saut_result api_end(struct saut *saut, bool done);

/* Copies value into *field; NULL stays NULL. */
enum saut_result api_set_string(struct saut *saut, const char **field, const char *value);

void api_entries_free(struct saut *saut);
void api_status_free(struct saut *saut);
void api_checks_free(struct saut *saut);
void api_inspection_free(struct saut *saut);
void api_report_free(struct saut *saut);
