/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Whether this boot is good: what was true before the jump is true, and the drop-in checks say so. */
#pragma once

#include "base/notes.h"
#include "machine/init.h"
#include "service/trial.h"

#define CONFIRMATION_FOLDER "/etc/saut/good.d"

/* Seconds that one check may take. */
enum { CONFIRMATION_CHECK_S = 60 };

enum confirmation { CONFIRMED, REFUSED, CONFIRMATION_IS_OVER };

/*
 * Waits until this boot, which the trial is of, is good or its time is over; or until somebody else has
 * said so in TRIAL_FILE, or has forgiven it. *ret_reason is what is said then.
 */
enum confirmation confirmation_wait(
	const struct trial *trial, enum init init, struct arena *arena, const char **ret_reason);

/*
 * Says so in TRIAL_FILE. state is what is known now; "after" is made of the time since this boot began.
 */
bool confirmation_say(const struct trial *trial, enum trial_state state, const char *reason,
	struct error *err) __attribute__((warn_unused_result));

/* Seconds since this boot began; 0: unknown. */
uint64_t confirmation_uptime(void);
