/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Loads what a choice means: for the verbs load and reboot. */
#pragma once

#include "cmd/saut/choice.h"
#include "system/system.h"

/*
 * Says on standard output what is loaded; *ret_kernel is the path of its kernel. It lives as long as
 * the system.
 */
bool load_choice(struct system *system, const struct choice *choice, const char **ret_kernel,
	struct error *err) __attribute__((warn_unused_result));
