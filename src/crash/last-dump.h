/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The newest of the folders in which kdump-tools (Debian, Ubuntu), kdump-utils (Fedora, RHEL) and SUSE's kdump keep what
 * a panic has left, by the time in its name.
 */
#pragma once

#include "machine/source.h"

struct dump {
	const char *folder;     /* "/var/crash/202611271830"; NULL: there is none */
	const char *when;       /* "2026-11-27 18:30", as its name says */
	const char *core, *log; /* names in it; NULL: it has none */
	bool is_partial;        /* its core or its log was not finished */
	const char *panic;      /* the line of the log that says why; NULL: there is none */
};

/* FAULT_FILE_UNREADABLE and its kin where it cannot be told. */
bool dump_find_last(const struct source *source, struct arena *arena, struct dump *ret,
	struct error *err) __attribute__((warn_unused_result));
