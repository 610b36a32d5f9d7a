/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What saut crash status and last tell: what is ready for a panic, whether it would fit, and what the last one left. */
#pragma once

#include "crash/crash-facts.h"
#include "crash/last-dump.h"
#include "crash/needs.h"
#include "system/system.h"

struct crash_seen {
	struct crash_facts facts;
	struct dump last;
	struct loaded loaded; /* for a panic */
	bool has_machine;     /* else why not is in machine_unknown */
	const char *machine_unknown;
	struct ranges reserved; /* as the running kernel lists it */
	uint64_t ram;           /* bytes; 0: unknown */
	const char
		*kernel; /* of which needs tells: what is loaded, or would be; NULL: see unfound */
	const char *unfound; /* why it is not known */
	struct crash_needs needs;
	uint64_t usual, recommended; /* bytes to reserve; 0: nothing is known to be usual */
};

/* Whether there is less than is needed; unknown where one of both is. */
enum answer crash_seen_fits(const struct crash_seen *seen);

/* All of it; everything lives in the system's arena. False only where what decides cannot be read. */
bool crash_look(struct system *system, struct crash_seen *ret, struct error *err)
	__attribute__((warn_unused_result));

void crash_show_status(const struct crash_seen *seen, struct arena *arena);
void crash_show_last(const struct crash_seen *seen, struct arena *arena);
void crash_show_json(const struct crash_seen *seen);
