/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Where the time of a reboot went: stamps of two boots and of the stub between them, put onto one axis. The CPU's
 * counter goes on across a jump, and is what the boots have in common where it can be relied on; else it is the wall
 * clock, which is as exact as the machine's battery clock. What is not known stays unknown, with the reason.
 */
#pragma once

#include "base/notes.h"
#include "report/kernel-times.h"
#include "report/moment.h"

/* What there is to make one of. */
struct timeline_stamps {
	/* Of the boot that ended. */
	struct stamp recorded[MOMENTS_RECORDED];

	/* Of the stub: ticks of the CPU's counter. */
	bool has_stub, is_verified; /* not verified: it was told not to */
	uint64_t entered, verified, left;

	/* Of the boot that began: by all of its clocks, early in it and now; either may be unknown. */
	struct stamp early, now;
	uint64_t told_khz; /* of the counter, as the kernel says it; 0: it does not */
	struct own_time init, root, system, finished;
};

enum timeline_clock {
	TIMELINE_NONE,      /* it is not known */
	TIMELINE_OWN,       /* by the clock of its own boot */
	TIMELINE_COUNTER,   /* by the CPU's counter */
	TIMELINE_WALL_CLOCK /* across two boots, by a clock of whole seconds perhaps */
};

struct timeline_moment {
	enum timeline_clock clock;
	uint64_t us; /* from the first moment of the timeline that is known */
};

struct timeline {
	struct timeline_moment moments[MOMENTS];
	bool is_joined;     /* both boots lie on one axis; else each begins at 0 */
	uint64_t khz;       /* of the CPU's counter; 0: not known, or not to be relied on */
	struct notes notes; /* clocks that do not agree */
};

struct timeline timeline_make(const struct timeline_stamps *stamps, struct arena *arena);

/* The known one before it, in time; false where it is the first. */
bool timeline_before(const struct timeline *t, enum moment moment, enum moment *ret);

/* From one to the other; false where either is not known, or they lie in boots that are not joined. */
bool timeline_between(const struct timeline *t, enum moment from, enum moment to, uint64_t *ret);

/* The first and the last that are known; false where none is. */
bool timeline_ends(const struct timeline *t, enum moment *ret_first, enum moment *ret_last);

/* The counter's frequency by two stamps of one boot; 0: they are too near to each other, or tell nothing. */
uint64_t timeline_khz_between(const struct stamp *a, const struct stamp *b);
