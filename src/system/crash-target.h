/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What is to be loaded for a panic where nobody says it: the kernel that runs, since its drivers are known to work on
 * this machine, and the initrd that the distribution's tools have made of it for a dump, where there is one.
 */
#pragma once

#include "system/by-path.h"
#include "system/system.h"

struct crash_target {
	const char *release; /* of the kernel; "": unknown */
	const char *kernel;
	const char *tools; /* who has made the initrd for a dump: "kdump-tools"; NULL: nobody has */
	const char *words; /* for its command line, behind what the running kernel was told */
	struct job_request job;
};

/*
 * Of the kernel that is wished for; NULL: of the running one. Everything lives in the system's arena. FAULT_NO_ENTRY where
 * the running kernel's file is not found; otherwise as entry_by_path.
 */
bool crash_target_find(struct system *system, const struct path_wish *wish,
	struct crash_target *ret, struct error *err) __attribute__((warn_unused_result));

/*
 * What loads it again, by the record of it (loaded_crash_find) that was believed. FAULT_NO_CRASH_KERNEL where that does
 * not say all.
 */
bool crash_target_again(struct system *system, const struct loading *of, struct job_request *ret,
	struct error *err) __attribute__((warn_unused_result));
