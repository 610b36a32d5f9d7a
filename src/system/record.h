/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Leaves the record of a reboot (service/record.h): for `saut reboot`, and for the boot services. */
#pragma once

#include "base/notes.h"
#include "service/record.h"

/*
 * For the next boot: this one ends now, by this way, and this kernel is jumped into, zeros: none is. Where
 * it was said before of this boot who decided the same, that stays, and so do moments of it that are written down. A record that cannot be left must not
 * keep the machine from rebooting: it is a note.
 */
void record_leave(
	const struct source *source, const struct reboot_record *record, struct notes *notes);

/* This moment, by every clock. */
struct stamp record_stamp(void);

/*
 * A moment of the reboot that is under way, into the record that is there: where there is none any more, since file
 * systems are unmounted, or none can be written, it stays unknown. It is on the disk once that is synchronised.
 */
void record_moment(const struct source *source, enum moment moment);

/* For saut status in this boot: why the boot service has nothing loaded; NULL: nothing is known against it. */
void record_plan(
	const struct source *source, const char *kernel, const char *reason, struct notes *notes);
