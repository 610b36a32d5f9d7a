/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Sizes of memory as people read them. */
#pragma once

#include "base/arena.h"

/* "512 bytes", "4.0 KiB", "1.5 TiB"; NULL when memory is out. */
const char *amount_text(uint64_t bytes, struct arena *arena);
