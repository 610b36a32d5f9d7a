/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How a crash kernel on x86 is told which memory it has, and where the dead kernel's is. */
#pragma once

#include "arch/x86/x86-stub.h"
#include "plan/plan.h"

struct x86_crash {
	struct machine
		machine;  /* as the crash kernel is told of it: with the memory that it may use */
	const char *line; /* behind its command line */
	struct stub_copy copies[STUB_COPIES_MAX];
	uint32_t copy_count;
};

/* FAULT_CRASH_NOT_LINUX for a kernel that is not told as Linux is. */
bool x86_crash_check(const struct planner *planner, struct error *err)
	__attribute__((warn_unused_result));

/* Adds what it needs; call it when the kernel has its place. */
bool x86_crash_add(struct planner *planner, phys_t last, struct x86_crash *ret, struct error *err)
	__attribute__((warn_unused_result));
