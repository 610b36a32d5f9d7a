/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Whether something on this system would confirm a boot: our boot service, enabled for its init, by what was
 * written down before the jump and is still there behind it.
 */
#pragma once

#include "machine/init.h"

#define CONFIRMER "saut-confirm"

/* NULL: it is enabled; else why nothing would. */
const char *confirmer_obstacle(const struct source *source, enum init init, struct arena *arena);
