/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How the commands speak: errors with a hint, notes; always on standard error. */
#pragma once

#include "base/error.h"
#include "base/notes.h"

/* PROGRAM: cannot ATTEMPT: reason, then the hint. */
void message_error(const struct error *err);

/* PROGRAM: note: ... */
void message_note(const char *format, ...) __attribute__((format(printf, 1, 2)));
void message_notes(const struct notes *notes);

/*
 * A mapped file that shrinks ends the reading program by SIGBUS: from now on with the message that
 * it deserves. Nothing was handed to the kernel by then, so nothing is lost.
 */
void message_on_sigbus(void);
