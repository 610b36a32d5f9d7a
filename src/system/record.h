/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Leaves the record of a reboot (service/record.h): for `saut reboot`, and for the boot services. */
#pragma once

#include "base/notes.h"
#include "service/record.h"

/*
 * For the next boot: this one ends now, by this way, and this kernel is jumped into, zeros: none is. Where
 * it was said before of this boot who decided the same, that stays. A record that cannot be left must not
 * keep the machine from rebooting: it is a note.
 */
void record_leave(
	const struct source *source, const struct reboot_record *record, struct notes *notes);

/* For saut status in this boot: why the boot service has nothing loaded; NULL: nothing is known against it. */
void record_plan(
	const struct source *source, const char *kernel, const char *reason, struct notes *notes);
