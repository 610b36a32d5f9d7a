/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A kernel by its path, which no boot entry has, as an entry: with the initrd that belongs to it by name. */
#pragma once

#include "system/system.h"

struct path_wish {
	const char *kernel;         /* absolute path */
	const char *const *initrds; /* instead of the one by its name; a single "-": none */
	size_t initrd_count;        /* 0: by its name */
	const char *initrd_by;      /* what is asked for initrds by, in the caller's words */
};

/*
 * Its command line is the running kernel's, that of a UKI its own. Everything lives in the system's arena;
 * what was decided is among its notes. FAULT_FILE_MISSING where the kernel is not there,
 * FAULT_ENTRY_REFUSED where its initrd cannot be found and it seems to need one.
 */
bool entry_by_path(struct system *system, const struct path_wish *wish, struct entry *ret,
	struct error *err) __attribute__((warn_unused_result));
