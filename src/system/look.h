/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * One look at a system: a source of its files in which each is read at most once, so that all that is
 * told of the system is of one moment. What only system calls tell is asked once as well.
 */
#pragma once

#include "machine/remember.h"
#include "sys/snapshot.h"

struct look {
	struct remembering memory; /* memory.source is what to read through */
	struct snapshot snapshot;
	struct arena arena;
};

/*
 * The running system for NULL, else a folder or an archive. The look is at one address from now on;
 * look_close is due after a success, and does nothing to a look that is all zeros.
 */
bool look_open(const char *root, struct look *ret, struct error *err)
	__attribute__((warn_unused_result));

void look_close(struct look *look);
