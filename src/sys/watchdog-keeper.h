/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Keeps a watchdog's device open and from running out, in a process of its own, so that whoever waits for
 * something may take its time (Documentation/watchdog/watchdog-api.rst). Where that one dies and it may not
 * be stopped, or where nothing is said until a time, the watchdog is left to run out.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"

struct keeper_wish {
	unsigned hold;  /* seconds that the hardware counts, while it is kept */
	unsigned leave; /* and when it is left to run out: a shutdown has to be over by then */
	uint64_t
		deadline; /* seconds since the boot's begin, without sleep: so long it is kept without a word */
	bool (*may_stop)(const void *context); /* asked when who waits has died */
	const void *context;
};

struct watchdog_keeper {
	int child;   /* 0: there is none */
	int command; /* one end; the other is the child's */
};

/*
 * Opens the device, which starts the watchdog, and keeps it. The error's errnum is EBUSY where somebody
 * else has it open.
 */
bool keeper_start(const char *device, const struct keeper_wish *wish, struct watchdog_keeper *ret,
	struct error *err) __attribute__((warn_unused_result));

/* Stops the watchdog, which a driver may refuse (nowayout), and ends the keeper. */
bool keeper_stop(struct watchdog_keeper *keeper, struct error *err)
	__attribute__((warn_unused_result));

/* Sets it to the time in which it is left, and ends the keeper. */
void keeper_leave(struct watchdog_keeper *keeper);

/* Keeps it whatever the deadline, until we are ended. Returns only where the keeper has died. */
void keeper_stay(struct watchdog_keeper *keeper);

/* Without a keeper: opens it and leaves it running, to be reset after so many seconds. */
bool watchdog_leave(const char *device, unsigned seconds, struct error *err)
	__attribute__((warn_unused_result));

/* The same, and stops it. */
bool watchdog_stop(const char *device, struct error *err) __attribute__((warn_unused_result));
