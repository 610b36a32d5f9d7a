/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Which entry, or kernel by its path, a choice means, and the job that it is, with what is wanted changed: for the verbs
 * that load one, and for the one that tells what a load would do.
 */
#pragma once

#include "cmd/saut/choice.h"
#include "system/system.h"

struct entry_job {
	const struct entry *entry;
	bool is_bare; /* a kernel without an entry, and with the initrds that were given */
	struct job_request request;
};

/* The entries are read in any case, and their notes are due even after a failure. */
bool entry_job_find(struct system *system, const struct choice *choice, struct entries *ret_entries,
	struct entry_job *ret, struct error *err) __attribute__((warn_unused_result));

/* Changes the request's command line and, of an entry, its initrds as the choice says. */
bool entry_job_change(struct system *system, const struct choice *choice, struct entry_job *job,
	struct error *err) __attribute__((warn_unused_result));

/* A kernel that is no entry's, with nothing but what is said of it. */
struct bare_kernel {
	const char *path;
	const char *command_line; /* NULL: the running kernel's */
	const char *const *initrds;
	size_t initrd_count;
};

struct job_request bare_kernel_request(
	const struct system *system, const struct bare_kernel *kernel);

/* Whether one of them boots the kernel of this path. */
bool entries_have_kernel(const struct entries *entries, const char *path);

/* A path that was given from this folder, as one from the root; NULL when memory is out. */
const char *path_from_anywhere(const char *path, struct arena *arena);
