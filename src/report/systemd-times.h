/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* When a boot under systemd came how far, by what `systemctl show` prints: lines NAME=VALUE, a blank one between units. */
#pragma once

#include "report/kernel-times.h"

struct systemd_times {
	struct own_time initrd;   /* its systemd ran in the initrd */
	struct own_time system;   /* that of the root file system */
	struct own_time finished; /* all jobs of the boot were done */
};

/* Of the manager's properties, by CLOCK_MONOTONIC. What is 0 has not happened. */
struct systemd_times systemd_times_parse(struct view manager);

/* The units that took longest from being started to being active; of those that were up by until, 0: all. */
struct longest systemd_units_parse(struct view units, uint64_t until, struct arena *arena);
