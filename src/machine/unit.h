/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The files of systemd's units, in the order in which systemd looks: systemd.unit(5), "Unit File Load Path". */
#pragma once

#include "machine/source.h"

enum unit_file {
	UNIT_ABSENT,
	/* By a link to /dev/null or an empty file; or the file cannot be read, and nothing can be counted on. */
	UNIT_MASKED,
	UNIT_THERE,
};

/* unit: its name, "saut-confirm.service". */
enum unit_file unit_look(const struct source *source, const char *unit, struct arena *arena);

/* Whether the target wants the unit: there is a link in a folder of its wants. */
bool unit_is_wanted(
	const struct source *source, const char *unit, const char *target, struct arena *arena);
