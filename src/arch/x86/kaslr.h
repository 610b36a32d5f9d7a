/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Where a kernel lies, chosen at random: in virtual memory over the same slots as the kernel's own
 * decompressor does (Documentation/admin-guide/kernel-parameters.txt, "nokaslr"), in physical memory
 * over what the planner has free. Pure: randomness is handed in.
 */
#pragma once

#include "plan/plan.h"

/*
 * One of count numbers from 0, of which there may be 2^32; none is likelier than another by more
 * than 2^-32.
 */
uint64_t kaslr_pick(uint64_t random, uint64_t count);

struct kaslr_virtual {
	phys_t link;   /* where it was linked: the lowest slot */
	uint64_t size; /* what it needs in memory */
	uint64_t align;
};

/* How many slots there are between where it was linked and the end of the kernel's map; maybe 0. */
uint64_t kaslr_virtual_slots(const struct kaslr_virtual *want);

struct kaslr_physical {
	uint64_t size, align;
	phys_t floor; /* the lowest slot */
	phys_t last;  /* the highest address of its last byte */
};

/*
 * Picks a slot in free memory; false when there is none. The lowest and the top quarter of memory on each side
 * of 4 GiB are left out where enough slots remain: kexec_load is slow where it is given pages that lie where the
 * kernel shall go, and a fresh Linux takes them from the lowest free memory of a zone, one before 5.10 from its top.
 */
bool kaslr_pick_physical(
	const struct ranges *free, const struct kaslr_physical *want, uint64_t random, phys_t *ret);
