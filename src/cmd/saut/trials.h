/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The part of saut status that is about jumps that had to prove themselves. */
#pragma once

#include "cmd/json.h"
#include "system/system.h"

void trials_show(struct system *system);

/* As members of the open object. */
void trials_show_json(struct system *system, struct json *j);
