/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How the commands speak: errors with a hint, notes; always on standard error. */
#pragma once

#include "base/error.h"
#include "base/notes.h"

enum { MESSAGE_TEXT_MAX = 1024 };

/* These say all that they are given with the names of the command (cmd/field-names.h). */

/* PROGRAM: cannot ATTEMPT: reason, then the hint. Nothing of an answer that was given already. */
void message_error(const struct error *err);

/* The same in parts, for programs: what a person would read; "" where there is none. */
struct message_parts {
	char attempt[ERROR_ATTEMPT_MAX], reason[MESSAGE_TEXT_MAX], hint[MESSAGE_TEXT_MAX];
};

void message_take_apart(const struct error *err, struct message_parts *ret);

/* PROGRAM: note: ... */
void message_note(const char *format, ...) __attribute__((format(printf, 1, 2)));
void message_notes(const struct notes *notes);

/* The same words for what is not printed here: in the place of the core's. */
void message_spell(struct error *err);

/* The same of any text, NULL where that is; the text as it is where memory is out. */
const char *message_spelled(const char *text, struct arena *arena);

/* Text in the user's language, in the arena; as it is where there is no translation. NULL: memory is out. */
const char *message_in_language(const char *text, struct arena *arena);

/*
 * To begin with: on_sigbus is for a mapped file that shrinks while it is read, and calls message_sigbus.
 * A reader of our output who has had enough (head, true) does not end us: what was begun is done.
 */
void message_begin(void (*on_sigbus)(int signal));

/* In a signal handler: says why, and exits. Nothing was handed to the kernel by then. */
__attribute__((noreturn)) void message_sigbus(int code);

/* At the end: whether all that was printed has come through, or nobody was there to read it. */
bool message_end(struct error *err) __attribute__((warn_unused_result));

/*
 * The same in the midst of an act that has succeeded already, or is going to: what did not come through
 * is a note, and forgotten.
 */
void message_flush(void);
