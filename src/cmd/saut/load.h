/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Loads what a choice means: for the verbs load and reboot. */
#pragma once

#include "base/arena.h"
#include "cmd/saut/choice.h"

/* Says on standard output what is loaded; *ret_kernel is the path of its kernel, in the arena. */
bool load_choice(const struct choice *choice, struct arena *arena, const char **ret_kernel,
	struct error *err) __attribute__((warn_unused_result));
