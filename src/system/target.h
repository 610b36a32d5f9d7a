/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a boot service is to load: settings → choice → a job that can be prepared. */
#pragma once

#include "jump/options.h"
#include "service/choose.h"
#include "system/system.h"

/* Everything lives in the system's arena; the files are there until the system is freed. */
struct target {
	struct service_choice choice;
	struct entries entries; /* where the boot loader was asked */
	const char *title, *kernel;
	const char *release;          /* of the kernel; "": unknown */
	struct kexec_options options; /* of KEXEC_OPT_ARGS */
	const char *initrds[PLAN_INITRDS_MAX];
	struct job_request job;
	uint64_t kept_ready; /* of its files, by jump/ready.h: as far as somebody has looked */
};

/*
 * The kernel, its initrds and its command line, by the settings that the system was looked at with.
 * The target is at one address from now on. What was decided on the way is in the system's notes.
 */
bool target_find(struct system *system, struct target *ret, struct error *err)
	__attribute__((warn_unused_result));

/* Whether the files are there and the kernel is one: what can be told without planning. */
bool target_check(struct system *system, const struct target *target, struct error *err)
	__attribute__((warn_unused_result));
