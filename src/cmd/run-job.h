/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One job from request to loaded kernel, with what is said about it on the way. */
#pragma once

#include "cmd/progress.h"
#include "service/loading.h"
#include "system/system.h"

/* Says something of a job. */
typedef void job_teller(const struct job *job, const void *context);

struct run_job {
	const struct job_request *request;
	enum progress_form progress;
	bool dry_run; /* it is planned, and not loaded */
	bool has_turn; /* to load it, as a system that is looked at to change it has; else one is taken */
	enum loader loader;
	const char *title;      /* of the boot entry that is loaded; NULL: it is none */
	struct system *checked; /* the checks are asked of this system first; NULL: they are not */
	job_teller *planned;    /* before it is loaded; NULL: nothing is said */
	job_teller *done;       /* when all went well; NULL: nothing is said */
	const void *context;    /* of both */
};

/* Forgets what is loaded, or the crash kernel, since somebody says so. */
bool run_unload(bool crash, struct error *err) __attribute__((warn_unused_result));

/* Notes are told in any case. */
bool run_job(const struct run_job *run, struct error *err) __attribute__((warn_unused_result));
