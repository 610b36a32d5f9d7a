/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Partitions that say by their type that a boot loader reads them: UAPI.2, "Discoverable Partitions
 * Specification". A build without libblkid finds none.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

enum partition_use { PARTITION_XBOOTLDR, PARTITION_ESP, PARTITION_USES };

/* The first one of each use by its number, from 1, in the table of a disk or of a disk's image; 0: none. */
void partitions_find(const char *disk, unsigned ret[static PARTITION_USES]);

/* The path of the device that fstab(5) calls by a tag ("UUID=..."). False: there is none, or room for it. */
bool partitions_device(const char *tag, size_t room, char *ret);
