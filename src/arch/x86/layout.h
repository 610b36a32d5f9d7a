/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the ways into an x86-64 kernel share once it has its place: the initrds, the boot data, the
 * stub. It does not know which kind of kernel is entered.
 */
#pragma once

#include "boot/initrds.h"
#include "plan/plan.h"
#include "stub/abi.h"

/* A kernel that is placed. */
struct x86_layout {
	struct range kernel; /* all that it uses before it has page tables of its own */
	phys_t entry;
	enum stub_mode mode; /* in which it is entered, with the zero page in rsi or esi */
	bool randomised;     /* its address is random: it then randomises more of its memory */
	phys_t initrd_floor; /* the lowest address that is liked for the initrds */
	const char *initrd_why;
};

/* The highest address that this kernel reaches before it has its own page tables. */
phys_t x86_last_reachable(const struct bzimage *kernel, enum stub_mode mode);

/* Where the initrds may lie beside it. */
struct initrds_request x86_initrds(const struct planner *planner, const struct x86_layout *layout);

/* Places and adds everything behind the kernel's own segments. */
bool x86_lay_out_rest(struct planner *planner, const struct x86_layout *layout, struct error *err)
	__attribute__((warn_unused_result));
