/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Who is logged in, by logind's sessions (elogind has the same) and by utmp(5). */
#pragma once

#include "base/arena.h"
#include "machine/source.h"

/* Whether anybody is; what cannot be read tells nothing. */
bool is_somebody_logged_in(const struct source *source, struct arena *arena);
