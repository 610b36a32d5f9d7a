/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which keys are in the kernel's own keyrings, which only a system call tells: keyctl(2). */
#pragma once

#include "base/arena.h"

/*
 * A line for each keyring in /proc/keys whose name begins with a dot: its name and the numbers of what is
 * in it, as /proc/keys has them. NULL where one of them cannot be read, or memory is out.
 */
char *keyrings_text(struct arena *arena);
