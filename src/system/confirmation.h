/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Whether this boot is good: what was true before the jump is true, and the drop-in checks say so. */
#pragma once

#include "base/notes.h"
#include "machine/init.h"
#include "service/trial.h"

#define CONFIRMATION_FOLDER "/etc/saut/good.d"

/* Seconds that one check may take. */
enum { CONFIRMATION_CHECK_S = 60 };

enum confirmation { CONFIRMED, REFUSED, CONFIRMATION_IS_OVER, CONFIRMATION_WAITS };

/*
 * Waits until this boot, which the trial is of, is good or its time is over, when only what is certainly
 * wrong speaks against it, or whatever is missing where the trial is strict; or until somebody else has
 * said so in TRIAL_FILE, or has forgiven it. *ret_reason is what is said then. Never CONFIRMATION_WAITS.
 */
enum confirmation confirmation_wait(
	const struct trial *trial, enum init init, struct arena *arena, const char **ret_reason);

/*
 * Says so in TRIAL_FILE. state is what is known now; "after" is made of the time since this boot began.
 */
bool confirmation_say(const struct trial *trial, enum trial_state state, const char *reason,
	struct error *err) __attribute__((warn_unused_result));

/*
 * What somebody has said of it meanwhile: REFUSED, CONFIRMED for forgiven as well, CONFIRMATION_IS_OVER where
 * another trial has begun, and else CONFIRMATION_WAITS.
 */
enum confirmation confirmation_said(const struct trial *trial);

/* When its time is over, in seconds since this boot began: one that was slow until now may settle first. */
uint64_t confirmation_end(const struct trial *trial);
