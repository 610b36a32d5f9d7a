/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The next reboot, told beforehand: the decision by which it will be made (system/next.h), into what, and
 * whether what is only loaded in the shutdown could be loaded now.
 */
#pragma once

#include "system/next.h"
#include "system/target.h"

struct foretold {
	struct next_reboot next;
	const char *step;  /* what lets it go by kexec; NULL: none is known */
	bool has_kernel;   /* it is known which one is jumped into */
	struct loading of; /* by and when: of what is loaded already */
	uint64_t
		kept_ready; /* bytes on the disk that are loaded instead of its files; 0: not known */
	uint64_t
		begins; /* when the reboot that waits begins, in seconds since 1970; 0: none waits */
};

/*
 * Finds what the boot service would load, and asks all that can refuse that; nothing is loaded. The target is at one
 * address from now on.
 */
bool foretell_rehearse(struct system *system, struct target *ret, struct error *err)
	__attribute__((warn_unused_result));

/* What such a target is, for people: in the arena, and by nobody yet. */
struct loading foretell_target(const struct target *target, struct arena *arena);

/*
 * Of a system that was looked at with a service's settings. Nothing is changed; what was decided on the way
 * is in the system's notes.
 */
struct foretold foretell(struct system *system);
