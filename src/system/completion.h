/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* systemd.special(7), boot-complete.target: others' checks of a boot are ordered before it. */
#pragma once

#include "machine/init.h"
#include "machine/source.h"

#define COMPLETION_TARGET "boot-complete.target"

/* Whether it is there, is not masked, and is reached now. */
bool completion_is_reached(const struct source *source, enum init init, struct arena *arena);
