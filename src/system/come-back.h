/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Coming back: what is promised of a jump before it (a trial, service/trial.h), put on the next kernel's
 * command line when that is loaded, and written down when the machine goes down for it.
 */
#pragma once

#include "system/one-shot.h"
#include "system/system.h"

/* Seconds more than a trial has that its watchdog counts: a boot that is refused goes down by itself. */
enum { COME_BACK_MARGIN_S = 30 };

/* What the hardware must count at least, so that a kernel has come as far as its boot service by then. */
enum { COME_BACK_BOOT_S = 180 };

/* What it counts where nobody has asked for it, and it can: a boot may be slow once, and is none the worse for it. */
enum { COME_BACK_UNASKED_S = 600 };

struct come_back {
	bool is_on;
	struct trial trial;
	const char *nobody;       /* why nothing would confirm the boot; NULL: something will */
	struct one_shot one_shot; /* where a reset leads; of a trial that something will confirm */
	struct come_back_parameters parameters;
	const char *
		replaced; /* what TRIAL_NEXT_FILE had before, of what is still loaded; NULL: nothing */
};

/* What the settings say for whom the system was looked at, or for its init. */
struct come_back_settings come_back_settings(struct system *system);

/* What is promised, of what. */
struct come_back_wanted {
	struct come_back_settings settings;
	const char *release; /* of the kernel, NULL or "": unknown */
	bool dry_run;        /* nothing is to be changed */
};

/*
 * For a job that is about to be prepared, whose command line is to lead to this very system if that is
 * to confirm. What is on is written down in TRIAL_NEXT_FILE; where that cannot be done it is off, and a
 * note says why. Whatever come_back_leave wrote for what was loaded before is taken back. False only when
 * memory is out.
 */
bool come_back_begin(struct system *system, const struct come_back_wanted *wanted,
	struct job_request *job, struct come_back *ret, struct error *err)
	__attribute__((warn_unused_result));

/*
 * Which watchdog this job's jump starts, into TRIAL_NEXT_FILE: the next boot takes it over by that. Before
 * it is loaded, and behind that, since a load may have come to do without. Nothing for a job that is no
 * trial.
 */
bool come_back_settle(const struct job *job, struct error *err) __attribute__((warn_unused_result));

/* It was not loaded after all: what is loaded still is what it was. */
void come_back_undo(const struct come_back *come_back);

/* What is loaded is no trial, or nothing is. */
void come_back_forget(void);

/*
 * The machine goes down, to jump into what is loaded: what is true now is written down, unless there is
 * COME_BACK_SEEN_FILE of earlier in the shutdown. Nothing where what is loaded is no trial. False where
 * it cannot be written: then what was promised of the jump does not hold, and there must be none.
 */
bool come_back_leave(const struct source *source, enum init init, struct arena *arena,
	struct notes *notes, struct error *err) __attribute__((warn_unused_result));

/* What is true now, into that file: while everything still runs. */
void come_back_see(
	const struct source *source, enum init init, struct arena *arena, struct notes *notes);

#define COME_BACK_SEEN_FILE   "/run/saut/seen"
#define COME_BACK_BEFORE_FILE TRIAL_FOLDER "before"

/* The machine does not jump after all: what come_back_leave wrote is taken back. */
void come_back_take_back(void);

/*
 * Whether this kernel may be jumped into: FAULT_FAILED_BEFORE where the last jump into it failed and was
 * not forgiven, or where that is not known.
 */
bool come_back_permits(const struct system *system, const char *kernel, const char *release,
	struct error *err) __attribute__((warn_unused_result));
