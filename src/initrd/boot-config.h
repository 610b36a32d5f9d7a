/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What may stand behind an initrd's archives for the kernel itself: a boot configuration, as tools/bootconfig
 * appends it (Documentation/admin-guide/bootconfig.rst).
 */
#pragma once

#include <stdbool.h>

#include "base/bytes.h"

struct initrd_boot_config {
	struct view text;
	bool is_whole; /* its checksum is right: Linux takes no other */
};

/* False where it has none. Linux looks for it behind the last initrd alone. */
bool initrd_boot_config_find(struct view file, struct initrd_boot_config *ret);

/* What stands before it; all of a file that has none. */
struct view initrd_without_boot_config(struct view file);
