/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What a crash kernel that kexec_load loads is given of the kernel that will be dead: core headers over its
 * memory, and the memory that it may use itself, which is what was reserved for it. How it is told of both
 * is its CPU's matter.
 */
#pragma once

#include "plan/plan.h"
#include "stub/abi.h"

struct crash_core_request {
	/*
	 * Memory that the crash kernel takes although it was the dead one's, so that its contents are moved
	 * into the reserved memory before; size 0: none.
	 */
	struct range taken;
	phys_t last; /* the highest address of the last byte of the headers; 0 for no limit */
};

/* Contents that somebody has to move before the crash kernel starts. */
struct crash_move {
	struct range from;
	phys_t to;
};

struct crash_core {
	struct range headers;
	const struct crash_move *moves;
	size_t move_count;
	struct ranges
		regions; /* all that was reserved, the main piece first, without what is lent */
	struct ranges
		usable; /* what was reserved, without what must stay as it is in there; normalised */
};

/* As the stub moves them; FAULT_MACHINE_UNSUPPORTED where they are too many for it. */
bool crash_core_copies(const struct crash_core *core, struct stub_copy copies[STUB_COPIES_MAX],
	uint32_t *ret_count, struct error *err) __attribute__((warn_unused_result));

/*
 * Places and adds the segments. Faults: those of elf_core_make and place, and FAULT_MACHINE_UNREADABLE where
 * the running kernel does not tell what the headers are made of.
 */
bool crash_core_add(struct planner *planner, const struct crash_core_request *want,
	struct crash_core *ret, struct error *err) __attribute__((warn_unused_result));
