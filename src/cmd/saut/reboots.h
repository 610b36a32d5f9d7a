/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The part of saut status that is about reboots: the next one, and the one that led here. */
#pragma once

#include "cmd/json.h"
#include "system/foretell.h"

void reboots_show(struct system *system, const struct foretold *foretold);

/* As members of the open object. */
void reboots_show_json(
	const struct system *system, const struct foretold *foretold, struct json *j);

/* One of these as such a member; NULL: null. */
void reboots_show_json_record(const char *name, const struct reboot_record *record, struct json *j);
