/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the next reboot will be that somebody asks the init for: decided here for the boot service, which
 * performs it, and for whoever only wants to know.
 */
#pragma once

#include "system/system.h"

enum next_way {
	NEXT_UNKNOWN,
	NEXT_FIRMWARE,
	NEXT_JUMP, /* into what is loaded */
	NEXT_LOAD, /* what the settings mean is loaded in the shutdown, and jumped into */
};

struct next_reboot {
	enum next_way way;
	const char *
		reason; /* why through the firmware, or why it is not known; NULL with the others */
	bool is_kernels;  /* the reason is that the running kernel cannot load anything */
	bool is_unloaded; /* the reason is that nothing is loaded, nor will be */
};

/* A switch of all that reboots or loads by itself, or a setting of this service; NULL: nothing. */
const char *next_switched_off(const struct system *system);

/*
 * What the boot service is to do, by what is switched off, set and loaded. comes_by: it loads in the
 * shutdown where it is to; else what is loaded already is all that there will be.
 */
struct next_reboot next_decide(const struct system *system, bool comes_by);

/* The same, and whether the init of this system has the service come by, and jumps at the end. */
struct next_reboot next_find(struct system *system);
