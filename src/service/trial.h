/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A trial: one jump into a next kernel that has to prove itself. What was promised before it, and what
 * became of it, in a file of the kind that assignments.h reads: TRIAL_NEXT_FILE is what is loaded,
 * TRIAL_FILE the last one that was jumped into, TRIAL_FAILED_FILE the one before it if that failed. The
 * boot that a trial is for has its id on the command line (machine/trial-parameter.h).
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "machine/machine.h"
#include "machine/source.h"

#define TRIAL_FOLDER      "/var/lib/saut/"
#define TRIAL_NEXT_FILE   TRIAL_FOLDER "next-trial"
#define TRIAL_FILE        TRIAL_FOLDER "trial"
#define TRIAL_FAILED_FILE TRIAL_FOLDER "failed-trial"

/* What was said of it. */
enum trial_state {
	TRIAL_LEFT,      /* it is jumped into */
	TRIAL_UP,        /* who confirms has begun to look */
	TRIAL_CONFIRMED, /* it is good */
	TRIAL_REFUSED,   /* it is not, and reason says why */
	TRIAL_FORGIVEN,  /* whatever it was */
	TRIAL_SILENT,    /* another boot has found that it was not heard of */
};

enum { TRIAL_STATES = TRIAL_SILENT + 1 };

/* Who says that the boot is good. */
enum trial_confirm {
	CONFIRM_NOBODY, /* nothing on that system would: it is not known afterwards whether it came up */
	CONFIRM_AUTO,   /* the boot service, by what was true before */
	CONFIRM_MANUAL, /* somebody, by saut confirm */
};

enum { TRIAL_CONFIRMS = CONFIRM_MANUAL + 1 };

struct trial {
	const char *id;
	enum trial_state state;
	enum trial_confirm confirm;
	uint64_t when;               /* it was left, or loaded: seconds since 1970 */
	const char *boot_id;         /* of the boot that leaves for it */
	const char *release, *entry; /* of that boot's kernel, and its boot entry; "": unknown */
	const char *kernel;          /* that is tried */
	const char *next_release;    /* its release; "": unknown */
	uint64_t within;             /* seconds from its start until it is confirmed or refused */
	const char *one_shot;        /* what the boot loader was told (one-shot.h); "": nothing */
	const char *watchdog;        /* the driver of the one that was started; "": none was */
	const char *identity;        /* what that driver calls itself; "": unknown */
	const char *keep;            /* its device, where who leaves starts it; "": the stub does */
	const char *strict;          /* "yes": whatever is missing then is held against it */
	const char *up_boot_id;      /* of the boot that looked; "": none did */
	const char *panic_was;       /* /proc/sys/kernel/panic of that boot; "": unknown */
	uint64_t after;              /* seconds from its start, when it was confirmed or refused */
	const char *reason;          /* who confirmed, or why it was refused or forgiven */
};

/* As text for a file; control characters become '?'. NULL when memory is out. */
const char *trial_text(const struct trial *trial, struct arena *arena);

/* IS_UNREADABLE where it cannot be understood as well. file is one of the three. */
enum presence trial_take(const struct source *source, const char *file, struct arena *arena,
	struct trial *ret, struct error *err) __attribute__((warn_unused_result));

/* The same where one that cannot be read changes nothing: false where there is none. */
bool trial_read(
	const struct source *source, const char *file, struct arena *arena, struct trial *ret);

/* The boot that asks. */
struct trial_now {
	const char *boot_id, *release;
	const char *id; /* of the trial that this boot is, by its command line; "": of none */
	enum answer by_kexec;
};

struct trial_now trial_now_read(
	const struct source *source, enum answer by_kexec, struct arena *arena);

/* What became of a trial, as this boot knows it. */
enum trial_outcome {
	OUTCOME_AHEAD,   /* this boot leaves for it */
	OUTCOME_WAITING, /* this boot is it, and nothing is said yet */
	OUTCOME_CONFIRMED,
	OUTCOME_REFUSED, /* failed, as the next two */
	OUTCOME_SILENT,  /* another boot runs, and the tried one was not heard of */
	OUTCOME_LOST,    /* it came up, and ended before anybody said anything */
	OUTCOME_FORGIVEN,
	OUTCOME_REDEEMED, /* it failed, and this boot has come up with the same kernel since */
	OUTCOME_UNKNOWN,  /* nobody would have told */
};

enum { TRIAL_OUTCOMES = OUTCOME_UNKNOWN + 1 };

enum trial_outcome trial_outcome(const struct trial *trial, const struct trial_now *now);

/* Whether such a trial keeps us from trying the same kernel by kexec again. */
bool trial_has_failed(enum trial_outcome outcome);

/* Whether that is the kernel that was tried: by path, and by release where both are known. */
bool trial_is_of(const struct trial *trial, const char *kernel, const char *release);
