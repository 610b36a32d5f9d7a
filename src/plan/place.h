/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Placement: finds room in the planner's free memory, bottom-up and first fit, and keeps what was
 * given out disjoint. Contiguous is fast: for each page that kexec_load is given and that lies where something
 * is to go, it walks a list.
 */
#pragma once

#include "plan/plan.h"

struct placement {
	const char *name; /* for the error */
	uint64_t size;    /* bytes; rounded up to whole pages */
	uint64_t align;   /* power of two; 0 for a page */
	phys_t floor;     /* the lowest address that is liked; lower is taken rather than nothing */
	phys_t min;       /* the lowest that is allowed */
	phys_t last;      /* the highest allowed address of its last byte; 0 for no limit */
	bool is_low;      /* from 64 to 640 KiB, where real mode reaches */
};

/* The memory in which anything may be placed at first; lowest is the lowest address that is. */
bool place_begin(struct planner *planner, phys_t lowest, struct error *err)
	__attribute__((warn_unused_result));

/* What it is when there is no room: FAULT_FIT_MEMORY, of a crash kernel's memory FAULT_FIT_CRASH_MEMORY. */
enum fault place_fault(const struct request *request);

/* Reserves room. Its fault names the size wanted and the largest hole. */
bool place(struct planner *planner, const struct placement *want, struct range *ret,
	struct error *err) __attribute__((warn_unused_result));

/* Reserves this very range if it is free as a whole; false, and no error, if it is not. */
bool place_at(struct planner *planner, struct taken wanted);

/* Reserves the last free page below 640 KiB; false, and no error, where there is none. */
bool place_last_low(struct planner *planner, struct range *ret);

/* Adds a segment over a range that was given out. FAULT_FIT_SEGMENTS past the kernel's limit. */
bool place_segment(struct planner *planner, struct segment segment, struct error *err)
	__attribute__((warn_unused_result));
