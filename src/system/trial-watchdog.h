/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The watchdog that was started for a trial, in the boot that is on trial: its driver takes it over, and it
 * is kept from running out until that boot is confirmed or refused.
 */
#pragma once

#include "service/trial.h"
#include "sys/watchdog-keeper.h"

enum {
	/* While it is kept: so long after its last sign of life a machine that hangs is reset. */
	TRIAL_WATCHDOG_HOLD_S = 60,
	/* From a refusal to the reset, where the shutdown does not come to its end by itself. */
	TRIAL_WATCHDOG_LEAVE_S = 120,
	/* Who waits looks, and runs checks, for so long after the time of the trial at most. */
	TRIAL_WATCHDOG_SLACK_S = 30,
	/* A boot that has come to this later than its time is not judged before so long. */
	TRIAL_SETTLE_S = 60,
};

struct trial_watchdog {
	struct watchdog_keeper keeper; /* no child where the trial has none, or others keep it */
	bool is_others;                /* somebody else has its device open, as systemd may */
	bool cannot_stop;              /* nowayout: it runs until the machine is reset */
	const char *device;            /* "/dev/watchdog0"; NULL: the trial has none */
};

/*
 * Loads the driver where it is not there (distributions keep them from being loaded by themselves), opens
 * the device at once, since drivers stop the hardware when they find it, and keeps it. Fails where that
 * cannot be done, so that the machine would be reset.
 */
bool trial_watchdog_take(const struct trial *trial, struct arena *arena, struct trial_watchdog *ret,
	struct error *err) __attribute__((warn_unused_result));

/*
 * The boot is good: stops it. What cannot be stopped is kept on instead if we may stay, for ever; else
 * that is an error.
 */
bool trial_watchdog_end(struct trial_watchdog *watchdog, bool may_stay, struct error *err)
	__attribute__((warn_unused_result));

/*
 * Whether the device of the trial's driver says that it was the watchdog that has reset the machine; where
 * there is none, or it does not tell, that is false as well.
 */
bool trial_watchdog_has_reset(
	const struct source *source, const struct trial *trial, struct arena *arena);

/* The boot is refused, and the machine goes down. */
void trial_watchdog_leave(struct trial_watchdog *watchdog);
