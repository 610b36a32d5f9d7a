/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * When things happened in a boot, as its kernel's log tells it: lines "MICROSECONDS MESSAGE" from the kernel's start
 * on. What has fallen out of the log is not known.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"

/* A time of a boot in its own clock. */
struct own_time {
	bool is_known;
	uint64_t us;
};

/* What took long: a call of the kernel's start or the probe of a device. */
struct long_one {
	const char *name;
	uint64_t us;
	uint64_t begun_us; /* of its boot's clock */
};

enum { LONGEST = 10 };

/* The longest first. */
struct longest {
	struct long_one items[LONGEST];
	size_t count;
};

/* Takes its place in *longest, or none; a name of somebody else's memory stays there. */
void longest_add(struct longest *longest, struct long_one one);

struct kernel_times {
	struct own_time init;
	struct own_time root;     /* the device of the root file system is mounted */
	bool has_beginning;       /* the log reaches back to the kernel's first message */
	struct longest initcalls; /* with initcall_debug on its command line alone */
	struct longest probes;
};

/* root: the kernel's name of the device that is the root file system, such as "vda1"; "": not known. */
struct kernel_times kernel_times_parse(struct view log, const char *root, struct arena *arena);
