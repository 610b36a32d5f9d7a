/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Snapshot: the real sources of a Machine. The live system is the root folder plus what only system
 * calls tell; a captured machine is any other folder with the same files, or an archive of them.
 */
#pragma once

#include <stdbool.h>

#include "base/arena.h"
#include "base/error.h"
#include "machine/archive.h"

struct snapshot {
	struct source source; /* valid as long as the snapshot is, at the address where it is */
	int root_fd;          /* -1 for an archive */
	bool live;
	struct archive archive;
	struct arena arena; /* of the archive */
};

/* The live system for NULL, otherwise a folder or an archive. */
bool snapshot_open(const char *root, struct snapshot *ret, struct error *err)
	__attribute__((warn_unused_result));

void snapshot_close(struct snapshot *snapshot);
