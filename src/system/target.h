/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a boot service is to load: settings → choice → a job that can be prepared. */
#pragma once

#include "jump/options.h"
#include "system/entries.h"
#include "service/choose.h"

struct service_target {
	struct arena arena;
	struct notes notes;
	struct service_settings settings;
	struct service_choice choice;
	struct mounts mounts;        /* what is not mounted is, for us alone */
	struct snapshot snapshot;    /* of the system with these mounts */
	struct system_entries found; /* where the boot loader was asked */
	bool has_found;
	const char *title, *kernel;
	struct kexec_options options; /* of KEXEC_OPT_ARGS */
	const char *initrds[PLAN_INITRDS_MAX];
	struct job_request job;
};

/* Only the settings; the target is at one address from now on. Free it even after a failure. */
bool service_target_read(struct service_target *ret, const struct source *source,
	const struct service_request *request, struct error *err)
	__attribute__((warn_unused_result));

/* The kernel, its initrds and its command line; their files are there until the target is freed. */
bool service_target_find(struct service_target *target, struct error *err)
	__attribute__((warn_unused_result));

/* Whether the files are there and the kernel is one: what can be told without planning. */
bool service_target_check(struct service_target *target, struct error *err)
	__attribute__((warn_unused_result));

void service_target_free(struct service_target *target);
