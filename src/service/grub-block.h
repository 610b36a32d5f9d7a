/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* GRUB's environment block: 1024 bytes in which a variable is set or taken away. */
#pragma once

#include <stdbool.h>

#include "base/bytes.h"
#include "base/error.h"

enum { GRUB_BLOCK_SIZE = 1024 };

/*
 * The block with NAME=VALUE in place of what NAME was; without it for a value of NULL. False where these
 * bytes are no such block, the value cannot stand in one, or there is no room.
 */
bool grub_block_set(struct view block, const char *name, const char *value,
	uint8_t ret[static GRUB_BLOCK_SIZE], struct error *err) __attribute__((warn_unused_result));
