/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What a kernel said last before it panicked, where the machine keeps that: pstore, or what
 * systemd-pstore.service(8) has made of it.
 */
#pragma once

#include <stdint.h>

#include "base/arena.h"
#include "machine/source.h"

/*
 * The line that names a panic, of no earlier than since, seconds since 1970, where that can be told;
 * NULL: nothing was kept.
 */
const char *panic_message_find(const struct source *source, uint64_t since, struct arena *arena);
