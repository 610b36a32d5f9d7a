/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The drivers of what the running system has its root on, by the names of their modules: of the file system,
 * and of each device from the partition up to the bus, through device mapper and RAID.
 */
#pragma once

#include "machine/source.h"

enum { ROOT_DRIVERS_MAX = 32 };

struct root_drivers {
	const char *file_system;             /* its type; NULL: the root is not known */
	const char *names[ROOT_DRIVERS_MAX]; /* without those that are built in now */
	size_t count;
	bool is_whole; /* false: the way to the device could not be followed to its end */
};

/* False where something is there and cannot be read. */
bool root_drivers_find(const struct source *source, struct arena *arena, struct root_drivers *ret,
	struct error *err) __attribute__((warn_unused_result));
