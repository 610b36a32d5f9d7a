/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* An initrd of the old kind: a file system, which Linux copies to /dev/ram0 (CONFIG_BLK_DEV_RAM). */
#pragma once

#include "base/bytes.h"

/* It begins no later than in so many bytes. */
enum { INITRD_RAM_DISK_HEAD = 2048 };

/*
 * Which file system it is, by more than two bytes that an archive may begin with as well; NULL: none that is known.
 * Of one that is packed, what comes out of it is asked.
 */
const char *initrd_ram_disk(struct view file);
