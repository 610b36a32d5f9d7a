/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The parameter by which a boot knows that it was jumped into on trial: plan/come-back-parameters.h adds it. */
#pragma once

#include "base/arena.h"
#include "machine/source.h"

#define TRIAL_PARAMETER "saut.trial"

/* Its value on the running kernel's command line; "": there is none, or memory is out. */
const char *trial_parameter_read(const struct source *source, struct arena *arena);
