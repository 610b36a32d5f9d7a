/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Where the initrds lie: one behind the other in one piece, each in whole pages, with INITRD_GAP zeros in front of the
 * next, since the kernel's initramfs reader skips those between archives.
 */
#pragma once

#include "plan/plan.h"

struct initrds_request {
	phys_t floor; /* the lowest address that is liked */
	phys_t min;   /* the lowest that is allowed */
	phys_t last;  /* the highest allowed address of the last byte; 0 for no limit */
	const char *why;
};

/* Takes the room that all of them will lie in; empty where there are none. */
bool initrds_take_room(struct planner *planner, const struct initrds_request *want,
	struct range *ret, struct error *err) __attribute__((warn_unused_result));

/* The same, and adds their segments; the range ends with the last one's last byte. */
bool initrds_add(struct planner *planner, const struct initrds_request *want, struct range *ret,
	struct error *err) __attribute__((warn_unused_result));
