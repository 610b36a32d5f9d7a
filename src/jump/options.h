/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The options of kexec(8), in any order: what kexec-tools takes, and what it means together. Only
 * the command line is known here, not the system.
 */
#pragma once

#include "base/arena.h"
#include "jump/job.h"

enum kexec_action {
	ACTION_LOAD,
	ACTION_EXEC,          /* what is loaded already */
	ACTION_LOAD_AND_EXEC, /* at once, without shutdown */
	ACTION_REBOOT,        /* load, then shutdown -r now */
	ACTION_SHUTDOWN,      /* shutdown -r now, into what is loaded already */
	ACTION_UNLOAD,
	ACTION_STATUS,
	ACTION_CRASH_MEMORY, /* print its size */
	ACTION_HELP,
	ACTION_VERSION,
};

enum { OPTION_REMARKS_MAX = 16, OPTION_UNREAD_MAX = 16 };

/* An option that was accepted and does nothing. */
struct option_remark {
	const char *name, *why;
};

struct kexec_options {
	enum kexec_action action;
	struct job_request job;
	bool debug, explain;
	bool status_of_normal; /* -S with -l: not the crash kernel's */
	bool no_ifdown, no_sync;
	struct option_remark remarks[OPTION_REMARKS_MAX];
	size_t remark_count;
	const char *unread[OPTION_UNREAD_MAX]; /* words behind the kernel, which mean nothing */
	size_t unread_count;                   /* of all of them */
	const char *initrds[PLAN_INITRDS_MAX];
	const char *modules[PLAN_MODULES_MAX];
};

/* By argv[0] as kexec-lite takes it, or as kexec does. FAULT_USAGE says what does not go together. */
bool options_parse(int argc, char **argv, struct kexec_options *ret, struct error *err)
	__attribute__((warn_unused_result));

/* The words that nobody reads, between blanks; NULL when memory is out. */
const char *options_unread(const struct kexec_options *options, struct arena *arena);

/* The options as `kexec --help` lists them, one per line. */
void options_describe(void (*line)(const char *names, const char *help));
