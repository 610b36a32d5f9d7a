/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Leaves the record of a reboot for the next boot: for `saut reboot`, and for the boot services. */
#pragma once

#include "base/notes.h"
#include "service/record.h"

/*
 * Of now and of this boot, which source tells. kernel and reason may be NULL. A record that cannot be
 * left must not keep the machine from rebooting: it is a note.
 */
void record_leave(const struct source *source, enum reboot_way way, const char *kernel,
	const char *reason, struct notes *notes);
