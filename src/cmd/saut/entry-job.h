/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Which entry, or kernel by its path, a choice means, and the job that it is, with what is wanted changed: for the verbs
 * that load one, and for those that tell what a load would do or what is wrong with it.
 */
#pragma once

#include "cmd/saut/choice.h"
#include "system/system.h"

struct entry_job {
	const struct entry *entry; /* NULL: a kernel's file with nothing but what is said of it */
	bool is_bare; /* a kernel without an entry, and with the initrds that were given */
	struct job_request request;
};

/* Where it wants any the entries are read, and their notes are due even after a failure. */
bool entry_job_find(struct system *system, const struct choice *choice, struct entries *ret_entries,
	struct entry_job *ret, struct error *err) __attribute__((warn_unused_result));

/* A path that was given from this folder, as one from the root; NULL when memory is out. */
const char *path_from_anywhere(const char *path, struct arena *arena);
