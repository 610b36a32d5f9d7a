/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which boot this is: the running kernel makes up an id at its start. */
#pragma once

#include "base/arena.h"
#include "machine/source.h"

/* /proc/sys/kernel/random/boot_id, without the newline; "": it cannot be read, or memory is out. */
const char *boot_id_read(const struct source *source, struct arena *arena);
