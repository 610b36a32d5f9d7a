/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The first sentence of saut status and of the boot services' status: what the next reboot will be. */
#pragma once

#include "cmd/json.h"
#include "system/foretell.h"

/* In a sentence, with a line for each file behind it. */
void foretold_show(
	const struct system *system, const struct foretold *foretold, struct arena *arena);

/* As a member of the open object. */
void foretold_show_json(const struct foretold *foretold, struct json *j);

/* By the exit code: FAULT_NOT_BY_KEXEC where it goes through the firmware, or that is not known. */
bool foretold_is_by_kexec(const struct foretold *foretold, struct error *err)
	__attribute__((warn_unused_result));
