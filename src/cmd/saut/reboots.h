/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The part of saut status that is about reboots: the next one, and the one that led here. */
#pragma once

#include "cmd/json.h"
#include "system/system.h"

void reboots_show(const struct system *system);

/* As members of the open object. */
void reboots_show_json(const struct system *system, struct json *j);
