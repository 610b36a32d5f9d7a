/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The disk below the root file system, through partitions, encryption and volumes, by sysfs. */
#pragma once

#include "entry/ground/places.h"

/* Its name: "sda"; NULL: it cannot be told. Of several disks the first. */
const char *disk_of_root(
	const struct source *source, struct arena *arena, const struct places *places);

/* The machine's one disk; NULL: there are several, or it cannot be told. */
const char *disk_only(const struct source *source, struct arena *arena);

/* The name of one of its partitions: "sda1", "nvme0n1p1". NULL when memory is out. */
const char *disk_partition(const char *disk, unsigned number, struct arena *arena);

/* Whether a device of this name is mounted. */
bool disk_is_mounted(const struct source *source, struct arena *arena, const struct places *places,
	const char *device);
